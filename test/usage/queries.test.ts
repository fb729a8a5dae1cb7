import { describe, expect, test } from 'vitest'
import { column, relation, said } from './kit/said.ts'

describe('sentences that mention a table are not SQL', () => {
  for (const text of [
    'console.log("Failed to patch cycle from cycle store")',
    "throw new Error('Failed to update cycle from the project store, select another')",
    'return `Update cycle and set its status`',
    '{"error": "Only admins can join cycle on this day"}',
    "t('Select a cycle from cycle')",
  ]) {
    test(text, () => expect(said(relation('cycle'), { 'a.ts': text })).not.toMatch(/^used/))
  }
})

test.each([
  'db.query("select id from cycle")',
  'db.query("EXISTS (SELECT 1 FROM cycle)")',
  "joins('LEFT JOIN cycle ON cycle.id = a.id')",
  'q(`\n  with x as (select 1) update cycle set a = 1`)',
  'sql.push(` FROM cycle WHERE id = $1`)',
])('SQL that reads or writes a table: %s', text => {
  expect(said(relation('cycle'), { 'a.ts': text })).toMatch(/^used/)
})

describe('SQL', () => {
  for (const [what, path, text] of [
    ['in a text', 'a.ts', 'db.query(`SELECT id, note FROM orders`)'],
    ['with an alias', 'a.py', 'q = "SELECT o.note FROM orders AS o JOIN users u ON true"'],
    ['with a schema and quotes', 'a.go', 'q := `UPDATE "public"."orders" SET "note" = $1`'],
    ['of a file', 'queries/orders.sql', '-- name: Get :one\nSELECT note FROM orders;'],
    ['of MyBatis', 'mapper.xml', '<select id="a">SELECT note FROM orders</select>'],
    ['as an INSERT', 'a.rs', 'sqlx::query("INSERT INTO orders (id, note) VALUES ($1, $2)")'],
    ['of a query builder', 'a.js', "knex('orders').where('note', 'x').select()"],
    ['of supabase', 'a.ts', "supabase.from('orders').select('id, note')"],
    ['of Kysely', 'a.ts', "db.insertInto('orders').values({ id: 1, note: 'x' })"],
    ['as a qualified name', 'a.ts', "q.leftJoin('users', 'users.id', 'orders.note')"],
  ] as const) {
    test(what, () => expect(said(column('orders', 'note'), { [path]: text })).toMatch(/^used/))
  }
})
