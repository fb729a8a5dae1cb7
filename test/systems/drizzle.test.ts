import { describe, expect, test } from 'vitest'
import { drizzle } from '../../src/systems/drizzle/drizzle.ts'
import { mapTree } from '../../src/systems/reading/tree.ts'

const options = { transaction: () => 'unknown' as const }
const journal = (entries: readonly (readonly [tag: string, when: number])[], dialect = 'postgresql') =>
  JSON.stringify({
    version: '7',
    dialect,
    entries: entries.map(([tag, when], idx) => ({ idx, when, tag, breakpoints: true })),
  })

describe('the journal', () => {
  const tree = mapTree({
    'drizzle/meta/_journal.json': journal([
      ['0001_b', 20],
      ['0000_a', 10],
      ['0002_c', 20],
      ['0003_d', 30],
      ['0004_gone', 40],
    ]),
    'drizzle/0000_a.sql': '\n\nSELECT 1;\n',
    'drizzle/0001_b.sql': '',
    'drizzle/0002_c.sql': '',
    'drizzle/0003_d.sql': '',
    'drizzle/0005_loose.sql': '',
  })
  const { migrations, notices, asides } = drizzle.migrations(tree, 'drizzle', options)

  test('gives the order, whatever the names are', () => {
    expect(migrations.map(({ id }) => id)).toEqual(['0001_b', '0000_a', '0002_c', '0003_d'])
  })

  test('reports files that never run; missing files are reported at the journal', () => {
    expect(notices).toEqual([])
    const [journal] = drizzle.integrity?.(tree, 'drizzle') ?? []
    expect(journal?.discrepancies.map(({ what }) => what)).toEqual([
      'its journal lists "0004_gone", but there is no drizzle/0004_gone.sql',
    ])
    expect(asides?.map(({ path, kind }) => [path, kind])).toEqual([['drizzle/0005_loose.sql', 'never-runs']])
  })

  test('reports skipped migrations: the date is not later than that of an earlier one', () => {
    const skipped = migrations.filter(({ remarks }) => remarks?.('').length !== 0)
    expect(skipped.map(({ id }) => id)).toEqual(['0000_a', '0002_c'])
    expect(skipped[0]?.remarks?.('\n\nSELECT 1;\n')).toMatchObject([{ kind: 'skipped', at: [2, 11] }])
  })
})

test('a file is cut at the text of a breakpoint, even in strings', () => {
  const text = "SELECT 1;--> statement-breakpoint\nSELECT 'a --> statement-breakpoint b';\n"
  const tree = mapTree({ 'd/meta/_journal.json': journal([['0', 1]]), 'd/0.sql': text })
  const [migration] = drizzle.migrations(tree, 'd', options).migrations
  const parts = migration?.parts?.(text) ?? []
  expect(parts.map(({ span }) => text.slice(...span))).toEqual(['SELECT 1;', "\nSELECT 'a ", " b';\n"])
  expect(migration?.remarks?.(text)).toMatchObject([{ kind: 'cut-body', at: [41, 71] }])
  for (const { execution } of parts) {
    expect(execution).toEqual({ inTransaction: true, singleMessage: true, spansFiles: true })
  }
})

describe('detection', () => {
  test.each([
    ['postgresql', undefined],
    ['pg', undefined],
    ['mysql', 'mysql'],
    ['sqlite', 'sqlite'],
    ['turso', 'sqlite'],
    ['singlestore', 'singlestore'],
  ])('a journal for %s', (dialect, expected) => {
    const tree = mapTree({ 'd/meta/_journal.json': journal([['0', 1]], dialect), 'd/0.sql': '' })
    expect(drizzle.detect(tree, 'd')?.dialect).toBe(expected)
  })

  test('a configuration that names the folder', () => {
    const config = 'export default defineConfig({ out: "./db/steps", dialect: "postgresql" })'
    expect(drizzle.detect(mapTree({ 'drizzle.config.ts': config, 'db/steps/0.sql': '' }), '')).toMatchObject({
      directory: 'db/steps',
      sign: 'file',
      because: 'drizzle.config.ts',
    })
  })

  test('folders with a snapshot, as version 1.0 makes them', () => {
    const tree = mapTree({
      'd/20260101000000_b/migration.sql': '',
      'd/20260101000000_b/snapshot.json': '{"dialect":"postgres"}',
      'd/20260101000000_A/migration.sql': '',
      'd/0000_old.sql': '',
    })
    expect(drizzle.detect(tree, 'd')).toMatchObject({ directory: 'd', sign: 'file' })
    const { migrations, asides } = drizzle.migrations(tree, 'd', options)
    expect(migrations.map(({ id }) => id)).toEqual(['20260101000000_A', '20260101000000_b'])
    expect(asides?.map(({ path }) => path)).toEqual(['d/0000_old.sql'])
  })
})

test('code beside the migrations, which people run by hand, is reported', () => {
  const tree = mapTree({
    'drizzle/meta/_journal.json': journal([['0000_a', 10]]),
    'drizzle/0000_a.sql': 'SELECT 1;',
    'drizzle/0001_fill.ts': '',
    'drizzle/schema.ts': '',
    'drizzle/relations.ts': '',
  })
  const { asides } = drizzle.migrations(tree, 'drizzle', options)
  expect(asides?.map(({ path, kind }) => [path, kind])).toEqual([['drizzle/0001_fill.ts', 'by-hand']])
})
