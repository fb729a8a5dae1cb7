import { expect, test } from 'vitest'
import { mapTree } from '../../src/systems/reading/tree.ts'
import { sqlx } from '../../src/systems/sqlx/sqlx.ts'

const options = { transaction: () => 'unknown' as const }
const treeOf = (files: readonly string[]) => mapTree(Object.fromEntries(files.map(file => [file, 'SELECT 1;'])))

test('the integer before the first _ gives the order, with its sign; other files are skipped', () => {
  const tree = treeOf([
    '10_b.sql',
    '9_a.up.sql',
    '9_a.down.sql',
    '-1_before.sql',
    '+11_c.sql',
    '9223372036854775807_last.sql',
    '9223372036854775808_too_large.sql',
    'readme.sql',
    '12.sql',
    'x_y.sql',
    'below/13_d.sql',
    '14_e.SQL',
  ])
  const { migrations, asides = [] } = sqlx.migrations(tree, '', options)
  expect(migrations.map(({ id, downPath }) => [id, downPath])).toEqual([
    ['-1', undefined],
    ['9', '9_a.down.sql'],
    ['10', undefined],
    ['11', undefined],
    ['9223372036854775807', undefined],
  ])
  const why = (path: string) => asides.find(aside => aside.path === path)?.why
  expect(why('x_y.sql')).toMatch(/^sqlx stops at/)
  expect(why('9223372036854775808_too_large.sql')).toMatch(/^sqlx stops at/)
  expect(why('12.sql')).toMatch(/^sqlx skips files/)
  expect(why('14_e.SQL')).toMatch(/^sqlx skips files/)
  expect(why('9_a.down.sql')).toBe('it takes version 9 back')
})

test.each([
  ['-- no-transaction\nSELECT 1;', false, false],
  ['-- no-transactional\nSELECT 1;', false, false],
  ['\n-- no-transaction\n', true, true],
  ['\ufeff-- no-transaction\n', true, true],
  ['--no-transaction\n', true, true],
  ['-- No-Transaction\n', true, true],
  ['-- An index.\n-- no-transaction\nSELECT 1;', true, true],
  ['SELECT 1;\n-- no-transaction\n', true, true],
  ['-- there is no-transaction here\n', true, false],
])('%j: in a transaction %s, told %s', (text, inTransaction, told) => {
  const { migrations } = sqlx.migrations(mapTree({ '1_a.sql': text }), '', options)
  expect(migrations[0]?.execution).toEqual({ inTransaction, singleMessage: true, spansFiles: false })
  const kinds = migrations[0]?.remarks?.(text.replace(/^\ufeff/, '')).map(({ kind }) => kind)
  expect(kinds).toEqual(told ? ['ignored-opt-out'] : inTransaction ? [] : ['one-message'])
})

test('detection', () => {
  const cargo = (features: string) => `[dependencies]\nsqlx = { version = "0.8", features = [${features}] }\n`
  const detect = (files: Record<string, string>, dir: string) => sqlx.detect(mapTree(files), dir)
  const found = { directory: 'api/migrations', sign: 'dependency', because: 'sqlx in api/Cargo.toml' }
  const project = { 'api/Cargo.toml': cargo('"postgres", "uuid"'), 'api/migrations/1_a.sql': 'SELECT 1;' }
  expect(detect(project, 'api/migrations')).toEqual(found)
  expect(detect({ ...project, 'api/Cargo.toml': cargo('"sqlite", "macros"') }, 'api/migrations')).toEqual({
    ...found,
    dialect: 'sqlite',
  })
  expect(detect({ ...project, 'api/Cargo.toml': '[dependencies]\nsqlx-cli = "1"\n' }, 'api/migrations')).toBeNull()
  expect(detect({ ...project, 'api/migrations/2_b.sql': '-- no-transaction\n' }, 'api/migrations')?.sign).toBe('marker')
  const elsewhere = { 'Cargo.toml': cargo('"postgres"'), 'db/migrations/postgres/1_a.sql': '', 'sql/1_a.sql': '' }
  expect(detect(elsewhere, 'db/migrations/postgres')?.sign).toBe('dependency')
  expect(detect(elsewhere, 'sql')).toBeNull()
  expect(detect({ 'api/.sqlx/query-1.json': '{}', ...project }, 'api')).toEqual({
    directory: 'api/migrations',
    sign: 'file',
    because: 'api/.sqlx',
  })
  expect(detect({ 'sqlx.toml': '[migrate]\nmigrations-dir = "db/steps"\n' }, '')).toEqual({
    directory: 'db/steps',
    sign: 'file',
    because: 'sqlx.toml',
  })
})
