import { expect, test } from 'vitest'
import { mikroOrm } from '../../src/systems/mikro-orm/mikro-orm.ts'
import { mapTree } from '../../src/systems/reading/tree.ts'

const options = { transaction: () => 'unknown' as const }
const code = (name: string, more = '') =>
  `import { Migration } from '@mikro-orm/migrations';\n\nexport class ${name} extends Migration {\n${more}\n  override async up(): Promise<void> {\n    this.addSql('select 1;');\n  }\n}\n`

const files = {
  'src/migrations/Migration20260102000000.ts': code(
    'Migration20260102000000',
    '  override isTransactional(): boolean {\n    return false;\n  }',
  ),
  'src/migrations/Migration20260101000000.ts': code('Migration20260101000000'),
  'src/migrations/.snapshot-shop.json': '{}',
}

test('migrations are ordered by file name, with opt-outs, and with the configuration', () => {
  const run = (config: string) =>
    mikroOrm
      .migrations(mapTree({ ...files, 'mikro-orm.config.ts': config }), 'src/migrations', options)
      .migrations.map(({ id, execution }) => [id, execution.inTransaction, execution.spansFiles])
  expect(run('')).toEqual([
    ['Migration20260101000000', true, true],
    ['Migration20260102000000', false, false],
  ])
  expect(run('migrations: { allOrNothing: false }')[0]).toEqual(['Migration20260101000000', true, false])
  expect(run('migrations: { transactional: false }')[0]).toEqual(['Migration20260101000000', false, false])
})

test('is recognised by its classes; the configuration or the packages name the database', () => {
  const detect = (more: Record<string, string>) => mikroOrm.detect(mapTree({ ...files, ...more }), 'src/migrations')
  expect(detect({})).toEqual({
    directory: 'src/migrations',
    sign: 'marker',
    because: 'Migration of @mikro-orm/migrations in src/migrations/Migration20260101000000.ts',
  })
  expect(detect({ 'src/mikro-orm.config.ts': "import { defineConfig } from '@mikro-orm/mysql'" })).toMatchObject({
    dialect: 'mysql',
  })
  expect(
    detect({ 'package.json': '{ "dependencies": { "@mikro-orm/postgresql": "6", "@mikro-orm/sqlite": "6" } }' }),
  ).not.toHaveProperty('dialect')
})
