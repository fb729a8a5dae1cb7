import { describe, expect, test } from 'vitest'
import { lint } from '../../src/index.ts'
import { duration, secondsFor } from '../../src/lint/sizes/rates.ts'
import { type FileRelation, nameIn, readStatistics, type StatisticsFile } from '../../src/lint/sizes/statistics.ts'
import { markdown } from '../../src/report/markdown.ts'

const now = Date.parse('2026-11-30T00:00:00Z')
const head = { schemaVersion: 1, takenAt: '2026-11-29T00:00:00Z', server: '16.4', names: 'plain' } as const

function file(relations: readonly FileRelation[], more: Partial<StatisticsFile> = {}): string {
  return JSON.stringify({ ...head, relations, ...more })
}

const orders: FileRelation = {
  name: 'public.orders',
  kind: 'table',
  rows: 48e6,
  bytes: 12e9,
  indexBytes: 3e9,
  writesPerSecond: 20,
}
const countries: FileRelation = { name: 'public.countries', kind: 'table', rows: 249, bytes: 40_960 }
const fresh: FileRelation = { name: 'public.fresh', kind: 'table', rows: 0, bytes: 0 }

async function judged(sql: string, text: string, config: Parameters<typeof lint>[0]['config'] = {}) {
  const statistics = readStatistics(text, now)
  const report = await lint({ migrations: [{ path: '1.sql', content: sql }], config: { ...config, statistics } })
  return report.findings.map(({ rule, severity, message, size }) => ({ rule, severity, message, size }))
}

const index = (table: string) => `CREATE INDEX i ON ${table} (a);`
const built = (found: Awaited<ReturnType<typeof judged>>) => found.filter(({ rule }) => rule === 'blocking-index-build')

