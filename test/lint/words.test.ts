import { describe, expect, test } from 'vitest'
import { helpText, lint } from '../../src/index.ts'
import {
  beginsWith,
  behind,
  isName,
  nameEnd,
  withoutConcurrently,
  withoutWords,
  wordsAt,
} from '../../src/lint/advice/words.ts'
import { sqlOf } from '../../src/lint/help.ts'

test.each([
  ['CREATE INDEX IF NOT EXISTS i ON t (a)', 'CREATE INDEX i ON t (a)'],
  ['create index if\tnot\r\nexists  i on t (a)', 'create index i on t (a)'],
  ['CREATE INDEX IF /* a */ NOT -- b\n EXISTS i ON t (a)', 'CREATE INDEX i ON t (a)'],
  ['CREATE INDEX /* IF NOT EXISTS */ If Not Exists i ON t (a)', 'CREATE INDEX /* IF NOT EXISTS */ i ON t (a)'],
  ['CREATE INDEX "IF NOT EXISTS" ON t (a)', 'CREATE INDEX "IF NOT EXISTS" ON t (a)'],
  ["CREATE INDEX i ON t ((a = 'IF NOT EXISTS'))", "CREATE INDEX i ON t ((a = 'IF NOT EXISTS'))"],
  ['CREATE INDEX IF NOT EXISTS -- why\n i ON t (a)', 'CREATE INDEX -- why\n i ON t (a)'],
])('%j without IF NOT EXISTS', (sql, expected) => {
  expect(withoutWords(sql, 'IF NOT EXISTS')).toBe(expected)
})

test.each([
  ['REINDEX SYSTEM CONCURRENTLY shop', 'REINDEX SYSTEM shop'],
  ['REINDEX (CONCURRENTLY) SYSTEM shop', 'REINDEX SYSTEM shop'],
  ['reindex ( concurrently on , verbose) table pg_class', 'reindex ( verbose) table pg_class'],
  ['REINDEX (VERBOSE, CONCURRENTLY true) TABLE pg_class', 'REINDEX (VERBOSE) TABLE pg_class'],
  ['REINDEX (VERBOSE, Concurrently, TABLESPACE a) TABLE pg_class', 'REINDEX (VERBOSE, TABLESPACE a) TABLE pg_class'],
  ['DROP INDEX i', 'DROP INDEX i'],
])('%j without CONCURRENTLY', (sql, expected) => {
  expect(withoutConcurrently(sql)).toBe(expected)
})

test('words and names are found by tokens', () => {
  expect(wordsAt('/* ADD */ ALTER TABLE add ADD x', 'ADD', 25)).toEqual([26, 29])
  expect(wordsAt("SELECT 'ADD'", 'ADD')).toBeNull()
  expect(behind('/* a */ on /* b */ only t', 'ON', 0)).toBe(10)
  expect(behind('only t', 'ON', 0)).toBe(0)
  expect(beginsWith('/* a */ check (a)', 'CHECK')).toBe(true)
  expect(beginsWith('checked', 'CHECK')).toBe(false)
  for (const name of ['t', '"a.b (c)"', 'app . "T"', 'app/* a */./* b */t', '{{schema}}.t', 'x_{{y}}_z'])
    expect(` ${name} (a)`.slice(0, nameEnd(` ${name} (a)`, 0))).toBe(` ${name}`)
  expect(['a', 'A', '"a b"', 'é'].map(isName)).toEqual([true, true, true, true])
  expect(['a.b', 'a b', "'a'", '1', 'null', 'CURRENT_DATE', ''].map(isName)).toEqual(Array(7).fill(false))
})

/** The SQL of the advice on the last statement, by rule, as one line each. */
async function advice(rule: string, setup: string, sql: string, transaction: 'none' | 'wrapped' = 'wrapped') {
  const migrations = [setup, sql].map((content, i) => ({ path: `${i}.sql`, content }))
  const config = { preset: 'all', transaction } as const
  const { findings, internalErrors } = await lint({ migrations, config, report: path => path === '1.sql' })
  expect(internalErrors).toEqual([])
  const found = findings.filter(finding => finding.rule === rule)
  expect(found, rule).toHaveLength(1)
  return found.flatMap(({ help }) => {
    expect(helpText(help)).not.toBe('')
    return sqlOf(help)
  })
}

const setup = 'CREATE TABLE t (id bigint PRIMARY KEY, a int); CREATE TABLE add (id int, a int);'
const partitioned = 'CREATE TABLE p (id int, a int) PARTITION BY LIST (id); CREATE TABLE p1 PARTITION OF p DEFAULT;'

describe.each([
  ['upper case', (sql: string) => sql.toUpperCase()],
  ['lower case', (sql: string) => sql.toLowerCase()],
])('advice is right in %s, with comments and odd white space', (_, cased) => {
  // One comment and line break more between all words.
  const odd = (sql: string) => cased(sql).replaceAll(' ', ' /* if not exists, add on */\n\t')
  const plain = async (...args: Parameters<typeof advice>) =>
    (await advice(...args)).map(sql =>
      sql
        .toLowerCase()
        .replace(/\/\*.*?\*\//g, ' ')
        .replace(/\s+/g, ' '),
    )

  test('of an index build', async () => {
    const [sql] = await plain('blocking-index-build', setup, odd('CREATE INDEX IF NOT EXISTS i ON t (a)'))
    expect(sql).toBe('create index concurrently i on t (a);')
  })

  test('of an index that may be invalid', async () => {
    const sql = odd('CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON t (a)')
    const all = await plain('if-not-exists-hides-invalid-index', setup, sql, 'none')
    expect(all.join('\n')).toContain('create index concurrently i on t (a);')
  })

  test('of an index on a partitioned table', async () => {
    for (const on of ['p', 'ONLY p', 'public . p']) {
      const rule = on === 'ONLY p' ? 'concurrently-impossible' : 'blocking-index-build'
      const words = on === 'ONLY p' ? 'CONCURRENTLY IF NOT EXISTS' : 'IF NOT EXISTS'
      const all = await plain(rule, partitioned, odd(`CREATE INDEX ${words} i ON ${on} USING btree (a)`), 'none')
      expect(all[0], on).toContain('create index i on only p using btree (a);')
    }
  })

  test('of a CHECK, also on a table that is called "add"', async () => {
    const sql = odd('ALTER TABLE IF EXISTS ONLY add ADD CONSTRAINT c CHECK (a > 0)')
    expect((await plain('check-without-not-valid', setup, sql))[0]).toBe(
      'alter table if exists add add constraint c check (a > 0) not valid;',
    )
  })

  test('of a foreign key', async () => {
    const sql = odd('ALTER TABLE add ADD CONSTRAINT c FOREIGN KEY (a) REFERENCES t (id)')
    expect((await plain('foreign-key-without-not-valid', setup, sql)).join('\n')).toContain(
      'foreign key (a) references t (id) not valid;',
    )
  })

  test('of SET LOCAL', async () => {
    const sql = odd("SET LOCAL lock_timeout = '1s'")
    expect(await plain('set-local-outside-transaction', setup, sql, 'none')).toEqual(["set lock_timeout = '1s';"])
  })
})
