import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { typeormCalls } from '../../../src/systems/typeorm/calls.ts'
import { sent } from '../kit/sent.ts'

const recorded = (name: string) => readFileSync(new URL(`recorded/${name}`, import.meta.url), 'utf8')
const oneSpace = (sql: string) => sql.replace(/\s+/g, ' ').trim()
const inUp = (code: string) =>
  `import { Table, TableColumn, TableIndex } from 'typeorm'
export class A1700000000000 { async up(q) { ${code} } }`

test('the statements that a server logged, one by one', async () => {
  const lines = recorded('typeorm.sql')
    .split('\n')
    .filter(line => line !== '' && !line.startsWith('--'))
    // It asks for the table itself: nothing is sent if it is there.
    .map(line => line.replace('CREATE TABLE "users"', 'CREATE TABLE IF NOT EXISTS "users"'))
  const read = await sent(typeormCalls, recorded('typeorm.js'))
  expect(read.sql.map(oneSpace)).toEqual(lines.map(oneSpace))
  expect(read.unread).toEqual([])
})

test('changeColumn drops a column of another type and adds it again', async () => {
  const varchar = "new TableColumn({ name: 'a', type: 'varchar', isNullable: true })"
  const text = "new TableColumn({ name: 'a', type: 'text', isNullable: true })"
  expect(await sent(typeormCalls, inUp(`await q.changeColumn('s.t', ${varchar}, ${text})`))).toEqual({
    sql: ['ALTER TABLE "s"."t" DROP COLUMN "a"', 'ALTER TABLE "s"."t" ADD "a" text'],
    unread: [],
    doubts: [],
  })
})

test('changeColumn with only a name may do so, because the database has the column', async () => {
  const code = "await q.changeColumn('t', 'a', new TableColumn({ name: 'a', type: 'text' }))"
  expect(await sent(typeormCalls, inUp(code))).toMatchObject({
    sql: ['ALTER TABLE "t" DROP COLUMN "a"', 'ALTER TABLE "t" ADD "a" text NOT NULL'],
    unread: ['changeColumn: it compares the column with the database, and may drop and add it again'],
  })
})

test('unknown parts are reported at their places', async () => {
  const code = `const name = process.env.NAME
    await q.createTable(new Table({ name, columns: [{ name: 'id', type: 'int' }] }))
    await q.addColumn('t', new TableColumn({ name: 'a', type: process.env.TYPE }))
    await q.createIndex('t', new TableIndex({ columnNames: names() }))
    await q.addColumn('t', new TableColumn({ name: 'k', type: 'int', isPrimary: true }))
    await q.dropPrimaryKey('t')`
  const { sql, unread } = await sent(typeormCalls, inUp(code))
  expect(sql).toEqual([expect.stringMatching(/^CREATE TABLE "\$\{NAME\}" \("id" int NOT NULL\)$/)])
  expect(unread).toHaveLength(5)
})

test('tables, columns and schemas are dropped and renamed', async () => {
  const code = `await q.dropColumns('t', ['a', new TableColumn({ name: 'b', type: 'int' })])
    await q.dropTable('s.t', true)
    await q.createSchema('s', true)
    await q.dropSchema('s', true, true)
    await q.clearTable('t', { cascade: true })
    await q.dropIndex('t', new TableIndex({ columnNames: ['a'], isConcurrent: true, name: 'i' }))
    await q.renameColumn('t', 'a', 'b')
    await q.renameTable('s.t', 'u')`
  const { sql, unread } = await sent(typeormCalls, inUp(code))
  expect(sql).toEqual([
    'ALTER TABLE "t" DROP COLUMN "a"',
    'ALTER TABLE "t" DROP COLUMN "b"',
    'DROP TABLE IF EXISTS "s"."t"',
    'CREATE SCHEMA IF NOT EXISTS "s"',
    'DROP SCHEMA IF EXISTS "s" CASCADE',
    'TRUNCATE TABLE "t" CASCADE',
    'DROP INDEX CONCURRENTLY "public"."i"',
    'ALTER TABLE "t" RENAME COLUMN "a" TO "b"',
    'ALTER TABLE "s"."t" RENAME TO "u"',
  ])
  expect(unread.map(each => each.split(':')[0])).toEqual(['renameColumn', 'renameTable'])
})
