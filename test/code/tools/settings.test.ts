import { describe, expect, test } from 'vitest'
import { snakeCase } from '../../../src/code/spelling/snake-case.ts'
import { lintTree, mapTree } from '../../../src/index.ts'
import { coverage } from '../../../src/lint/unread.ts'
import { knexReader } from '../../../src/systems/knex/calls.ts'
import { mikroOrmCalls } from '../../../src/systems/mikro-orm/calls.ts'
import { typeormReader } from '../../../src/systems/typeorm/calls.ts'
import { sent } from '../kit/sent.ts'

// Settings of a project outside of its migrations that change their SQL.

/** The SQL of the findings, and how much was read. */
async function read(files: Readonly<Record<string, string>>) {
  const report = await lintTree(mapTree(files))
  const { read, readInPart } = coverage(report)
  const whys = report.findings.filter(({ rule }) => rule === 'opaque-sql').map(({ message }) => message)
  return { sql: report.findings.map(({ sql }) => sql ?? ''), read, readInPart, whys: whys.join('\n') }
}

describe('Knex', () => {
  const drop = "exports.up = knex => knex.schema.alterTable('orderItems', t => { t.dropColumn('unitPrice2') })"
  const files = (setup: Readonly<Record<string, string>>, code = drop) => ({
    'package.json': '{"dependencies":{"knex":"3.1.0","pg":"8","objection":"3"}}',
    'migrations/20260101000000_a.js': code,
    ...setup,
  })

  test('knexSnakeCaseMappers changes names', async () => {
    const knexfile = "module.exports = { client: 'pg', ...knexSnakeCaseMappers() }"
    const { sql, read: count } = await read(files({ 'knexfile.js': knexfile }))
    expect(sql).toContain('alter table "order_items" drop column "unit_price2"')
    expect(count).toBe(1)
  })

  test.each([
    ['knexfile.js', "module.exports = { client: 'pg', wrapIdentifier: (name, wrap) => wrap(my(name)) }"],
    [
      'src/db/index.ts',
      "import knex from 'knex'\nexport default knex({ ...knexSnakeCaseMappers({ upperCase: true }) })",
    ],
  ])('an unknown change of names is reported once: %s', async (path, text) => {
    const twice = `${drop.slice(0, -1)}).dropTable('x')`.replace(') })).dropTable', ') }).dropTable')
    const { readInPart, whys } = await read(files({ [path]: text }, twice))
    expect(readInPart).toBe(1)
    expect(whys.split(`\`wrapIdentifier\` in ${path} changes names`)).toHaveLength(2)
  })

  test('a setting that is commented out does not count', async () => {
    const { sql } = await read(
      files({ 'knexfile.js': "module.exports = { client: 'pg',\n  // wrapIdentifier: snake,\n}" }),
    )
    expect(sql).toContain('alter table "orderItems" drop column "unitPrice2"')
  })

  test('defaultDateTimePrecision', async () => {
    const code =
      "exports.up = knex => knex.schema.createTable('t', t => { t.timestamp('a'); t.datetime('b', { precision: 1 }) })"
    const { sql } = await sent(knexReader({ dateTimePrecision: 3 }), code)
    expect(sql).toEqual(['create table "t" ("a" timestamptz(3), "b" timestamptz(1))'])
    const { sql: other, unread } = await sent(knexReader({ dateTimePrecision: 'unknown' }), code)
    expect(other).toEqual(['create table "t" ("b" timestamptz(1))'])
    expect(unread).toHaveLength(1)
  })
})

