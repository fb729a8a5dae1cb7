import { expect, test } from 'vitest'
import { diesel } from '../../src/systems/diesel/diesel.ts'
import { mapTree } from '../../src/systems/reading/tree.ts'

const options = { transaction: () => 'unknown' as const }

test('versions are text: the part before the first _, without dashes', () => {
  const folders = [
    '2024-02-01-000000_c',
    '2024-1-15-000000_z',
    '00000000000000_diesel_initial_setup',
    '2024-01-31-000000_b',
    '9_x',
  ]
  const tree = mapTree(Object.fromEntries(folders.map(folder => [`m/${folder}/up.sql`, 'SELECT 1;'])))
  expect(diesel.migrations(tree, 'm', options).migrations.map(({ id }) => id)).toEqual([
    '00000000000000',
    '20240131000000',
    '20240201000000',
    '2024115000000',
    '9',
  ])
})

test.each([
  [undefined, true],
  ['run_in_transaction = true\n', true],
  ['run_in_transaction = false # an index\n', false],
  ['', false],
  ['# run_in_transaction = true\n', false],
  ['other = 1\n', false],
  ['[x]\nrun_in_transaction = true\n', false],
  ['run_in_transaction = "false"\n', true],
  ['run_in_transaction: false\n', true],
])('metadata.toml %j: in a transaction %s', (metadata, inTransaction) => {
  const files = { '1_a/up.sql': 'SELECT 1;', ...(metadata === undefined ? {} : { '1_a/metadata.toml': metadata }) }
  const [migration] = diesel.migrations(mapTree(files), '', options).migrations
  expect(migration?.execution).toEqual({ inTransaction, singleMessage: true, spansFiles: false })
})

test('the content of the folder', () => {
  const tree = mapTree({
    'm/1_a/up.sql': '',
    'm/1_a/down.sql': '',
    'm/1_a/seed.sql': '',
    'm/2_b/down.sql': '',
    'm/.git/up.sql': '',
    'm/3_c.sql': '',
  })
  const { migrations, asides = [], notices } = diesel.migrations(tree, 'm', options)
  expect(migrations.map(({ path, downPath }) => [path, downPath])).toEqual([['m/1_a/up.sql', 'm/1_a/down.sql']])
  expect(asides.map(({ path, kind }) => `${path} ${kind}`)).toEqual([
    'm/1_a/down.sql undo',
    'm/1_a/seed.sql never-runs',
    'm/2_b/down.sql undo',
    'm/3_c.sql never-runs',
  ])
  expect(notices).toEqual(['Diesel stops at m/2_b: it has no up.sql.'])
})

test('detection', () => {
  const detect = (files: Record<string, string>, dir: string) => diesel.detect(mapTree(files), dir)
  const up = { 'm/2024-01-01-000000_a/up.sql': '' }
  expect(detect(up, 'm')).toEqual({ directory: 'm', sign: 'names', because: 'm/2024-01-01-000000_a' })
  expect(detect({ 'm/20240101000000_a/up.sql': '' }, 'm')).toBeNull()
  const cargo = { 'Cargo.toml': '[dependencies.diesel]\nversion = "2"\n', 'm/20240101000000_a/up.sql': '' }
  expect(detect(cargo, 'm')).toEqual({ directory: 'm', sign: 'dependency', because: 'diesel in Cargo.toml' })
  const setup = 'm/00000000000000_diesel_initial_setup'
  expect(detect({ [`${setup}/up.sql`]: '' }, 'm')).toEqual({ directory: 'm', sign: 'file', because: setup })
  const configured = (dir: string) => detect({ 'x/diesel.toml': `[migrations_directory]\ndir = "${dir}"\n` }, 'x')
  expect(configured('db/steps')).toEqual({ directory: 'x/db/steps', sign: 'file', because: 'x/diesel.toml' })
  expect(configured('/home/jane/shop/migrations')?.directory).toBe('x/migrations')
})
