import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { nodePgMigrateCalls } from '../../../src/systems/node-pg-migrate/calls.ts'
import { sent } from '../kit/sent.ts'

const recorded = ['1700000000001_a', '1700000000002_b', '1700000000003_c']

test.each(recorded)('what a server logged for %s is what is read', async name => {
  const file = (end: string) =>
    readFileSync(new URL(`recorded/node-pg-migrate/${name}.${end}`, import.meta.url), 'utf8')
  const read = await sent(nodePgMigrateCalls(), file('cjs'), 'up', `${name}.cjs`)
  expect(read).toMatchObject({ unread: [], doubts: [] })
  expect(read.sql.map(oneLine)).toEqual(messagesOf(file('sql')).map(oneLine))
})

function oneLine(sql: string): string {
  return sql.replace(/\s+/g, ' ').trim().replace(/;$/, '')
}

/** Statements of one message are further in than the first one, as the tool writes them. */
function messagesOf(log: string): string[] {
  return log.split(/\n(?=\S)/)
}

test('names point to their arguments, and unknown parts are reported at their places', async () => {
  const code = `import { PgType } from 'node-pg-migrate'
import { other } from './other'
export const shorthands = { money: { type: 'numeric(10,2)', notNull: true } }
export async function up(pgm) {
  pgm.createTable({ schema: 's', name: 't' }, { id: 'id', price: 'money', at: { type: PgType.TIMESTAMP_WITH_TIME_ZONE, default: pgm.func('now()') } })
  pgm.createIndex('t', 'a', { unique: other })
  pgm.addColumn('t', { b: { type: other } })
  pgm.addColumn(other, { b: 'int' })
  pgm.addTypeValue('e', 'a', { before: 'b', after: 'c' })
  const { rows } = await pgm.db.query('SELECT 1')
  pgm.dropTable('t', undefined)
}`
  const { sql, unread } = await sent(nodePgMigrateCalls(), code)
  expect(sql.map(oneLine)).toEqual([
    'CREATE TABLE "s"."t" ( "id" serial PRIMARY KEY, "price" numeric(10,2) NOT NULL, "at" timestamp with time zone DEFAULT now() )',
    `ALTER TABLE "\${other}" ADD "b" integer`,
    'DROP TABLE "t"',
  ])
  expect(unread).toEqual([
    "pgm.createIndex('t', 'a', { unique: other }): it comes from another file",
    "pgm.addColumn('t', { b: { type: other } }): it comes from another file",
    "pgm.addColumn(other, { b: 'int' }): it comes from another file",
    "pgm.addTypeValue('e', 'a', { before: 'b', after: 'c' }): node-pg-migrate refuses `before` with `after`",
    "pgm.db.query('SELECT 1'): it runs while the tool builds the migration, before the rest",
  ])
})

test('names in camel case get underscores if the project says so, and shorthands of earlier files are unknown', async () => {
  const code = `exports.up = pgm => {
  pgm.renameColumn('userAccounts', 'myURLString', 'x1Y')
  pgm.addColumn('a', { b: 'cash' })
}`
  const { sql, unread } = await sent(
    nodePgMigrateCalls({ decamelize: true, isShorthand: type => type === 'cash' }),
    code,
  )
  expect(sql).toEqual(['ALTER TABLE "user_accounts" RENAME "my_url_string" TO "x1_y";'])
  expect(unread).toEqual(['cash: an earlier migration defines this type'])
})
