import { describe, expect, test } from 'vitest'
import { lint } from '../../src/index.ts'
import { said } from '../usage/kit/said.ts'

/** The names for which code is searched, of one rule's findings: `view v`, `column t.c`. */
async function gone(rule: string, first: string, second: string): Promise<string[]> {
  const migrations = [
    { path: '1.sql', content: first },
    { path: '2.sql', content: second },
  ]
  const { findings } = await lint({ migrations })
  return findings
    .filter(finding => finding.rule === rule)
    .flatMap(({ removes = [] }) =>
      removes.map(
        ({ kind, of, name, movedTo, andMore }) =>
          `${kind} ${of === null ? '' : `${of}.`}${name}${movedTo ? ` to ${movedTo}` : ''}${andMore ? ' and more' : ''}`,
      ),
    )
}

describe('code is searched for what goes along', () => {
  test('with DROP TABLE … CASCADE: views', async () => {
    const made = 'CREATE TABLE orders (id int, total int);\nCREATE VIEW totals AS SELECT total FROM orders;'
    expect(await gone('drop-cascade', made, 'DROP TABLE orders CASCADE;')).toEqual(['view totals'])
    expect(await gone('drop-table', made, 'DROP TABLE orders CASCADE;')).toEqual(['table orders'])
  })

  test('with a foreign key, which no code names: that there is more', async () => {
    const made =
      'CREATE TABLE orders (id int PRIMARY KEY);\nCREATE TABLE items (id int REFERENCES orders);\nCREATE VIEW v AS SELECT id FROM orders;'
    expect(await gone('drop-cascade', made, 'DROP TABLE orders CASCADE;')).toEqual(['view v and more'])
  })

  test('with DROP COLUMN … CASCADE: views, and not the column', async () => {
    const made = 'CREATE TABLE orders (id int, total int);\nCREATE VIEW totals AS SELECT total FROM orders;'
    expect(await gone('drop-cascade', made, 'ALTER TABLE orders DROP COLUMN total CASCADE;')).toEqual(['view totals'])
  })

  test('with DROP TYPE … CASCADE: the columns of the type, and the type', async () => {
    const made = "CREATE TYPE state AS ENUM ('open');\nCREATE TABLE orders (id int, state state);"
    expect(await gone('drop-cascade', made, 'DROP TYPE state CASCADE;')).toEqual(['column orders.state', 'type state'])
  })

  test('with DROP SCHEMA … CASCADE: all that is in it, and the schema', async () => {
    const made =
      "CREATE SCHEMA shop;\nCREATE TABLE shop.orders (id int);\nCREATE VIEW shop.v AS SELECT id FROM shop.orders;\nCREATE TYPE shop.state AS ENUM ('a');\nCREATE TABLE other (id int);"
    const names = await gone('drop-schema', made, 'DROP SCHEMA shop CASCADE;')
    expect(names.map(name => name.replace(' and more', ''))).toEqual([
      'table orders',
      'view v',
      'type state',
      'schema shop',
    ])
  })

  test('with SET SCHEMA: the table under its old schema', async () => {
    const made = 'CREATE SCHEMA archive;\nCREATE TABLE orders (id int);'
    expect(await gone('set-schema', made, 'ALTER TABLE orders SET SCHEMA archive;')).toEqual([
      'table orders to archive',
    ])
  })
})

describe('a table that moves to another schema', () => {
  const moved = { kind: 'table', schema: 'public', of: null, name: 'orders', movedTo: 'archive', others: [] } as const

  test.each(['q(`SELECT 1 FROM orders`)', 'q(`SELECT 1 FROM public.orders`)', "pgTable('orders', {})"])(
    'is used by its old name: %s',
    text => expect(said(moved, { 'a.ts': text })).toBe('used a.ts:1'),
  )

  test.each([
    'q(`SELECT 1 FROM archive.orders`)',
    'q(`SELECT 1 FROM "archive"."orders"`)',
    "db.selectFrom('archive.orders')",
    "@Entity({ name: 'orders', schema: 'archive' })\nclass Order {}",
  ])('is not used where code has the new one: %s', text => expect(said(moved, { 'a.ts': text })).not.toMatch(/^used/))
})
