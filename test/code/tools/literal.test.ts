import { expect, test } from 'vitest'
import { dbMigrateCalls } from '../../../src/systems/db-migrate/calls.ts'
import { knexCalls } from '../../../src/systems/knex/calls.ts'
import { kyselyCalls } from '../../../src/systems/kysely/calls.ts'
import { mikroOrmCalls } from '../../../src/systems/mikro-orm/calls.ts'
import { nodePgMigrateCalls } from '../../../src/systems/node-pg-migrate/calls.ts'
import { sequelizeCalls } from '../../../src/systems/sequelize/calls.ts'
import { typeormCalls } from '../../../src/systems/typeorm/calls.ts'
import { sent } from '../kit/sent.ts'

// Literal SQL of each tool: the SQL that is sent, and the reports about the rest.

test('TypeORM: queryRunner.query', async () => {
  const code = `import { MigrationInterface, QueryRunner } from 'typeorm'
const table = 'orders'
export class A1700000000000 implements MigrationInterface {
  public async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(\`DROP TABLE "\${table}"\`)
    await this.index(queryRunner, 'a')
    await queryRunner.other()
  }
  private async index(runner: QueryRunner, name: string) { await runner.query('DROP INDEX ' + name) }
  public async down(queryRunner: QueryRunner) { return queryRunner.query('SELECT 1', []) }
}`
  expect(await sent(typeormCalls, code)).toEqual({
    sql: ['DROP TABLE "orders"', 'DROP INDEX a'],
    unread: ['queryRunner.other(): `other` of queryRunner is not read yet'],
    doubts: [],
  })
  expect((await sent(typeormCalls, code, 'down')).sql).toEqual(['SELECT 1'])
})

test('MikroORM: this.addSql', async () => {
  const code = `'use strict';
const { Migration } = require('@mikro-orm/migrations');
class M extends Migration {
  async up() {
    this.addSql('alter table "a" add column "b" int;');
    for (const each of ['x', 'y']) this.addSql(\`drop table \${each}\`);
  }
}
exports.M = M;`
  expect((await sent(mikroOrmCalls, code)).sql).toEqual([
    'alter table "a" add column "b" int;',
    'drop table x',
    'drop table y',
  ])
})

test('db-migrate: db.runSql, with callbacks, promises and lists of functions', async () => {
  const code = `const async = require('async')
exports.up = function (db, callback) {
  db.runSql('SELECT 1', function (err) {
    if (err) return callback(err)
    db.runSql('SELECT 2', [], callback)
  })
  return db.runSql('SELECT 3').then(() => db.runSql('SELECT 4')).then(function () {
    async.series([db.runSql.bind(db, 'SELECT 5'), next => db.runSql('SELECT 6', next)], callback)
  })
}`
  expect((await sent(dbMigrateCalls, code)).sql).toEqual([1, 2, 3, 4, 5, 6].map(n => `SELECT ${n}`))
})

test('Sequelize: sequelize.query, in a transaction and beside it', async () => {
  const code = `module.exports = {
  async up(queryInterface, Sequelize) {
    await queryInterface.sequelize.transaction(async transaction => {
      await queryInterface.sequelize.query('UPDATE a SET b = :b', { transaction, replacements: { b: "it's" } })
    })
    return Promise.all([queryInterface.sequelize.query('SELECT 1'), queryInterface.other()])
  },
}`
  expect(await sent(sequelizeCalls, code)).toEqual({
    sql: ["UPDATE a SET b = 'it''s'", 'SELECT 1'],
    unread: ['queryInterface.other(): `other` of queryInterface is not read yet'],
    doubts: [],
  })
})

test('node-pg-migrate: pgm.sql', async () => {
  const code = `export const up = pgm => {
  pgm.noTransaction()
  pgm.sql('DROP TABLE {name}', { name: 'a"b' })
}
export const down = false`
  expect(await sent(nodePgMigrateCalls(), code)).toEqual({ sql: ['DROP TABLE "a""b"'], unread: [], doubts: [] })
})

test('Knex: raw, if the program waits for it', async () => {
  const code = `exports.up = async function (knex) {
  await knex.raw('DROP TABLE ??', ['s.t'])
  await knex.schema.raw("SELECT '?' \\\\? 'a'")
  knex.raw('SELECT 1')
  if (await knex.schema.hasTable('a')) await knex.raw('SELECT 2')
  if (knex.client.config.client === 'pg') await knex.raw('SELECT ?', [3])
  return knex.batchInsert('t', [])
}`
  expect(await sent(knexCalls, code)).toMatchObject({
    sql: ['DROP TABLE "s"."t"', "SELECT '?' ? 'a'", 'SELECT 2', 'SELECT 3'],
    unread: ["knex.batchInsert('t', []): `batchInsert` of knex is not read yet"],
    doubts: ["(await knex.schema.hasTable('a')): it depends on the content of the database"],
  })
})

test('Kysely: sql`…`.execute(db)', async () => {
  const code = `import { sql, Kysely } from 'kysely'
export async function up(db: Kysely<any>): Promise<void> {
  const of = sql.table('s.t')
  await sql\`alter table \${of} add column \${sql.ref('a')} text default \${sql.lit('q')}\`.execute(db)
  await sql\`update t set a = \${1}\`.execute(db)
  await db.mergeInto('x').execute()
}`
  expect(await sent(kyselyCalls, code)).toMatchObject({
    sql: [`alter table "s"."t" add column "a" text default 'q'`, 'update t set a = $1'],
    unread: ["db.mergeInto('x'): `mergeInto` of db is not read yet"],
  })
})
