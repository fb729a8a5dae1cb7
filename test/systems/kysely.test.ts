import { expect, test } from 'vitest'
import { kysely } from '../../src/systems/kysely/kysely.ts'
import { mapTree } from '../../src/systems/reading/tree.ts'

const options = { transaction: () => 'unknown' as const }
const code =
  'import type { Kysely } from "kysely";\n\nexport async function up(db: Kysely<any>): Promise<void> {\n  await db.schema.createTable("t").execute();\n}\n'
const run = (files: Record<string, string>) => kysely.migrations(mapTree(files), 'migrations', options)

test('modules are ordered by file name, in one transaction; SQL beside them is not read', () => {
  const { migrations, asides } = run({
    'migrations/10_b.ts': code,
    'migrations/2_a.mjs': code,
    'migrations/3.sql': '',
    'migrations/x.d.ts': '',
  })
  expect(migrations.map(({ id, execution, opaque }) => [id, execution.spansFiles, opaque])).toEqual([
    ['10_b', true, 'it is written in TypeScript'],
    ['2_a', true, 'it is written in JavaScript'],
  ])
  expect(asides?.map(({ path, kind }) => [path, kind])).toEqual([['migrations/3.sql', 'never-runs']])
})

test('a module that exports no `up` is not a migration', () => {
  const { migrations } = run({
    'migrations/1.ts': code,
    'migrations/2.ts': 'const up = async db => {}\nexport { up }\n',
    'migrations/3.js': 'exports.up = async db => {}\n',
    'migrations/4.ts': 'export const up = (db: Kysely<any>) => db.schema.dropTable("t").execute()\n',
    'migrations/provider.ts':
      '// export async function up\nimport type { Kysely } from "kysely"\nexport class OwnProvider implements MigrationProvider {\n  up = async (db: Kysely<any>) => await this.own.up(db)\n}\n',
  })
  expect(migrations.map(({ id }) => id)).toEqual(['1', '2', '3', '4'])
})

test('a folder with only SQL is read as SQL', () => {
  const { migrations, asides } = run({
    'migrations/2.sql': 'SELECT 2;',
    'migrations/1.sql': 'SELECT 1;',
    'migrations/1.down.sql': '',
  })
  expect(migrations.map(({ path, opaque }) => [path, opaque])).toEqual([
    ['migrations/1.sql', undefined],
    ['migrations/2.sql', undefined],
  ])
  expect(asides).toEqual([])
})

test('the configuration may turn transactions off', () => {
  const files = {
    'migrations/1.ts': code,
    'kysely.config.ts': 'export default defineConfig({ migrations: { disableTransactions: true } })',
  }
  expect(run(files).migrations[0]?.execution).toEqual({ inTransaction: false, singleMessage: false, spansFiles: false })
})

test('is recognised by kysely.config.ts or its modules; the dialect or the driver names the database', () => {
  const config = (dialect: string) => ({
    'kysely.config.ts': `export default defineConfig({ dialect: new ${dialect}({}), migrations: { migrationFolder: "db/migrations" } })`,
  })
  const files = { 'db/migrations/1_a.ts': code }
  const found = { directory: 'db/migrations', sign: 'file', because: 'kysely.config.ts' }
  expect(kysely.detect(mapTree({ ...files, ...config('PostgresDialect') }), '')).toEqual(found)
  expect(kysely.detect(mapTree({ ...files, ...config('MysqlDialect') }), '')).toEqual({ ...found, dialect: 'mysql' })
  expect(kysely.detect(mapTree(files), 'db/migrations')).toMatchObject({ directory: 'db/migrations', sign: 'marker' })
  const manifest = { 'package.json': '{ "dependencies": { "kysely": "0.28", "better-sqlite3": "11" } }' }
  expect(kysely.detect(mapTree({ ...files, ...manifest }), 'db/migrations')).toMatchObject({ dialect: 'sqlite' })
})