describe('a finding about work', () => {
  test('says how much it is and how long it takes', async () => {
    const [found] = built(await judged(index('orders'), file([orders])))
    expect(found).toMatchObject({
      severity: 'error',
      size: { isSmall: false, tables: [{ name: 'orders', rows: 48e6, bytes: 12e9 }] },
    })
    expect(found?.message).toMatch(/ "?orders"? has 48 M rows, 12 GB: about \d+ seconds to \d+ minutes\.$/)
    const [least = 0, most = 0] = found?.size?.seconds ?? []
    expect(least).toBeGreaterThan(10)
    expect(most).toBeGreaterThan(least)
  })

  test('is a note about a small table, unless the configuration says that it is large', async () => {
    const [found] = built(await judged(index('countries'), file([countries])))
    expect(found?.severity).toBe('note')
    expect(found?.message).toMatch(/has 249 rows, 41 kB, which is small\.$/)
    const large = await judged(index('countries'), file([countries]), { tables: { countries: { size: 'large' } } })
    expect(built(large)[0]?.severity).toBe('error')
    const strict = await judged(index('countries'), file([countries]), { smallTables: { rows: 100 } })
    expect(built(strict)[0]?.severity).toBe('error')
    const named = await judged(index('countries'), file([countries]), { rules: { 'blocking-index-build': 'error' } })
    expect(built(named)[0]?.severity).toBe('error')
  })

  test('is left out about an empty table, and not about an unknown one', async () => {
    expect(built(await judged(index('fresh'), file([fresh])))).toEqual([])
    expect(built(await judged(index('other'), file([fresh])))).toMatchObject([{ severity: 'error' }])
    const large = await judged(index('fresh'), file([fresh]), { tables: { 'fre*': { size: 'large' } } })
    expect(built(large)).toMatchObject([{ severity: 'error' }])
  })

  test('trusts no old statistics about small tables, and never calls a table small that was not counted', async () => {
    const old = { takenAt: '2026-09-01T00:00:00Z' }
    expect(built(await judged(index('countries'), file([countries], old)))[0]?.severity).toBe('error')
    expect(built(await judged(index('fresh'), file([fresh], old)))[0]?.severity).toBe('error')
    const { rows: _, ...uncounted } = countries
    expect(built(await judged(index('countries'), file([uncounted])))[0]?.severity).toBe('error')
  })

  test('does not become milder if it is about data or code', async () => {
    const found = await judged('ALTER TABLE countries DROP COLUMN name;', file([countries]))
    expect(found.find(({ rule }) => rule === 'drop-column')).toMatchObject({ severity: 'error' })
    expect(found.find(({ rule }) => rule === 'drop-column')).not.toHaveProperty('size.tables')
  })

  test('is about the rows that are written, and not about the tables that are locked meanwhile', async () => {
    const files = file([orders, countries])
    const under = (locked: string, written: string) =>
      `BEGIN; ALTER TABLE ${locked} ADD COLUMN x int; ${written}; COMMIT;`
    const backfill = async (sql: string) =>
      (await judged(sql, files)).find(({ rule }) => rule === 'backfill-in-schema-transaction')
    const large = await backfill(under('countries', 'UPDATE orders SET c = 1'))
    expect(large).toMatchObject({ severity: 'error', size: { isSmall: false, tables: [{ name: 'orders' }] } })
    expect(await backfill(under('orders', 'UPDATE countries SET c = 1'))).toMatchObject({
      severity: 'note',
      size: { tables: [{ name: 'countries' }] },
    })
    const read = await backfill(under('countries', 'UPDATE countries SET c = (SELECT count(*) FROM orders)'))
    expect(read).toMatchObject({ severity: 'error', size: { isSmall: false } })

    const update = async (table: string) =>
      (await judged(`UPDATE ${table} SET c = 1;`, files)).find(({ rule }) => rule === 'whole-table-update')
    const whole = await update('orders')
    expect(whole).toMatchObject({ severity: 'error', size: { tables: [{ name: 'orders' }] } })
    expect(whole?.message).toContain('"orders" has 48 M rows, 12 GB: about ')
    expect(await update('countries')).toMatchObject({ severity: 'note' })
  })

  test('whose locks last while others work is small only if their tables are', async () => {
    const under = async (...later: readonly string[]) => {
      const sql = `BEGIN; ALTER TABLE countries ALTER name SET NOT NULL; ${later.join('; ')}; COMMIT;`
      const found = await judged(sql, file([orders, countries]))
      return found.find(({ rule }) => rule === 'set-not-null')
    }
    expect(await under('ANALYZE orders')).toMatchObject({ message: expect.stringContaining('keeps its locks') })
    expect(await under('ANALYZE orders')).toMatchObject({ severity: 'error', size: { isSmall: false } })
    expect(await under('SELECT pg_sleep(100)')).toMatchObject({ severity: 'error' })
    expect(await under('ANALYZE countries')).toMatchObject({ severity: 'note' })
  })

  test('of several tables is as large as all of them, and small only if all are', async () => {
    const sql = 'ALTER TABLE orders ADD CONSTRAINT f FOREIGN KEY (c) REFERENCES countries (id);'
    const found = await judged(sql, file([orders, countries]))
    const sized = found.filter(({ size }) => size !== undefined)
    expect(sized.length).toBeGreaterThan(0)
    expect(sized.every(({ size }) => size?.isSmall === false)).toBe(true)
  })

  test('comes first in the comment if its table is large', async () => {
    const sql = `CREATE INDEX a ON middle (a);\n${index('orders')}`
    const middle: FileRelation = { name: 'public.middle', kind: 'table', rows: 1e6, bytes: 1e8 }
    const statistics = readStatistics(file([orders, middle]), now)
    const report = await lint({ migrations: [{ path: '1.sql', content: sql }], config: { statistics } })
    const text = markdown(report, { notes: false } as Parameters<typeof markdown>[1])
    expect(text.indexOf('48 M rows')).toBeGreaterThan(0)
    expect(text.indexOf('48 M rows')).toBeLessThan(text.indexOf('1 M rows'))
  })
})

test.each([
  ['narrow', 48e6, 4e9, 20_000],
  ['wide', 1e6, 20e9, 200],
])('batches of a %s table have a fitting size', async (_, rows, bytes, expected) => {
  const statistics = readStatistics(file([{ ...orders, rows, bytes }]), now)
  const migrations = [
    { path: '1.sql', content: 'CREATE TABLE orders (id bigint PRIMARY KEY, a int);' },
    { path: '2.sql', content: 'UPDATE orders SET a = 1;' },
  ]
  const limit = async (config: Parameters<typeof lint>[0]['config'] = {}) => {
    const { findings } = await lint({ migrations, config })
    const found = findings.find(({ rule }) => rule === 'whole-table-update')
    return /LIMIT (\d{2,})/.exec(JSON.stringify(found?.help))?.[1]
  }
  expect(await limit({ statistics })).toBe(String(expected))
  expect(await limit()).toBe('1000')
})

