import { describe, expect, test } from 'vitest'
import { resolveType } from '../../src/postgres/type/type.ts'
import { cases } from './kit/aftermath-cases.ts'
import { backend, typeName } from './kit/model.ts'
import { effects, steps } from './kit/steps.ts'

const parted = [
  'CREATE TABLE p (a int, b int) PARTITION BY RANGE (a)',
  'CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10) PARTITION BY RANGE (a)',
  'CREATE TABLE p11 PARTITION OF p1 FOR VALUES FROM (0) TO (5);',
].join(';\n')

describe('later statements see the effects of earlier ones', () => {
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

test('a lock belongs to the first statement that took it at its strength', () => {
  const [first, second, third] = steps(
    'CREATE TABLE t (a int);',
    'LOCK TABLE t IN SHARE MODE; LOCK TABLE t IN SHARE MODE; LOCK TABLE t; LOCK TABLE t; SELECT 1;',
  ).slice(2)
  expect([...(first?.transaction.held ?? [])].map(({ takenBy }) => takenBy)).toEqual([1])
  expect([...(second?.transaction.held ?? [])].map(({ mode }) => mode)).toEqual(['AccessExclusiveLock'])
  expect(third?.transaction.held).toBe(second?.transaction.held)
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
  test('is unknown before the extension is installed', () => {
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

test('a transaction that may be open may have the savepoint', () => {
  const [made] = steps('', 'SAVEPOINT s;', { inTransaction: 'unknown' })
  expect(made?.error).toBeNull()
})

test('REINDEX SCHEMA rebuilds the indexes of that schema, as REINDEX TABLE does', () => {
  const setup = 'CREATE TABLE t (a int PRIMARY KEY); CREATE SCHEMA s; CREATE TABLE s.u (a int PRIMARY KEY);'
  const rebuilt = ['t ShareLock scan', 't_pkey AccessExclusiveLock rebuild']
  expect(effects(setup, 'REINDEX TABLE t', { inTransaction: false })).toEqual(rebuilt)
  expect(effects(setup, 'REINDEX SCHEMA public', { inTransaction: false })).toEqual(rebuilt)
})

// Measured on PostgreSQL 18, in pg_locks.
test.each([
  ['fast', ['t AccessExclusiveLock rewrite']],
  ['pg_default', ['u AccessExclusiveLock rewrite']],
  ['empty', []],
])('ALTER TABLE ALL IN TABLESPACE %s moves the tables in it', (from, expected) => {
  const setup = 'CREATE TABLE t (a int) TABLESPACE fast; CREATE TABLE u (a int);'
  const [moved] = steps(setup, `ALTER TABLE ALL IN TABLESPACE ${from} SET TABLESPACE slow;`)
  expect(effects(setup, `ALTER TABLE ALL IN TABLESPACE ${from} SET TABLESPACE slow;`)).toEqual(expected)
  expect(moved?.opaque).toBe(expected.length > 0 ? null : 'what is in tablespace "empty" is not known')
})

test('COPY … FROM does not touch existing rows', () => {
  const [copied] = steps('CREATE TABLE t (a int);', 'COPY t FROM STDIN;\n1\n\\.\n')
  expect(copied?.operations).toMatchObject([{ kind: 'copy-from', everyRow: false, fewRows: false }])
})

test('a column of an unknown type is not taken for an array', () => {
  const [made] = steps('', 'CREATE TABLE t AS SELECT nobody_knows() AS a;')
  expect(made?.operations).toMatchObject([{ columns: [{ complete: false, type: { name: 'unknown', array: false } }] }])
})

test('an unknown type keeps its written schema', () => {
  const named = (type: string) => steps('', `ALTER TYPE ${type} ADD VALUE 'x';`).flatMap(step => step.operations)
  expect(named('other.mood')).toMatchObject([{ kind: 'add-enum-value', type: 'other.mood' }])
  expect(named('mood')).toMatchObject([{ kind: 'add-enum-value', type: 'mood' }])
})

// Measured on PostgreSQL 18: "verifying table" is in the log of the second, and not of the first.
test.each([
  ['a = 1 AND b >= 0 AND b < 10', 'x AccessExclusiveLock'],
  ['b >= 0 AND b < 10', 'x AccessExclusiveLock scan'],
])('CHECK (%s) and the bounds of two columns that begin with the same value', (check, expected) => {
  const setup = `CREATE TABLE p (a int, b int) PARTITION BY RANGE (a, b);
    CREATE TABLE x (a int NOT NULL, b int NOT NULL, CHECK (${check}));`
  expect(effects(setup, 'ALTER TABLE p ATTACH PARTITION x FOR VALUES FROM (1, 0) TO (1, 10)')).toContain(expected)
})

// Measured on PostgreSQL 18, in pg_locks and EXPLAIN.
test('ALTER EXTENSION … ADD locks a table', () => {
  const setup = 'CREATE EXTENSION pg_trgm; CREATE TABLE t (a int);'
  expect(effects(setup, 'ALTER EXTENSION pg_trgm ADD TABLE t')).toEqual(['t ShareUpdateExclusiveLock'])
})

test('WHERE true reads the table, WHERE false does not', () => {
  expect(effects('CREATE TABLE t (a int);', 'UPDATE t SET a = 1 WHERE true')).toEqual(['t RowExclusiveLock scan'])
  expect(effects('CREATE TABLE t (a int);', 'UPDATE t SET a = 1 WHERE false')).toEqual(['t RowExclusiveLock'])
})

test.each([
  ['', true, false],
  ['WHERE true', true, false],
  ['WHERE b = 1', false, false],
  ['WHERE id = 1', false, true],
  ['WHERE NULL', false, true],
  ['WHERE 1 = 0', false, true],
  ['WHERE false AND b = 1', false, true],
])('UPDATE … %s: every row %s, few rows %s', (where, everyRow, fewRows) => {
  const [updated] = steps('CREATE TABLE t (id int PRIMARY KEY, b int);', `UPDATE t SET b = 2 ${where};`)
  expect(updated?.operations).toMatchObject([{ everyRow, fewRows }])
})

test.each(['(id, PERIOD b) REFERENCES u', '(id, b) REFERENCES u (id, PERIOD b)'])(
  'FOREIGN KEY %s is not known before PostgreSQL 18',
  key => {
    const setup = 'CREATE TABLE u (id int, b daterange, UNIQUE (id, b)); CREATE TABLE t (id int, b daterange);'
    expect(effects(setup, `ALTER TABLE t ADD FOREIGN KEY ${key}`, { version: 17 })).toEqual(['error 42601'])
  },
)

test('a renamed object has the names in the statement', () => {
  const renamed = (sql: string) => steps('', sql).flatMap(step => step.operations)
  expect(renamed('ALTER ROLE r RENAME TO s;')).toMatchObject([{ from: 'r', to: 's' }])
  expect(renamed('ALTER PUBLICATION p RENAME TO q;')).toMatchObject([{ from: 'p', to: 'q' }])
  expect(renamed('ALTER COLLATION c RENAME TO d;')).toMatchObject([{ from: 'c', to: 'd' }])
})

// Measured on PostgreSQL 18, in pg_locks.
test('the index of a detached partition no longer depends on the index of its table', () => {
  const setup = `CREATE TABLE p (a int) PARTITION BY LIST (a); CREATE INDEX i ON p (a);
    CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2);
    ALTER TABLE p DETACH PARTITION p1;`
  const locked = ['i', 'p', 'p2', 'p2_a_idx'].map(name => `${name} AccessExclusiveLock`)
  expect(effects(setup, 'DROP INDEX i')).toEqual(locked)
})
