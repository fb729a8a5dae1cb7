import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { dbMigrateCalls } from '../../../src/systems/db-migrate/calls.ts'
import { sent } from '../kit/sent.ts'

test('the read SQL is what a server logged', async () => {
  const file = (end: string) =>
    readFileSync(new URL(`recorded/db-migrate/20200101000000-a.${end}`, import.meta.url), 'utf8')
  const read = await sent(dbMigrateCalls, file('js'), 'up', '20200101000000-a.js')
  expect(read).toMatchObject({ unread: [], doubts: [] })
  expect(read.sql.map(oneLine)).toEqual(file('sql').trim().split('\n').map(oneLine))
})

function oneLine(sql: string): string {
  return sql.replace(/\s+/g, ' ').trim()
}

test('types of `setup`, values of runSql, and unknown values', async () => {
  const code = `let type
exports.setup = function (options, seedLink) { type = options.dbmigrate.dataType }
exports.up = async function (db) {
  await db.addColumn('a', 'b', { type: type.STRING, length: 5, defaultValue: { special: 'CURRENT_TIMESTAMP' } })
  await db.runSql('UPDATE a SET b = ? WHERE c = ?', ['x', 1])
  await db.addColumn('a', 'b', { type: 'int', notNull: process.env.X })
  await db.addColumn('a', 'b', { type: 'int', defaultValue: null })
  await db.update('a', {}, 1)
}`
  expect(await sent(dbMigrateCalls, code)).toEqual({
    sql: ['ALTER TABLE "a" ADD COLUMN "b" VARCHAR (5) DEFAULT CURRENT_TIMESTAMP ', 'UPDATE a SET b = $1 WHERE c = $2'],
    unread: [
      expect.stringMatching(/^process\.env\.X: /),
      'null: db-migrate refuses this default',
      "db.update('a', {}, 1): `update` of db is not read yet",
    ],
    doubts: [],
  })
})