describe('the file', () => {
  test('adds partitions up, whatever their order, and ends in a circle', () => {
    const part = (name: string, partitionOf: string, bytes: number): FileRelation => ({
      name: `public.${name}`,
      kind: 'table',
      rows: 10,
      bytes,
      partitionOf: `public.${partitionOf}`,
    })
    const known = readStatistics(
      file([
        part('b1', 'b', 5),
        { ...part('b', 'top', 0), kind: 'partitioned table' },
        { name: 'public.top', kind: 'partitioned table', bytes: 0 },
        part('a', 'top', 7),
        part('b2', 'b', 6),
        part('x', 'y', 1),
        part('y', 'x', 1),
      ]),
      now,
    )
    expect(known.of('top')).toMatchObject({ bytes: 18, rows: 30 })
    expect(known.of('b')).toMatchObject({ bytes: 11, rows: 20 })
    expect(known.of('x')).toBeDefined()
  })

  test('may have hashes of names, with the schema', () => {
    const hashed = { ...countries, name: nameIn('sha256', 'app.countries') }
    expect(hashed.name).toMatch(/^[\da-f]{32}$/)
    const known = readStatistics(file([hashed], { names: 'sha256' }), now)
    expect(known.of('app.countries')?.rows).toBe(249)
    expect(known.of('countries')).toBeUndefined()
  })

  test.each([
    ['{', 'it is not JSON'],
    ['[]', 'it is not of schema version 1'],
    [JSON.stringify({ ...head, relations: [], takenAt: 'x' }), '"takenAt" is not a date'],
    [JSON.stringify({ ...head, relations: [], server: 'sixteen' }), '"server" is not a version of PostgreSQL'],
    [JSON.stringify({ ...head, relations: {} }), '"relations" is not a list'],
    [file([orders, { ...orders, bytes: -1 }]), 'entry 2 of "relations" has no name, kind and size as the schema says'],
    [file([{ ...orders, bytes: 1.7e308 }]), 'entry 1 of "relations"'],
    [JSON.stringify({ ...head, relations: [], takenAt: '(any text) 2026' }), '"takenAt" is not a date'],
    [file([{ ...orders, rows: '5' as unknown as number }]), 'entry 1 of "relations"'],
  ])('%s is refused', (text, why) => {
    expect(() => readStatistics(text, now)).toThrow(why)
  })

  test('of names that are properties of objects is a file like any other', () => {
    const known = readStatistics(file([{ ...countries, name: 'public.__proto__' }]), now)
    expect(known.of('__proto__')?.rows).toBe(249)
    expect(known.of('constructor')).toBeUndefined()
  })

  test('may have 50,000 tables, also in one chain of partitions', () => {
    const many = Array.from(
      { length: 50_000 },
      (_, i): FileRelation => ({
        name: `public.table_${i}`,
        kind: 'table',
        rows: i,
        bytes: i * 8192,
        indexBytes: 8192,
        ...(i > 0 && { partitionOf: `public.table_${i - 1}` }),
      }),
    )
    const text = file(many)
    expect(readStatistics(text, now).of('table_0')?.bytes).toBe(49_999 * 8192)
  })
})

test.each([
  [[0.1, 0.4], 'less than a second'],
  [[0.5, 1.5], 'up to 2 seconds'],
  [[50, 170], 'about 50 seconds to 3 minutes'],
  [[1.5, 2.5], 'about 1 to 3 seconds'],
  [[240, 540], 'about 4 to 9 minutes'],
  [[8000, 30_000], 'about 2 to 9 hours'],
] as const)('%j seconds are %s', (range, said) => {
  expect(duration(range)).toBe(said)
})

test('what has more rows, more indexes or more bytes takes longer', () => {
  const size = { rows: 1e6, bytes: 1e9, indexBytes: 0, writesPerSecond: null }
  for (const work of ['scan', 'build', 'rewrite', 'write'] as const) {
    const [least, most] = secondsFor(work, size)
    expect(least).toBeLessThan(most)
    expect(secondsFor(work, { ...size, bytes: 2e9, rows: 2e6 })).toEqual([2 * least, 2 * most])
    expect(secondsFor(work, { ...size, rows: 1e7 })[0]).toBeGreaterThan(least)
    expect(secondsFor(work, { ...size, rows: null })[1]).toBeGreaterThanOrEqual(most)
  }
  expect(secondsFor('rewrite', { ...size, indexBytes: 1e9 })[0]).toBeGreaterThan(secondsFor('rewrite', size)[0])
})
