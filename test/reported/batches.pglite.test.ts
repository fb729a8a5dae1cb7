import { PGlite } from '@electric-sql/pglite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sqlOf } from '../../src/lint/help.ts'
import { told } from './kit/said.ts'

const size = 200_000
let database: PGlite
beforeAll(async () => {
  database = await PGlite.create()
})
afterAll(() => database.close())

interface Explained {
  readonly 'QUERY PLAN': readonly {
    readonly Plan: { readonly 'Shared Hit Blocks': number; readonly 'Shared Read Blocks': number }
  }[]
}

/** The advised loop for the last statement, without what is before and after it. */
async function advised(rule: string, setup: string, sql: string, pgVersion: string): Promise<string> {
  const { loop } = await advice(rule, setup, sql, pgVersion)
  return loop
}

/** The advised loop, and the statements before it. */
async function advice(rule: string, setup: string, sql: string, pgVersion: string) {
  const all = await told([setup, sql], { pgVersion })
  const help = all.filter(finding => finding.rule === rule).flatMap(({ help }) => sqlOf(help))
  const loop = help.find(each => each.includes('DO $$'))
  const start = loop?.indexOf('DO $$') ?? 0
  return { before: loop?.slice(0, start) ?? '', loop: loop?.slice(start).split('END $$;')[0] ?? '' }
}

/**
 * Runs the loop with EXPLAIN (ANALYZE, BUFFERS) around its UPDATE or DELETE, and returns the number of blocks that each round touches. The
 * plans are those of PL/pgSQL: parameters stay parameters.
 */
async function buffersOfRounds(loop: string): Promise<number[]> {
  await database.exec('DROP TABLE IF EXISTS costs; CREATE TABLE costs (n int GENERATED ALWAYS AS IDENTITY, plan json);')
  const measured = loop
    .replace(/^DO \$\$\n(DECLARE\n)?/, 'DO $$$$\nDECLARE\n  plan json;\n')
    .replace(/^ {4}((?:UPDATE|DELETE)[\s\S]*?);\n {4}COMMIT;/m, (_, change: string) => {
      const names = [...new Set(change.match(/batch_(?:start|end)\.\w+|first_block/g) ?? [])]
      const text = names.reduce((all, each, i) => all.replaceAll(each, `$${i + 1}`), change)
      return `    EXECUTE $q$EXPLAIN (ANALYZE, BUFFERS, FORMAT json) ${text}$q$ INTO plan USING ${names.join(', ')};\n    INSERT INTO costs (plan) VALUES (plan);\n    COMMIT;`
    })
  await database.exec(`${measured}END $$;`)
  const { rows } = await database.query<{ plan: Explained['QUERY PLAN'] }>('SELECT plan FROM costs ORDER BY n')
  return rows.map(({ plan }) => (plan[0]?.Plan['Shared Hit Blocks'] ?? 0) + (plan[0]?.Plan['Shared Read Blocks'] ?? 0))
}

