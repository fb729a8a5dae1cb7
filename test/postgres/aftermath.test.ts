import { describe, expect, test } from 'vitest'
import { resolveType } from '../../src/postgres/type.ts'
import { cases } from './aftermath.ts'
import { backend, typeName } from './model.ts'
import { effects, steps } from './steps.ts'

const parted = [
  'CREATE TABLE p (a int, b int) PARTITION BY RANGE (a)',
  'CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10) PARTITION BY RANGE (a)',
  'CREATE TABLE p11 PARTITION OF p1 FOR VALUES FROM (0) TO (5);',
].join(';\n')

describe('a statement finds what those before it have left', () => {
  test.each(cases)('$about', ({ setup, statements }) => {
    const all = statements.map(([sql]) => `${sql};`).join('\n')
    const top = steps(setup, all, { inTransaction: false }).filter(({ statement }) => !statement.conditional)
    expect(top.map(({ error, opaque }) => error?.sqlstate ?? opaque)).toEqual(
      statements.map(([, sqlstate]) => sqlstate),
    )
  })
})

// Measured on PostgreSQL 18: pg_relation_filenode stays the same for the first, and changes for the second.
describe('SET ACCESS METHOD', () => {
  const setup = `CREATE ACCESS METHOD mine TYPE TABLE HANDLER heap_tableam_handler;
    CREATE TABLE t (a int) USING mine; CREATE TABLE u (a int);`
  test.each([
    ['ALTER TABLE t SET ACCESS METHOD mine', ['t AccessExclusiveLock']],
    ['ALTER TABLE t SET ACCESS METHOD heap', ['t AccessExclusiveLock rewrite']],
    ['ALTER TABLE u SET ACCESS METHOD heap', ['u AccessExclusiveLock']],
  ])('%s', (sql, expected) => {
    expect(effects(setup, sql)).toEqual(expected)
  })
})

test('pg_catalog comes before all schemas: the table of that name is not analysed', () => {
  expect(effects('CREATE TABLE pg_class (a int); CREATE TABLE t (a int);', 'ANALYZE pg_class')).toEqual([])
})

test('a lock is put down to the first statement that took it at its strength', () => {
  const [first, second, third] = steps(
    'CREATE TABLE t (a int);',
    'LOCK TABLE t IN SHARE MODE; LOCK TABLE t IN SHARE MODE; LOCK TABLE t; LOCK TABLE t; SELECT 1;',
  ).slice(2)
  expect(first?.transaction.held.map(({ takenBy }) => takenBy)).toEqual([1])
  expect(second?.transaction.held.map(({ mode }) => mode)).toEqual(['AccessExclusiveLock'])
  expect(third?.transaction.held).toEqual(second?.transaction.held)
})

test('ALTER TYPE … OWNER TO locks the row type of a composite type', () => {
  expect(effects('CREATE TYPE pair AS (a int, b int); CREATE ROLE r;', 'ALTER TYPE pair OWNER TO r')).toEqual([
    'pair AccessExclusiveLock',
  ])
})

describe('the type of an extension', () => {
  const installed = backend()
  installed.catalog = {
    ...installed.catalog,
    extensions: installed.catalog.extensions.set('citext', { schema: 'ext' }),
  }
  test.each([
    ['citext', 'ext'],
    ['ext.citext', 'ext'],
    ['other.citext', 'other'],
  ])('%s', (written, schema) => {
    expect(resolveType(installed, typeName(written))).toMatchObject({ name: 'citext', schema })
  })
  test('is not known before it is installed', () => {
    expect(resolveType(backend(), typeName('citext')).schema).toBeNull()
    expect(resolveType(backend(), typeName('ext.citext')).schema).toBe('ext')
  })
})

// Measured on PostgreSQL 18, in pg_inherits and pg_index.
describe('CREATE INDEX on a partitioned table takes indexes of the partitions', () => {
  function made(before: string) {
    const last = steps(`${parted}${before}`, 'CREATE INDEX y ON p (a);').at(-1)
    const indexes = [...(last?.after.relations.values() ?? [])].flatMap(each => ('keys' in each ? [each] : []))
    const nameOf = (oid: number | null) => indexes.find(each => each.oid === oid)?.name ?? null
    return indexes
      .map(({ name, valid, parent }) => `${name} ${valid ? 'valid' : 'invalid'} in ${nameOf(parent)}`)
      .sort()
  }
  test.each([
    [
      'one that is not valid makes the whole not valid',
      'CREATE INDEX x ON ONLY p1 (a);',
      ['x invalid in y', 'y invalid in null'],
    ],
    ['a free one', 'CREATE INDEX x ON p11 (a);', ['p1_a_idx valid in y', 'x valid in p1_a_idx', 'y valid in null']],
    [
      'not one of another column',
      'CREATE INDEX x ON p11 (b);',
      ['p11_a_idx valid in p1_a_idx', 'p1_a_idx valid in y', 'x valid in null', 'y valid in null'],
    ],
    [
      'not one that is part of another index',
      'CREATE INDEX i1 ON p (a);',
      [
        'i1 valid in null',
        'p11_a_idx valid in p1_a_idx',
        'p11_a_idx1 valid in p1_a_idx1',
        'p1_a_idx valid in i1',
        'p1_a_idx1 valid in y',
        'y valid in null',
      ],
    ],
  ])('%s', (_, before, expected) => {
    expect(made(before)).toEqual(expected)
  })
})
