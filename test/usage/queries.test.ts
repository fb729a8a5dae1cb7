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

describe('a query builder with several tables', () => {
  const kysely = (column: string) =>
    `db.selectFrom('orders as o')\n  .leftJoin('drafts as d', join => join.onRef('o.id', '=', '${column}'))\n`

  test('names the column by the alias of its table', () => {
    expect(said(column('orders', 'team_id'), { 'a.ts': kysely('o.team_id') })).toBe('used a.ts:2')
  })

  test('names that of another table by the alias of the other', () => {
    expect(said(column('orders', 'team_id'), { 'a.ts': kysely('d.team_id') })).toBe('unknown')
  })

  test('leaves a bare name to any of them', () => {
    expect(said(column('orders', 'team_id'), { 'a.ts': kysely('team_id') })).toBe('unknown')
  })
})

describe('a qualified name in quotes', () => {
  test.each(["q.orderBy('public.orders.note')", "q.on('users.id = orders.note')", "sum('orders.note')"])(
    'is a column: %s',
    text => expect(said(column('orders', 'note'), { 'a.ts': text })).toBe('used a.ts:1'),
  )

  test.each([
    "t('project.empty.orders.note')",
    "t('orders.note')",
    '<T i18nKey="orders.note" />',
    "t('orders.note.title')",
    'const a = orders.note',
    "import a from './orders.note'",
  ])('is another path: %s', text => {
    expect(said(column('orders', 'note'), { 'a.tsx': text })).not.toMatch(/^used/)
  })
})