const median = (all: readonly number[]) => [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0

describe('R6: the last batch costs as much as the first', () => {
  const column = 'ALTER TABLE t ADD COLUMN c uuid DEFAULT gen_random_uuid();'
  const filled = 'ALTER TABLE t ADD COLUMN c uuid; ALTER TABLE t ALTER COLUMN c SET DEFAULT gen_random_uuid();'

  const partitions =
    ') PARTITION BY RANGE (a); CREATE TABLE t1 PARTITION OF t FOR VALUES FROM (0) TO (50); CREATE TABLE t2 PARTITION OF t DEFAULT; CREATE TABLE IF NOT EXISTS other (a int'

  test.each([
    ['a whole number', 'id bigint PRIMARY KEY, a int', 'g, g', '17'],
    ['negative and sparse numbers', 'id bigint PRIMARY KEY, a int', '(g - 100000) * 1000, g', '17'],
    ['a text', 'id text PRIMARY KEY, a int', 'md5(g::text), g', '17'],
    ['two columns', 'a int, b int, PRIMARY KEY (a, b)', 'g / 1000, g % 1000', '17'],
    ['the key of a partitioned table', `id bigint, a int, PRIMARY KEY (id, a)${partitions}`, 'g, g % 100', '17'],
    ['a key that begins with the partitions', `a int, id bigint, PRIMARY KEY (a, id)${partitions}`, 'g % 100, g', '17'],
    ['no key of a partitioned table', `id bigint, a int${partitions}`, 'g, g % 100', '17'],
    ['no key', 'id bigint, a int', 'g, g', '17'],
    ['no key, before TID range scans', 'id bigint, a int', 'g, g', '13'],
  ])('filled by %s', async (_, columns, values, version) => {
    const create = `CREATE TABLE t (${columns});`
    await database.exec(
      `DROP TABLE IF EXISTS t; ${create} INSERT INTO t SELECT ${values} FROM generate_series(1, ${size}) g;`,
    )
    await database.exec(`ANALYZE t; ${filled}`)
    const rounds = await buffersOfRounds(await advised('add-column-volatile-default', create, column, version))
    const { rows } = await database.query('SELECT 1 FROM t WHERE c IS NULL')
    expect(rows).toEqual([])
    expect(rounds.length).toBeGreaterThan(50)
    const [first, last] = [median(rounds.slice(1, 11)), median(rounds.slice(-11, -1))]
    expect(last).toBeLessThan(first * 2)
  })

  test.each([
    ['UPDATE', 'UPDATE t SET a = a + 1;', 'SELECT 1 FROM t WHERE a <> b + 1'],
    ['DELETE', 'DELETE FROM t AS x;', 'SELECT 1 FROM t'],
  ])('a whole-table %s', async (kind, sql, left) => {
    const create = 'CREATE TABLE t (id bigint PRIMARY KEY, a int, b int);'
    await database.exec(
      `DROP TABLE IF EXISTS t; ${create} INSERT INTO t SELECT g - 1000, g, g FROM generate_series(1, ${size}) g;`,
    )
    await database.exec('ANALYZE t')
    const rounds = await buffersOfRounds(await advised(`whole-table-${kind.toLowerCase()}`, create, sql, '17'))
    expect((await database.query(left)).rows).toEqual([])
    expect(rounds).toHaveLength(size / 1000)
    expect(median(rounds.slice(-11, -1))).toBeLessThan(median(rounds.slice(1, 11)) * 2)
  })

  const grandchildren =
    'CREATE TABLE k (more int) INHERITS (t); CREATE TABLE "Grand kid" (PRIMARY KEY (id)) INHERITS (k);'
  const fill = [
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
    await database.exec(`DROP TABLE IF EXISTS t CASCADE; ${create} ${key} ${fill}; ANALYZE;`)
    const { before, loop } = await advice(`whole-table-${kind.toLowerCase()}`, create + key, sql, '17')
    expect(before).toBe(sql.includes('ONLY') || key ? '' : 'CREATE INDEX CONCURRENTLY k_id_idx ON k (id);\n')
    if (before) await database.exec(before)
    const others = await database.query('SELECT count(*) FROM k WHERE a = b')
    const rounds = await buffersOfRounds(loop)
    expect((await database.query(left)).rows).toEqual([])
    if (sql.includes('ONLY')) expect(await database.query('SELECT count(*) FROM k WHERE a = b')).toEqual(others)
    expect(rounds.length).toBeGreaterThan(40)
    expect(median(rounds.slice(-11, -1))).toBeLessThan(median(rounds.slice(1, 11)) * 3)
  })

  test.each([
    ['a key', 'PRIMARY KEY (id)'],
    ['no key', 'CHECK (true)'],
  ])('a column of a table with children that has %s is filled in all of them', async (_, constraint) => {
    const create = `CREATE TABLE t (id bigint, a int, b int, ${constraint}); CREATE TABLE k () INHERITS (t);`
    await database.exec(`DROP TABLE IF EXISTS t CASCADE; ${create} INSERT INTO t SELECT g, g, g FROM generate_series(1, 100) g;
      INSERT INTO k SELECT g, g, g FROM generate_series(1, ${size}) g; ANALYZE; ${filled}`)
    const { before, loop } = await advice('add-column-volatile-default', create, column, '17')
    if (before) await database.exec(before)
    const rounds = await buffersOfRounds(loop)
    expect((await database.query('SELECT 1 FROM t WHERE c IS NULL')).rows).toEqual([])
    expect(rounds.length).toBeGreaterThan(50)
    expect(median(rounds.slice(-11, -1))).toBeLessThan(median(rounds.slice(1, 11)) * 2)
  })
})
