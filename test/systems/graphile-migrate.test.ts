import { expect, test } from 'vitest'
import { graphileMigrate } from '../../src/systems/graphile-migrate/graphile-migrate.ts'
import { mapTree } from '../../src/systems/reading/tree.ts'

const options = { transaction: () => 'unknown' as const }
const committed = (previous: string, hash: string, body: string) =>
  `--! Previous: ${previous}\n--! Hash: sha1:${hash}\n--! Message: some words\n\n${body}`

test('committed migrations are ordered; current.sql is a draft', () => {
  const tree = mapTree({
    '.gmrc': '{\n  // "migrationsFolder": "elsewhere",\n}\n',
    'migrations/committed/000001.sql': committed('-', 'a', 'SELECT 1;\n'),
    'migrations/committed/000002-index.sql': committed('sha1:a', 'b', '--! no-transaction\nSELECT 1;\n'),
    'migrations/committed/README.md': '',
    'migrations/committed/000003 copy.sql': '',
    'migrations/current/1.sql': '-- Enter migration here\n',
    'migrations/current/2.sql': '-- next\nSELECT 1;\n',
    'migrations/fixtures/f.sql': '',
  })
  expect(graphileMigrate.detect(tree, '')).toEqual({ directory: 'migrations', sign: 'file', because: '.gmrc' })
  expect(graphileMigrate.detect(tree, 'migrations')).toMatchObject({ directory: 'migrations', sign: 'marker' })
  const { migrations, asides, notices } = graphileMigrate.migrations(tree, 'migrations', options)
  expect(migrations.map(({ id, execution }) => [id, execution.inTransaction, execution.singleMessage])).toEqual([
    ['000001.sql', true, true],
    ['000002.sql', false, true],
  ])
  expect(asides).toEqual([expect.objectContaining({ path: 'migrations/current/2.sql', kind: 'draft' })])
  expect(notices).toEqual([])
})

test.each([
  ['--! no-transaction\nSELECT 1;', false],
  ['\n\n--!no-transaction because\nSELECT 1;', false],
  ['--! no-transactions\nSELECT 1;', true],
  ['-- a word\n--! no-transaction\nSELECT 1;', true],
  ['-- ! no-transaction\nSELECT 1;', true],
])('the marker is on the first line of the body: %j', (body, inTransaction) => {
  const text = committed('-', 'a', body)
  const [migration] = graphileMigrate.migrations(mapTree({ 'committed/1.sql': text }), '', options).migrations
  expect(migration?.execution.inTransaction).toBe(inTransaction)
  expect(migration?.parts?.(text).map(({ span }) => text.slice(...span))).toEqual([`\n${body}`])
})

test('names are ordered as text, as the tool sorts them; an incomplete header is refused, and breaks the chain', () => {
  const tree = mapTree({
    'committed/2.sql': committed('sha1:a', 'b', ''),
    'committed/10.sql': committed('-', 'a', ''),
    'committed/3.sql': 'SELECT 1;',
    'committed/4.sql': committed('sha1:x', 'c', ''),
  })
  const { migrations } = graphileMigrate.migrations(tree, '', options)
  const whys = migrations.map(({ id, content, remarks }) => [id, remarks?.(new TextDecoder().decode(content))])
  expect(whys).toEqual([
    ['10.sql', []],
    ['2.sql', []],
    ['3.sql', [expect.objectContaining({ kind: 'refused', why: 'its header has no `Previous` or no `Hash`' })]],
    ['4.sql', []],
  ])
  const broken = graphileMigrate
    .integrity?.(tree, '')
    .filter(({ discrepancies }) => discrepancies.some(({ what }) => what.startsWith('its `Previous`')))
  expect(broken?.map(({ path }) => path)).toEqual(['committed/4.sql'])
})

test('a missing marker is reported', () => {
  const text = committed('-', 'a', '-- a word\n--! no-transaction\nSELECT 1;')
  const [migration] = graphileMigrate.migrations(mapTree({ 'committed/1.sql': text }), '', options).migrations
  const at = text.indexOf('--! no-transaction')
  expect(migration?.remarks?.(text)).toEqual([
    {
      at: [at, at + 18],
      kind: 'ignored-opt-out',
      marker: '--! no-transaction',
      expected: 'in the first line after the header',
    },
  ])
})
