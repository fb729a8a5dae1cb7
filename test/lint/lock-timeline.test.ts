import { describe, expect, test } from 'vitest'
import { lint, type Migration } from '../../src/index.ts'
import type { SqlMigration } from '../../src/migration/migration.ts'

const tables =
  'CREATE TABLE orders (id bigint PRIMARY KEY, note text); CREATE TABLE users (id bigint PRIMARY KEY, name text);'
const base: Migration = { path: '0.sql', content: tables }
const wrapped = { execution: { inTransaction: true, singleMessage: false, spansFiles: false } }
const alone = { execution: { inTransaction: false, singleMessage: false, spansFiles: false } }

/** The bars of a migration that comes after the tables: `orders ShareLock 0-2`. */
async function bars(content: string, how: Partial<SqlMigration> = alone): Promise<string[]> {
  const { timelines } = await lint({
    migrations: [base, { path: '1.sql', content, ...how }],
    report: p => p === '1.sql',
  })
  expect(timelines.map(({ path }) => path)).toEqual(['1.sql'])
  return timelines.flatMap(({ locks }) =>
    locks.map(({ relation, mode, from, to, before, work }) =>
      [
        relation,
        mode,
        `${from}-${to}`,
        ...(before ? ['before'] : []),
        ...work.map(w => `${w.work}@${w.statement}`),
      ].join(' '),
    ),
  )
}

describe('a lock lasts', () => {
  test('as long as its statement, without a transaction', async () => {
    expect(await bars('SELECT 1; ALTER TABLE orders ADD COLUMN a int; SELECT 2;')).toEqual([
      'orders AccessExclusiveLock 1-1',
    ])
  })

  test('to the end of the transaction', async () => {
    const sql = 'BEGIN; ALTER TABLE orders ADD COLUMN a int; SELECT 1; COMMIT; SELECT 2;'
    expect(await bars(sql)).toEqual(['orders AccessExclusiveLock 1-3'])
    expect(await bars('ALTER TABLE orders ADD COLUMN a int; SELECT 1;', wrapped)).toEqual([
      'orders AccessExclusiveLock 0-1',
    ])
  })

  test('until it is taken more strongly', async () => {
    const sql = 'CREATE INDEX i ON orders (note); SELECT 1; ALTER TABLE orders ADD COLUMN a int; SELECT 2;'
    expect(await bars(sql, wrapped)).toEqual(['orders ShareLock 0-1 build@0', 'orders AccessExclusiveLock 2-3'])
  })

  test('until it is given back to a savepoint', async () => {
    const sql =
      'BEGIN; SAVEPOINT s; ALTER TABLE orders ADD COLUMN a int; ROLLBACK TO s; ALTER TABLE users ADD COLUMN a int; COMMIT;'
    expect(await bars(sql)).toEqual(['orders AccessExclusiveLock 2-3', 'users AccessExclusiveLock 4-5'])
  })

  test("and any statement's work under it is shown", async () => {
    const sql = 'ALTER TABLE orders ADD COLUMN a int; CREATE INDEX i ON orders (note);'
    expect(await bars(sql, wrapped)).toEqual(['orders AccessExclusiveLock 0-1 build@1'])
  })

  test('under the name that the relation had first', async () => {
    const sql = 'ALTER TABLE orders RENAME TO sales; CREATE INDEX i ON sales (note);'
    expect(await bars(sql, alone)).toEqual(['orders AccessExclusiveLock 0-0', 'orders ShareLock 1-1 build@1'])
  })
})

test('a lock from earlier in the transaction is there from the start', async () => {
  const shared = { execution: { inTransaction: true, singleMessage: false, spansFiles: true } }
  const { timelines } = await lint({
    migrations: [
      base,
      { path: '1.sql', content: 'ALTER TABLE orders ADD COLUMN a int;', ...shared },
      { path: '2.sql', content: 'SELECT 1; SELECT 2;', ...shared },
    ],
    report: path => path === '2.sql',
  })
  expect(timelines[0]?.locks).toEqual([
    { relation: 'orders', kind: 'table', mode: 'AccessExclusiveLock', from: 0, to: 1, before: true, work: [] },
  ])
  expect(timelines[0]?.statements.map(({ at }) => at)).toEqual([
    [0, 8],
    [10, 18],
  ])
})

test('a migration that locks nothing that others use has no locks, and the text of each statement is there', async () => {
  const { timelines, sources } = await lint({ migrations: [base] })
  expect(timelines.map(({ path, locks }) => [path, locks])).toEqual([['0.sql', []]])
  expect(sources.get('0.sql')?.text).toBe(tables)
})

test('a transaction of a thousand locks has a bar for each', async () => {
  const names = Array.from({ length: 1000 }, (_, i) => `t${i}`)
  const migrations = [
    { path: '0.sql', content: names.map(name => `CREATE TABLE ${name} (id int);`).join('\n') },
    { path: '1.sql', content: names.map(name => `ALTER TABLE ${name} ADD COLUMN a int;`).join('\n'), ...wrapped },
  ]
  const { timelines } = await lint({ migrations })
  expect(timelines[1]?.locks).toHaveLength(1000)
})
