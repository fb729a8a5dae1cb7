import { expect, test } from 'vitest'
import { postgresMigrations } from '../../src/systems/postgres-migrations/postgres-migrations.ts'
import { mapTree } from '../../src/systems/reading/tree.ts'

const options = { transaction: () => 'unknown' as const }
const marker = '-- postgres-migrations disable-transaction'
const manifest = '{ "dependencies": { "postgres-migrations": "^5.3.0" } }'

test('files are ordered by number, however it is written', () => {
  const tree = mapTree({
    'db/0001-a.sql': 'SELECT 1;',
    'db/2_b.sql': `SELECT 1; ${marker}`,
    'db/00003c.SQL': '-- postgres-migrations disable transaction',
    'db/4-d.js': 'module.exports.generateSql = () => `SELECT 1`',
    'db/README.md': '',
  })
  const { migrations, notices } = postgresMigrations.migrations(tree, 'db', options)
  expect(migrations.map(({ id, execution, opaque }) => [id, execution.inTransaction, opaque])).toEqual([
    ['1', true, undefined],
    ['2', false, undefined],
    ['3', true, undefined],
    ['4', true, 'it is written in JavaScript'],
  ])
  expect(migrations.every(({ execution }) => execution.singleMessage && !execution.spansFiles)).toBe(true)
  expect(notices).toEqual([])
})

test('gaps, shared numbers and names without a number stop it', () => {
  const tree = mapTree({ '1_a.sql': '', '3_b.sql': '', 'x.sql': '' })
  const { migrations, notices } = postgresMigrations.migrations(tree, '', options)
  expect(notices).toEqual(['postgres-migrations refuses x.sql: its name does not begin with a number.'])
  expect(migrations.map(({ remarks }) => remarks?.('').map(({ kind }) => kind))).toEqual([[], ['refused']])
})

test('a marker with other letters is reported', () => {
  const text = 'SELECT 1;\n--postgres-migrations disable-transaction\n'
  const [migration] = postgresMigrations.migrations(mapTree({ '1_a.sql': text }), '', options).migrations
  expect(migration?.execution.inTransaction).toBe(true)
  expect(migration?.remarks?.(text)).toEqual([expect.objectContaining({ at: [10, 51], kind: 'ignored-opt-out' })])
})

test('is recognised by its marker, or by the dependency and numbers without gaps', () => {
  const files = { 'db/1_a.sql': 'SELECT 1;', 'db/2_b.sql': 'SELECT 1;' }
  expect(postgresMigrations.detect(mapTree(files), 'db')).toBeNull()
  expect(postgresMigrations.detect(mapTree({ ...files, 'package.json': manifest }), 'db')).toEqual({
    directory: 'db',
    sign: 'dependency',
    because: 'postgres-migrations in package.json',
  })
  expect(postgresMigrations.detect(mapTree({ ...files, 'db/9_c.sql': '', 'package.json': manifest }), 'db')).toBeNull()
  expect(postgresMigrations.detect(mapTree({ ...files, 'db/2_b.sql': marker }), 'db')).toMatchObject({ sign: 'marker' })
})
