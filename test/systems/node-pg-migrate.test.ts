import { describe, expect, test } from 'vitest'
import { nodePgMigrate } from '../../src/systems/node-pg-migrate/node-pg-migrate.ts'
import { mapTree } from '../../src/systems/reading/tree.ts'

const options = { transaction: () => 'unknown' as const }

function read(text: string) {
  const { migrations } = nodePgMigrate.migrations(mapTree({ '1_a.sql': text }), '', options)
  const [migration] = migrations
  const shown = (direction: 'parts' | 'downParts') =>
    migration?.[direction]?.(text).map(({ span: [start, end] }) => text.slice(start, end))
  const remarks = migration?.remarks?.(text).map(({ kind }) => kind)
  return { up: shown('parts'), down: shown('downParts'), remarks }
}

test('the order: numbers, 17 digits as a time; then names with their numbers', () => {
  const names = [
    '20240101100000000_utc.sql',
    '1704099600000_before.sql',
    '1704106800000_after.sql',
    '0010_b.js',
    '9_a.ts',
    '9_a10.sql',
    '9_a9.sql',
    '.hidden.sql',
    'notes.md',
    'types.d.ts',
  ]
  const { migrations } = nodePgMigrate.migrations(
    mapTree(Object.fromEntries(names.map(name => [name, '']))),
    '',
    options,
  )
  expect(migrations.map(({ id, opaque }) => (opaque === undefined ? id : `${id}: ${opaque}`))).toEqual([
    '9_a9',
    '9_a10',
    '9_a: it is written in TypeScript',
    '0010_b: it is written in JavaScript',
    '1704099600000_before',
    '20240101100000000_utc',
    '1704106800000_after',
  ])
})

describe('markers', () => {
  test('cut the text at their first place', () => {
    expect(read('-- x\n-- Up Migration\nA;\n-- Down Migration\nB;\n')).toEqual({
      up: ['-- Up Migration\nA;\n'],
      down: ['-- Down Migration\nB;\n'],
      remarks: [],
    })
    expect(read('-- Down Migration\nB;\n-- Up Migration\nA;\n')).toEqual({
      up: ['-- Up Migration\nA;\n'],
      down: ['-- Down Migration\nB;\n'],
      remarks: [],
    })
  })

  test.each(['--- up   migration of the users', '  --UP MIGRATION', '-- - up migrations', '--\nup migration'])(
    '%j is one',
    marker => {
      expect(read(`DROP TABLE a;\n${marker}\nA;`).up).toEqual([expect.stringContaining(marker)])
      expect(read(`DROP TABLE a;\n${marker}\nA;`).up?.[0]).not.toContain('DROP')
    },
  )

  test.each(['-- migration up', 'SELECT 1; -- up migration', '/* up migration */'])('%j is not a marker', text => {
    expect(read(text)).toEqual({ up: [text], down: [], remarks: [] })
  })

  test('of down alone make the whole file run, which is reported', () => {
    const text = 'A;\n-- Down Migration\nB;\n'
    expect(read(text).up).toEqual([text])
    expect(read(text).remarks).toEqual(['down-in-up'])
  })
})

test('x.up.sql and x.down.sql are one migration', () => {
  const files = { '1_a.up.sql': 'A;', '1_a.down.sql': 'B;', '2_b.down.sql': 'B;' }
  const { migrations, asides } = nodePgMigrate.migrations(mapTree(files), '', options)
  expect(migrations.map(({ id, path, downPath }) => [id, path, downPath])).toEqual([
    ['1_a', '1_a.up.sql', '1_a.down.sql'],
  ])
  expect(asides?.map(({ path, kind }) => `${path} ${kind}`)).toEqual(['1_a.down.sql undo', '2_b.down.sql undo'])
})

describe('the transaction', () => {
  const manifest = (script: string) =>
    JSON.stringify({ scripts: { up: script }, dependencies: { 'node-pg-migrate': '^8.0.0' } })

  test('is one for all pending migrations; code can leave it', () => {
    const files = { '1_a.sql': 'A;', '2_b.js': 'exports.up = pgm => {\n  pgm.noTransaction()\n}', '3_c.js': '' }
    const { migrations } = nodePgMigrate.migrations(mapTree(files), '', options)
    expect(migrations.map(({ execution }) => execution)).toEqual([
      { inTransaction: true, singleMessage: true, spansFiles: true },
      { inTransaction: false, singleMessage: false, spansFiles: false },
      { inTransaction: true, singleMessage: false, spansFiles: true },
    ])
    expect(migrations[0]?.runner.laterMigration()).toMatch(/^In a later migration .* not in the same run/)
  })

  test('--no-single-transaction gives each migration its own', () => {
    const files = { 'package.json': manifest('node-pg-migrate --no-single-transaction'), 'migrations/1_a.sql': 'A;' }
    const [migration] = nodePgMigrate.migrations(mapTree(files), 'migrations', options).migrations
    expect(migration?.execution).toEqual({ inTransaction: true, singleMessage: true, spansFiles: false })
    expect(migration?.runner.laterMigration()).toBe('In a later migration')
  })

  test('detection: the package, and the folder that its script or configuration names', () => {
    const detect = (files: Record<string, string>, dir = '') => nodePgMigrate.detect(mapTree(files), dir)
    const because = 'node-pg-migrate in package.json'
    const files = { 'migrations/1_a.sql': '', 'db/steps/1_a.sql': '' }
    const found = (script: string, more = {}) => detect({ 'package.json': manifest(script), ...files, ...more })
    expect(found('node-pg-migrate')).toEqual({ directory: 'migrations', sign: 'dependency', because })
    expect(found('node-pg-migrate -m ./db/steps up')?.directory).toBe('db/steps')
    expect(found('node-pg-migrate --migrations-dir=db/steps up')?.directory).toBe('db/steps')
    const config = { 'm.json': '{ "migrations-dir": "db/steps" }' }
    expect(found('node-pg-migrate -f m.json', config)?.directory).toBe('db/steps')
    expect(found('x', { 'config/default.json': '{ "db": { "migrations-dir": "db/steps" } }' })?.directory).toBe(
      'db/steps',
    )
    expect(detect({ 'package.json': '{}', ...files })).toBeNull()
    expect(detect({ 'm/1_a.sql': '-- Up Migration\n-- Down Migration\n' }, 'm')?.sign).toBe('marker')
    expect(detect({ 'm/1_a.sql': '-- Up Migration\n' }, 'm')).toBeNull()
    const script = JSON.stringify({ scripts: { migrate: 'node-pg-migrate -m db/steps -j ts' } })
    expect(detect({ 'package.json': script, ...files })?.directory).toBe('db/steps')
    const template =
      "/** @type {import('node-pg-migrate').ColumnDefinitions | undefined} */\nexports.shorthands = undefined;\n"
    expect(detect({ 'm/1_a.js': template }, 'm')).toEqual({
      directory: 'm',
      sign: 'marker',
      because: 'node-pg-migrate in m/1_a.js',
    })
  })
})
