import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { plain } from '../../src/systems/plain/plain.ts'
import { compareNatural } from '../../src/systems/reading/order.ts'
import { mapTree } from '../../src/systems/reading/tree.ts'

const options = { transaction: () => 'unknown' as const }

function list(files: readonly string[], dir = '') {
  const tree = mapTree(Object.fromEntries(files.map(file => [file, 'SELECT 1'])))
  const { migrations, asides = [] } = plain.migrations(tree, dir, options)
  return { paths: migrations.map(({ path }) => path), migrations, asides }
}

describe('order', () => {
  test.each([
    [
      ['10_b.sql', '2_a.sql', '1_z.sql'],
      ['1_z.sql', '2_a.sql', '10_b.sql'],
    ],
    [
      ['1.1_b.sql', '1_z.sql', '1.10_c.sql', '1.2_d.sql'],
      ['1_z.sql', '1.1_b.sql', '1.2_d.sql', '1.10_c.sql'],
    ],
    [
      ['V10__b.sql', 'V9__a.sql'],
      ['V9__a.sql', 'V10__b.sql'],
    ],
    [
      ['20260301_b.sql', '20260228235959_a.sql'],
      ['20260301_b.sql', '20260228235959_a.sql'],
    ],
    [
      ['b/1.sql', 'a/2.sql', 'a/10.sql'],
      ['a/2.sql', 'a/10.sql', 'b/1.sql'],
    ],
    [
      ['init_2.sql', 'init.sql', 'init_10.sql'],
      ['init.sql', 'init_2.sql', 'init_10.sql'],
    ],
    [
      ['0002.sql', '001.sql', '01.sql', '1.sql'],
      ['001.sql', '01.sql', '1.sql', '0002.sql'],
    ],
  ])('%j', (given, expected) => {
    expect(list(given).paths).toEqual(expected)
  })

  test('is total: the result of sorting does not depend on the initial order', () => {
    const name = fc.stringMatching(/^[V0-9ab_./]{1,8}$/)
    fc.assert(
      fc.property(name, name, name, (a, b, c) => {
        expect(Math.sign(compareNatural(a, b)) + Math.sign(compareNatural(b, a))).toBe(0)
        expect(compareNatural(a, b) === 0).toBe(a === b)
        if (compareNatural(a, b) <= 0 && compareNatural(b, c) <= 0) expect(compareNatural(a, c)).toBeLessThanOrEqual(0)
      }),
    )
  })
})

test('files that take a migration back are left out, and named', () => {
  const { paths, migrations, asides } = list([
    '1_a.up.sql',
    '1_a.down.sql',
    '2_b_down.sql',
    '3/up.sql',
    '3/down.sql',
    'undo/4.sql',
    '5_add_rollback.sql',
    '6_x.sql',
    '6_x_rollback.sql',
    '7_shutdown.sql',
    'notes.txt',
  ])
  expect(paths).toEqual(['1_a.up.sql', '3/up.sql', '5_add_rollback.sql', '6_x.sql', '7_shutdown.sql'])
  expect(asides.map(({ path, kind }) => `${kind} ${path}`)).toEqual([
    'undo 1_a.down.sql',
    'undo 2_b_down.sql',
    'undo 3/down.sql',
    'undo 6_x_rollback.sql',
    'undo undo/4.sql',
  ])
  expect(migrations.map(({ downPath }) => downPath)).toEqual([
    '1_a.down.sql',
    '3/down.sql',
    undefined,
    '6_x_rollback.sql',
    undefined,
  ])
})

test('only files below the directory count, in all its folders', () => {
  expect(
    list(['db/1.sql', 'db/sub/2.sql', 'db/.git/3.sql', 'db/node_modules/4.sql', 'other/5.sql'], 'db').paths,
  ).toEqual(['db/1.sql', 'db/sub/2.sql'])
  // The linted folder itself may have any name.
  expect(list(['down/1.sql'], 'down').paths).toEqual(['down/1.sql'])
})

test('a file that cannot be read is reported, and the others are read', () => {
  const tree = {
    ...mapTree({ '1.sql': 'SELECT 1', '2.sql': '' }),
    read(path: string) {
      if (path === '1.sql') throw new Error('permission denied')
      return new Uint8Array()
    },
  }
  const { migrations, notices } = plain.migrations(tree, '', options)
  expect(migrations.map(({ path }) => path)).toEqual(['2.sql'])
  expect(notices).toEqual([{ path: '1.sql', why: 'permission denied' }])
})

test('the options decide how a file runs, and advice follows them', () => {
  const tree = mapTree({ '1.sql': '', '2.sql': '' })
  const { migrations } = plain.migrations(tree, '', { transaction: path => (path === '1.sql' ? 'wrapped' : 'none') })
  expect(migrations.map(({ execution }) => execution.inTransaction)).toEqual([true, false])
  expect(migrations[0]?.runner.outsideTransaction()).toBe('In a migration of its own that runs outside a transaction')
  for (const { runner } of migrations)
    expect([runner.outsideTransaction(), runner.laterMigration()].join('\n')).toMatch(/^[A-Z].*[^:]\n[A-Z].*[^:]$/)
})

test.each([
  ['sqlc', '-- name: DeleteAll :exec\nDELETE FROM users;\n'],
  ['sqlc, in the other comment', '/* name: GetUser :one */\nSELECT 1;\n'],
  ['HugSQL', '-- :name get-user :? :1\nSELECT 1;\n'],
])('queries of %s are left out, unless somebody calls them plain SQL', (_, content) => {
  const tree = mapTree({ 'sql/1.sql': 'SELECT 1;\n', 'sql/users.sql': content })
  const read = (system?: 'auto' | 'plain') =>
    plain.migrations(tree, 'sql', { transaction: () => 'unknown', ...(system && { system }) })
  expect(read().migrations.map(({ path }) => path)).toEqual(['sql/1.sql'])
  expect(read().asides).toEqual([
    { path: 'sql/users.sql', kind: 'queries', why: 'it has queries that code runs by name' },
  ])
  expect(read('auto').migrations).toHaveLength(1)
  expect(read('plain').migrations).toHaveLength(2)
})

test.each([
  ['a file with a number', 'sql/2_users.sql', '-- name: DeleteAll :exec\nDELETE FROM users;\n'],
  ['a change of the schema', 'sql/users.sql', '-- name: DeleteAll :exec\nDROP TABLE users;\n'],
  ['one after a query', 'sql/users.sql', '-- name: GetUser :one\nSELECT 1;\nALTER TABLE users DROP COLUMN email;\n'],
  ['a block', 'sql/users.sql', "-- name: A :exec\nDO $$ BEGIN EXECUTE 'DROP TABLE users'; END $$;\n"],
  ['a command of psql', 'sql/users.sql', '-- name: A :one\nSELECT 1 \\gexec\n'],
  ['a text without an end', 'sql/users.sql', "-- name: A :one\nSELECT 'DROP TABLE users;\n"],
])('the comment of a query does not hide %s', (_, path, content) => {
  const tree = mapTree({ 'sql/1.sql': 'SELECT 1;\n', [path]: content })
  const { migrations, asides } = plain.migrations(tree, 'sql', { transaction: () => 'unknown' })
  expect(migrations.map(each => each.path)).toContain(path)
  expect(asides).toEqual([])
})

test('a comment of pg_dump is not the name of a query', () => {
  const tree = mapTree({ 'sql/1.sql': '-- Name: users; Type: TABLE; Schema: public; Owner: postgres\nSELECT 1;\n' })
  expect(plain.migrations(tree, 'sql', { transaction: () => 'unknown' }).migrations).toHaveLength(1)
})
