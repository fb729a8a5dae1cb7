import { PGlite } from '@electric-sql/pglite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  advice,
  buffersOfRounds,
  change,
  changes,
  column,
  costs,
  type Database,
  fill,
  filled,
  keys,
  size,
} from './kit/batches.ts'

let pglite: PGlite
beforeAll(async () => {
  pglite = await PGlite.create()
})
afterAll(() => pglite.close())

const database: Database = {
  run: sql => pglite.exec(sql),
  rows: async <T>(sql: string) => (await pglite.query<T>(sql)).rows,
}

describe('R6: the last batch costs as much as the first', () => {
  test.each([
    ...keys.map(each => [...each, '17'] as const),
    ['no key, before TID range scans', 'id bigint, a int', 'g, g', '13'] as const,
  ])('filled by %s', async (_, columns, values, version) => {
    const { rounds, left } = await fill(database, columns, values, version)
    expect(left).toBe(0)
    expect(rounds.length).toBeGreaterThan(50)
    const { first, last } = costs(rounds)
    expect(last).toBeLessThan(first * 2)
  })

  test.each(changes)('a whole-table %s', async (...statement) => {
    const { rounds, left } = await change(database, statement, '17')
    expect(left).toBe(0)
    expect(rounds).toHaveLength(size / 1000)
    const { first, last } = costs(rounds)
    expect(last).toBeLessThan(first * 2)
  })

  const grandchildren =
    'CREATE TABLE k (more int) INHERITS (t); CREATE TABLE "Grand kid" (PRIMARY KEY (id)) INHERITS (k);'
  const family = [
    `INSERT INTO t SELECT g - 1000, g, g FROM generate_series(1, ${size / 4}) g`,
    // Some keys are those of the parent, too.
    `INSERT INTO k SELECT g, g, g FROM generate_series(1, ${size / 2}) g`,
    `INSERT INTO "Grand kid" SELECT g * 3, g, g FROM generate_series(1, ${size / 4}) g`,
  ].join('; ')

  test.each([
    ['UPDATE', 'UPDATE t SET a = a + 1;', 'SELECT 1 FROM t WHERE a <> b + 1'],
    ['UPDATE', 'UPDATE public.t AS x SET a = a + 1;', 'SELECT 1 FROM t WHERE a <> b + 1'],
    ['UPDATE', 'UPDATE ONLY t SET a = a + 1;', 'SELECT 1 FROM ONLY t WHERE a <> b + 1'],
    ['UPDATE', 'UPDATE k SET a = a + 1;', 'SELECT 1 FROM k WHERE a <> b + 1'],
    ['DELETE', 'DELETE FROM t;', 'SELECT 1 FROM t'],
    ['DELETE', 'DELETE FROM ONLY t;', 'SELECT 1 FROM ONLY t'],
  ])('a whole-table %s of a table with children: %s', async (kind, sql, left) => {
    const create = `CREATE TABLE t (id bigint PRIMARY KEY, a int, b int); ${grandchildren}`
    const key = sql.includes(' k ') ? 'ALTER TABLE k ADD PRIMARY KEY (id);' : ''
    await database.run(`DROP TABLE IF EXISTS t CASCADE; ${create} ${key} ${family}; ANALYZE;`)
    const { before, loop } = await advice(`whole-table-${kind.toLowerCase()}`, create + key, sql, '17')
    expect(before).toBe(sql.includes('ONLY') || key ? '' : 'CREATE INDEX CONCURRENTLY k_id_idx ON k (id);\n')
    if (before) await database.run(before)
    const others = await database.rows('SELECT count(*) FROM k WHERE a = b')
    const rounds = await buffersOfRounds(database, loop)
    expect(await database.rows(left)).toEqual([])
    if (sql.includes('ONLY')) expect(await database.rows('SELECT count(*) FROM k WHERE a = b')).toEqual(others)
    expect(rounds.length).toBeGreaterThan(40)
    const { first, last } = costs(rounds)
    expect(last).toBeLessThan(first * 3)
  })

  test.each([
    ['a key', 'PRIMARY KEY (id)'],
    ['no key', 'CHECK (true)'],
  ])('a column of a table with children that has %s is filled in all of them', async (_, constraint) => {
    const create = `CREATE TABLE t (id bigint, a int, b int, ${constraint}); CREATE TABLE k () INHERITS (t);`
    await database.run(`DROP TABLE IF EXISTS t CASCADE; ${create} INSERT INTO t SELECT g, g, g FROM generate_series(1, 100) g;
      INSERT INTO k SELECT g, g, g FROM generate_series(1, ${size}) g; ANALYZE; ${filled}`)
    const { before, loop } = await advice('add-column-volatile-default', create, column, '17')
    if (before) await database.run(before)
    const rounds = await buffersOfRounds(database, loop)
    expect(await database.rows('SELECT 1 FROM t WHERE c IS NULL')).toEqual([])
    expect(rounds.length).toBeGreaterThan(50)
    const { first, last } = costs(rounds)
    expect(last).toBeLessThan(first * 2)
  })
})
