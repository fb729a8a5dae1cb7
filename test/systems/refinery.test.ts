import { expect, test } from 'vitest'
import { mapTree } from '../../src/systems/reading/tree.ts'
import { refinery } from '../../src/systems/refinery/refinery.ts'

const options = { transaction: () => 'unknown' as const }
const treeOf = (files: readonly string[]) => mapTree(Object.fromEntries(files.map(file => [file, 'SELECT 1;'])))

test('V and U are ordered together by number, over all folders; U is not a down migration', () => {
  const tree = treeOf(['m/V10__c.sql', 'm/U9__b.sql', 'm/2024/V2__a.sql', 'm/V11__d.rs', 'm/mod.rs'])
  const { migrations, asides } = refinery.migrations(tree, 'm', options)
  expect(migrations.map(({ path, opaque }) => [path, opaque])).toEqual([
    ['m/2024/V2__a.sql', undefined],
    ['m/U9__b.sql', undefined],
    ['m/V10__c.sql', undefined],
    ['m/V11__d.rs', 'it is written in Rust'],
  ])
  expect(asides).toEqual([])
})

test.each(['V1_a.sql', 'v1__a.sql', 'R__a.sql', 'V__a.sql', 'V1__a-b.sql', 'V1__.sql', 'V1.5__a.sql', 'V1__a.SQL'])(
  '%s never runs',
  name => {
    const { migrations, asides } = refinery.migrations(treeOf([name]), '', options)
    expect(migrations).toEqual([])
    expect(asides?.map(({ path, kind }) => [path, kind])).toEqual([[name, 'never-runs']])
  },
)

test('a file is one message in a transaction, and there is no way out', () => {
  const [migration] = refinery.migrations(treeOf(['V1__a.sql']), '', options).migrations
  expect(migration?.execution).toEqual({ inTransaction: true, singleMessage: true, spansFiles: false })
  expect(migration?.runner.outsideTransaction()).toMatch(/^By hand, not in a migration .*\)$/)
})

test('detection: by the crate, as Flyway has the same names', () => {
  const detect = (files: Record<string, string>, dir: string) => refinery.detect(mapTree(files), dir)
  const files = {
    'c/migrations/2024/V1__a.sql': '',
    'c/Cargo.toml': '[dependencies]\nrefinery = { features = ["postgres"] }',
  }
  const found = { directory: 'c/migrations', sign: 'dependency', because: 'refinery in c/Cargo.toml' }
  expect(detect(files, 'c')).toEqual(found)
  expect(detect({ 'm/V1__a.sql': '' }, 'm')).toBeNull()
  expect(detect({ ...files, 'c/sql/V1__a.sql': '' }, 'c/sql')).toEqual({ ...found, directory: 'c/sql' })
  const sqlite = { ...files, 'c/Cargo.toml': '[dependencies]\nrefinery = { features = ["rusqlite"] }' }
  expect(detect(sqlite, 'c')).toEqual({ ...found, dialect: 'sqlite' })
  const toml = (type: string) => detect({ 'refinery.toml': `[main]\ndb_type = "${type}"\n` }, '')
  expect(toml('Postgres')).toEqual({ directory: 'migrations', sign: 'file', because: 'refinery.toml' })
  expect(toml('Mysql')?.dialect).toBe('mysql')
})
