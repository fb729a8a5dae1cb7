import { expect, test } from 'vitest'
import { golangMigrate } from '../../src/systems/golang-migrate/golang-migrate.ts'
import { mapTree } from '../../src/systems/reading/tree.ts'

const options = { transaction: () => 'unknown' as const }
const treeOf = (files: readonly string[]) => mapTree(Object.fromEntries(files.map(file => [file, 'SELECT 1;'])))

test('numbers are compared as 64 bits without sign, not as text', () => {
  const tree = treeOf([
    '10_b.up.sql',
    '9_a.up.sql',
    '00000000000000000011_c.up.sql',
    '18446744073709551615_z.up.sql',
    '18446744073709551616_too_large.up.sql',
    '9223372036854775808_y.up.sql',
  ])
  const { migrations, asides } = golangMigrate.migrations(tree, '', options)
  expect(migrations.map(({ id }) => id)).toEqual(['9', '10', '11', '9223372036854775808', '18446744073709551615'])
  expect(asides?.map(({ path, kind }) => [path, kind])).toEqual([
    ['18446744073709551616_too_large.up.sql', 'never-runs'],
  ])
})

test('migrations are files in the folder itself, with .up. or .down. before the ending, in lower case', () => {
  const tree = treeOf([
    'm/1_a.up.sql',
    'm/1_a.down.sql',
    'm/2.up.sql',
    'm/3_a.UP.sql',
    'm/4_a.sql',
    'm/5_a.down.sql',
    'm/below/6_a.up.sql',
    'm/7_a.up.sql.bak',
  ])
  const { migrations, asides = [] } = golangMigrate.migrations(tree, 'm', options)
  expect(migrations.map(({ path, downPath }) => [path, downPath])).toEqual([['m/1_a.up.sql', 'm/1_a.down.sql']])
  expect(asides.map(({ path, kind }) => `${path} ${kind}`)).toEqual([
    'm/1_a.down.sql undo',
    'm/5_a.down.sql undo',
    'm/2.up.sql never-runs',
    'm/3_a.UP.sql never-runs',
    'm/4_a.sql never-runs',
  ])
})

test('two files of one version are reported, because the tool stops there', () => {
  const { notices } = golangMigrate.migrations(treeOf(['1_a.up.sql', '01_b.up.sql', '1_a.down.sql']), '', options)
  expect(notices).toEqual(['golang-migrate stops at version 1, which 01_b.up.sql and 1_a.up.sql share.'])
})

test('a file is one message outside a transaction', () => {
  const [migration] = golangMigrate.migrations(treeOf(['1_a.up.sql']), '', options).migrations
  expect(migration?.execution).toEqual({ inTransaction: false, singleMessage: true, spansFiles: false })
  expect(migration?.runner.outsideTransaction()).toBe('In a migration of its own, one statement to a file')
})

test('x-multi-statement=true cuts at every ; and does not look at quotes', () => {
  const text = 'CREATE TABLE a (x int);\nDO $$ BEGIN PERFORM 1; END $$;\n'
  const url = 'DATABASE_URL=postgres://h/d?sslmode=disable&x-multi-statement=true\n'
  const [migration] = golangMigrate.migrations(mapTree({ 'm/1_a.up.sql': text, '.env': url }), 'm', options).migrations
  expect(migration?.parts?.(text).map(({ span: [start, end] }) => text.slice(start, end))).toEqual([
    'CREATE TABLE a (x int);',
    '\nDO $$ BEGIN PERFORM 1;',
    ' END $$;',
  ])
  expect(migration?.remarks?.(text).map(({ kind }) => kind)).toEqual(['cut-body'])
  expect(migration?.runner.outsideTransaction()).toBe('In a migration of its own')
})

test('detection: a pair, and the database in an environment file', () => {
  expect(golangMigrate.detect(treeOf(['1_a.down.sql', '2_a.sql']), '')).toBeNull()
  const found = { directory: 'db', sign: 'names', because: 'db/1_a.up.sql' }
  const tree = (env: string) => mapTree({ 'db/1_a.up.sql': '', '.env': env })
  expect(golangMigrate.detect(tree('X=1\n'), 'db')).toEqual(found)
  expect(golangMigrate.detect(tree('DATABASE_URL=pgx5://u:p@h/d\n'), 'db')).toEqual(found)
  expect(golangMigrate.detect(tree('export DATABASE_URL="mysql://u:p@h/d"\n'), 'db')).toEqual({
    ...found,
    dialect: 'mysql',
  })
  expect(golangMigrate.detect(tree('DATABASE_URL=cockroachdb://h/d\n'), 'db')).toEqual({
    ...found,
    dialect: 'cockroachdb',
  })
})