describe('TypeORM', () => {
  const make = `await queryRunner.createTable(new Table({ name: 't', columns: [{ name: 'id', type: 'uuid', isPrimary: true, isGenerated: true, generationStrategy: 'uuid' }] }))`
  const code = `import { Table } from 'typeorm'
export class A1700000000001 { async up(queryRunner) { ${make} } async down() {} }`

  test('a naming strategy may make other names, which is reported once, and only for files with such names', async () => {
    const files = {
      'package.json': '{"dependencies":{"typeorm":"0.3.20","pg":"8"}}',
      'src/data-source.ts':
        "import { DataSource } from 'typeorm'\nnew DataSource({ type: 'postgres', namingStrategy: new SnakeNamingStrategy() })",
      'src/migrations/1700000000001-A.ts': code,
      'src/migrations/1700000000002-B.ts': `export class B1700000000002 { async up(queryRunner) { await queryRunner.query('DROP TABLE x') } }`,
    }
    const { read: count, readInPart, whys } = await read(files)
    expect([count, readInPart]).toEqual([1, 1])
    expect(whys).toContain('the naming strategy in src/data-source.ts may make other names')
  })

  test('uuidExtension', async () => {
    const { sql } = await sent(typeormReader({ uuid: 'gen_random_uuid()' }), code)
    expect(sql[0]).toContain('DEFAULT gen_random_uuid()')
  })
})

test.each([
  ['userId', 'user_id'],
  ['userID2x', 'user_id2x'],
  ['HTTPServer', 'httpserver'],
  ['Ünïcode', 'ünïcode'],
  ['a_B', 'a__b'],
  ['', ''],
])('%s is %s', (name, wanted) => {
  expect(snakeCase(name)).toBe(wanted)
})

describe('a condition on the database', () => {
  test.each([
    ["process.env.DB === 'mysql'", false],
    ["process.env.DB_TYPE !== 'mysql'", true],
    ["'postgres' === WIKI.config.db.type", true],
    ['WIKI.config.db.type === `mysql` || WIKI.config.db.type === `mariadb`', false],
    ["knex.client.config.client === 'pg'", true],
    ["['mysql2', 'sqlite3'].includes(process.env.DB_CLIENT)", false],
  ])('%s', async (condition, isTrue) => {
    const code = `exports.up = async knex => { if (${condition}) { await knex.raw('SELECT 1') } else { await knex.raw('SELECT 2') } }`
    const { sql, unread, doubts } = await sent(knexReader(), code)
    expect({ sql, unread, doubts }).toEqual({ sql: [isTrue ? 'SELECT 1' : 'SELECT 2'], unread: [], doubts: [] })
  })

  test('switch', async () => {
    const code = `exports.up = async knex => { switch (WIKI.config.db.type) {
      case 'mysql': await knex.raw('SELECT 1'); break
      case 'postgres': await knex.raw('SELECT 2'); break
      default: await knex.raw('SELECT 3') } }`
    expect(await sent(knexReader(), code)).toEqual({ sql: ['SELECT 2'], unread: [], doubts: [] })
  })

  test.each([
    "(await knex('a').first()).type === 'mysql'",
    "process.env.NODE_ENV === 'mysql'",
    "process.env.DB === 'production'",
  ])('no such condition: %s', async condition => {
    const code = `exports.up = async knex => { if (${condition}) { await knex.raw('SELECT 1') } }`
    const { sql, unread, doubts } = await sent(knexReader(), code)
    expect([...unread, ...doubts].length + (sql.includes('SELECT 1') ? 1 : 0)).toBeGreaterThan(0)
  })
})

test('MikroORM sends what was added after the migration, and executes at once', async () => {
  const code = `export class A1 extends Migration { async up() {
    this.addSql('SELECT 1'); await this.execute('SELECT 2'); if (process.env.X) this.addSql('SELECT 3') } }`
  expect((await sent(mikroOrmCalls, code)).sql).toEqual(['SELECT 2', 'SELECT 1', 'SELECT 3'])
})

test('a file without `up` is not a migration of Kysely', async () => {
  const { read: count, readInPart } = await read({
    'package.json': '{"dependencies":{"kysely":"0.28.0","pg":"8"}}',
    'migrations/20260101_a.ts':
      "import { sql } from 'kysely'\nexport async function up(db) { await sql`SELECT 1`.execute(db) }",
    'migrations/index.ts': "import { Migrator } from 'kysely'\nexport * from './20260101_a'",
  })
  expect([count, readInPart]).toEqual([1, 0])
})
