import { expect, test } from 'vitest'
import { knex } from '../../src/systems/knex/knex.ts'
import { mapTree } from '../../src/systems/reading/tree.ts'

const options = { transaction: () => 'unknown' as const }
const code =
  'exports.up = knex => knex.schema.createTable("t", () => {})\nexports.down = knex => knex.schema.dropTable("t")\n'
const files = {
  'db/m/20260102000000_b.js': code,
  'db/m/20260101000000_a.ts': code,
  'db/m/a.d.ts': code,
  'db/m/x.sql': '',
}
const facts = (more: Record<string, string>) =>
  knex
    .migrations(mapTree({ ...files, ...more }), 'db/m', options)
    .migrations.map(({ id, execution }) => [id, execution.inTransaction, execution.spansFiles])

test('migrations are ordered by file name, in one transaction, or each in its own if one opts out', () => {
  expect(facts({})).toEqual([
    ['20260101000000_a.ts', true, true],
    ['20260102000000_b.js', true, true],
  ])
  expect(facts({ 'db/m/20260103000000_c.js': `${code}exports.config = { transaction: false };\n` })).toEqual([
    ['20260101000000_a.ts', true, false],
    ['20260102000000_b.js', true, false],
    ['20260103000000_c.js', false, false],
  ])
  for (const own of [
    `${code}export const config = { transaction: false }\n`,
    `${code}export const config: Config = { transaction: false } as const\n`,
    'module.exports = { up: knex => knex.raw("SELECT 1"), down: knex => {}, config: { transaction: false } }\n',
  ])
    expect(facts({ 'db/m/20260103000000_c.ts': own })[2], own).toEqual(['20260103000000_c.ts', false, false])
  expect(facts({ 'knexfile.js': 'module.exports = { migrations: { disableTransactions: true } }' })[0]).toEqual([
    '20260101000000_a.ts',
    false,
    false,
  ])
})

test('an opt-out applies to all pending migrations, which is reported if others have none', () => {
  const out = `${code}exports.config = { transaction: false }\n`
  const remarks = (more: Record<string, string>) =>
    knex.migrations(mapTree(more), 'm', options).migrations.flatMap(({ path, content, remarks: of }) => {
      const text = new TextDecoder().decode(content)
      return (of?.(text) ?? []).map(({ kind, at }) => [path, kind, text.slice(...at)])
    })
  const told = ['m/2_b.js', 'opt-out-for-all', 'transaction: false']
  expect(remarks({ 'm/1_a.js': code, 'm/2_b.js': out })).toEqual([told])
  expect(remarks({ 'm/1_a.js': out, 'm/2_b.js': out })).toEqual([])
  const never = 'module.exports = { migrations: { disableTransactions: true } }'
  expect(remarks({ 'm/1_a.js': code, 'm/2_b.js': out, 'knexfile.js': never })).toEqual([])
  const sql = out.replace('knex.schema.createTable("t", () => {})', 'knex.raw(fs.readFileSync(__dirname + "/up.sql"))')
  const stub = `const fs = require("fs")\n${sql.replace('knex.schema.dropTable("t")', '{}')}`
  expect(remarks({ 'm/1_a.js': code, 'm/2_b.js': stub, 'm/up.sql': '\nSELECT 1;\n' })).toEqual([told])
})

test('a migration that runs a file is a program that loads it: it may do more than that', () => {
  const stub =
    'const fs = require("fs")\nexports.up = knex => knex.raw(fs.readFileSync(__dirname + "/sql/up.sql", "utf8"))\nexports.down = knex => knex.raw(fs.readFileSync(path.join(__dirname, "sql", "down.sql"), "utf8"))\n'
  const tree = mapTree({
    'm/1_a.js': stub,
    'm/sql/up.sql': 'SELECT 1;',
    'm/sql/down.sql': 'SELECT 2;',
    'm/2_b.js': `${stub}${code}`.replaceAll('down.sql', 'none.sql'),
  })
  expect(
    knex
      .migrations(tree, 'm', options)
      .migrations.map(({ id, path, downPath, opaque }) => [id, path, downPath, opaque]),
  ).toEqual([
    ['1_a.js', 'm/1_a.js', undefined, 'it is written in JavaScript'],
    ['2_b.js', 'm/2_b.js', undefined, 'it is written in JavaScript'],
  ])
})

test('is recognised by the knexfile, or by the parameters of its modules', () => {
  const config = (client: string) =>
    `module.exports = {\n  development: {\n    client: '${client}',\n    migrations: {\n      tableName: 'x',\n      directory: path.join(__dirname, 'db', 'm'),\n    },\n    seeds: { directory: './seeds' },\n  },\n}\n`
  const found = { directory: 'db/m', sign: 'file', because: 'knexfile.js' }
  expect(knex.detect(mapTree({ ...files, 'knexfile.js': config('pg') }), '')).toEqual(found)
  expect(knex.detect(mapTree({ ...files, 'knexfile.js': config('better-sqlite3') }), '')).toEqual({
    ...found,
    dialect: 'sqlite',
  })
  expect(knex.detect(mapTree(files), 'db/m')).toMatchObject({ directory: 'db/m', sign: 'marker' })
  const manifest = { 'package.json': '{ "dependencies": { "knex": "3", "mysql2": "3" } }' }
  expect(knex.detect(mapTree({ ...files, ...manifest }), 'db/m')).toMatchObject({ dialect: 'mysql' })
})

test('is recognised by its functions in files of any name if package.json has knex', () => {
  const up = 'exports.up = knex => knex.schema.dropTable("a")'
  const drivers = '{ "dependencies": { "knex": "0.21.7", "mysql2": "3", "pg": "8", "sqlite3": "5" } }'
  const wiki = {
    'package.json': drivers,
    'server/db/migrations/2.0.0.js': `/* global WIKI */\n\n${up}`,
    'server/db/migrations-sqlite/2.0.0.js': up,
  }
  const folder = 'server/db/migrations'
  expect(knex.detect(mapTree(wiki), folder)).toEqual({
    directory: folder,
    sign: 'marker',
    because: `knex in ${folder}/2.0.0.js`,
  })
  expect(knex.detect(mapTree(wiki), `${folder}-sqlite`)).toMatchObject({ dialect: 'sqlite' })
  expect(knex.detect(mapTree({ ...wiki, 'package.json': '{}' }), folder)).toBeNull()
})
