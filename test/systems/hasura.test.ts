import { expect, test } from 'vitest'
import { hasura } from '../../src/systems/hasura/hasura.ts'
import { mapTree } from '../../src/systems/reading/tree.ts'

const options = { transaction: () => 'unknown' as const }
const config = 'version: 3\nendpoint: http://localhost:8080\nmetadata_directory: metadata\n'

test('folders of versions are ordered by number, with down files, and without empty files', () => {
  const tree = mapTree({
    'migrations/default/1700000000000_b/up.sql': 'SELECT 1;',
    'migrations/default/1700000000000_b/down.sql': 'SELECT 1;',
    'migrations/default/999_a/up.sql': 'SELECT 1;',
    'migrations/default/1700000000001_c/up.sql': '',
    'migrations/default/1700000000002_d/down.sql': 'SELECT 1;',
    'migrations/default/1700000000003_e.up.sql': 'SELECT 1;',
    'migrations/default/1700000000004_f.up.yaml': '- type: run_sql',
    'migrations/default/notes/up.sql': 'SELECT 1;',
  })
  const { migrations } = hasura.migrations(tree, 'migrations/default', options)
  expect(migrations.map(({ id, downPath, opaque }) => [id, downPath, opaque])).toEqual([
    ['999', undefined, undefined],
    ['1700000000000', 'migrations/default/1700000000000_b/down.sql', undefined],
    ['1700000000003', undefined, undefined],
    ['1700000000004', undefined, 'it is written in YAML'],
  ])
})

test.each([
  ['-- hasura:no-transaction\nSELECT 1;', false],
  ['  -- hasura:no-transaction  \r\nSELECT 1;', false],
  ['\n-- hasura:no-transaction\nSELECT 1;', true],
  ['-- hasura:no-transaction please\nSELECT 1;', true],
  ['--hasura:no-transaction\nSELECT 1;', true],
  ['SELECT 1; -- hasura:no-transaction', true],
])('the marker is the whole first line: %j', (text, inTransaction) => {
  const { migrations } = hasura.migrations(mapTree({ '1_a/up.sql': text }), '', options)
  expect(migrations[0]?.execution).toEqual({ inTransaction, singleMessage: true, spansFiles: false })
  const kinds = migrations[0]?.remarks?.(text).map(({ kind }) => kind)
  expect(kinds).toEqual([inTransaction ? 'ignored-opt-out' : 'one-message'])
})

test('is found by its configuration, database by database', () => {
  const tree = mapTree({
    'hasura/config.yaml': config,
    'hasura/metadata/databases/databases.yaml': '- name: default\n  kind: postgres\n- name: stock\n  kind: mssql\n',
    'hasura/migrations/default/1_a/up.sql': '',
    'hasura/migrations/stock/1_a/up.sql': '',
  })
  const found = { sign: 'file', because: 'hasura/config.yaml' }
  expect(hasura.detect(tree, 'hasura')).toEqual({ ...found, directory: 'hasura/migrations/default' })
  expect(hasura.detect(tree, 'hasura/migrations/stock')).toEqual({
    ...found,
    directory: 'hasura/migrations/stock',
    dialect: 'sqlserver',
  })
  expect(hasura.detect(tree, 'hasura/metadata')).toBeNull()
  expect(hasura.detect(tree, 'hasura/migrations/default/1_a')).toBeNull()
})

test('is found without it by its names: versions are milliseconds', () => {
  expect(hasura.detect(mapTree({ 'm/1700000000000_a/up.sql': '' }), 'm')).toMatchObject({
    directory: 'm',
    sign: 'names',
  })
  expect(hasura.detect(mapTree({ 'm/2024-01-01-000000_a/up.sql': '' }), 'm')).toBeNull()
  expect(hasura.detect(mapTree({ 'm/20240101000000_a/up.sql': '' }), 'm')).toBeNull()
})
