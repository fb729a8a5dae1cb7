import { expect, test } from 'vitest'
import { mapTree } from '../../src/systems/reading/tree.ts'
import { typeorm } from '../../src/systems/typeorm/typeorm.ts'

const options = { transaction: () => 'unknown' as const }
const code = (name: string, more = '') =>
  `import { MigrationInterface, QueryRunner } from "typeorm";\n\nexport class ${name} implements MigrationInterface {\n${more}\n  public async up(queryRunner: QueryRunner): Promise<void> {\n    await queryRunner.query(\`SELECT 1\`);\n  }\n}\n`

const files = {
  'package.json': '{ "dependencies": { "typeorm": "1", "pg": "8" } }',
  'src/migrations/1-b.ts': code('B1700000000002', '  transaction = false'),
  'src/migrations/2-a.ts': code('A1700000000001'),
  'src/migrations/3-c.ts': code('C', '  name = "C1700000000000"'),
  'src/migrations/index.ts': 'export * from "./1-b"',
}

test('migrations are ordered by the number at the end of the class; the data source has the mode', () => {
  const run = (source: string) =>
    typeorm
      .migrations(mapTree({ ...files, 'src/data-source.ts': source }), 'src/migrations', options)
      .migrations.map(({ id, execution }) => [id, execution.inTransaction, execution.spansFiles])
  expect(run('new DataSource({ type: "postgres" })')).toEqual([
    ['C1700000000000', true, true],
    ['A1700000000001', true, true],
    ['B1700000000002', true, true],
  ])
  expect(run('{ migrationsTransactionMode: "each" }')).toEqual([
    ['C1700000000000', true, false],
    ['A1700000000001', true, false],
    ['B1700000000002', false, false],
  ])
  expect(run("{ migrationsTransactionMode: 'none' }")[0]).toEqual(['C1700000000000', false, false])
})

test('is recognised by its classes; the data source or the driver names the database', () => {
  const detect = (more: Record<string, string>) => typeorm.detect(mapTree({ ...files, ...more }), 'src/migrations')
  const found = { directory: 'src/migrations', sign: 'marker', because: 'MigrationInterface in src/migrations/1-b.ts' }
  expect(detect({})).toEqual(found)
  expect(detect({ 'src/data-source.ts': 'new DataSource({ type: "mysql" })' })).toEqual({ ...found, dialect: 'mysql' })
  expect(detect({ 'ormconfig.json': '{ "type": "postgres" }' })).toEqual(found)
  expect(detect({ 'package.json': '{ "dependencies": { "typeorm": "1", "mysql2": "8" } }' })).toEqual({
    ...found,
    dialect: 'mysql',
  })
  expect(typeorm.detect(mapTree(files), 'src')).toBeNull()
})
