import { describe, expect, test } from 'vitest'
import { failures, found } from './kit/found.ts'

// What PostgreSQL does and refuses, so that no failure is claimed that does not happen.

describe('keys that PostgreSQL merges are not a failure', () => {
  const keys = [
    'CONSTRAINT k UNIQUE (a)',
    'CONSTRAINT k PRIMARY KEY (a)',
    'CONSTRAINT k EXCLUDE (a WITH =)',
    'UNIQUE (a)',
  ]
  test.each(keys)('%s twice, or beside a UNIQUE of the same column and name', async key => {
    const other = key.includes('PRIMARY') ? 'CONSTRAINT k UNIQUE (a)' : key
    expect(failures(await found([`CREATE TABLE t (a int, ${key}, ${other});`]))).toEqual([])
  })

  test.each([
    ['CONSTRAINT k UNIQUE (a), CONSTRAINT l UNIQUE (a)', 'l'],
    ['UNIQUE (a), CONSTRAINT k UNIQUE (a)', 't_a_key'],
    ['PRIMARY KEY (a), CONSTRAINT k UNIQUE (a)', 't_pkey'],
  ])('%s leaves no constraint %s', async (constraints, name) => {
    const sql = [`CREATE TABLE t (a int, ${constraints});`, `ALTER TABLE t DROP CONSTRAINT ${name};`]
    expect(failures(await found(sql))).toHaveLength(1)
  })

  test('different keys of one name fail', async () => {
    for (const other of ['UNIQUE (b)', 'UNIQUE (a) DEFERRABLE', 'UNIQUE NULLS NOT DISTINCT (a)', 'CHECK (a > 0)'])
      expect(
        failures(await found([`CREATE TABLE t (a int, b int, CONSTRAINT k UNIQUE (a), CONSTRAINT k ${other});`])),
      ).toHaveLength(1)
  })
})

test('a partitioned index of a table that no migration creates may get the index of any table', async () => {
  const said = await found([
    'CREATE INDEX i ON ONLY events (kind); ALTER INDEX i ATTACH PARTITION j;',
    'CREATE INDEX k ON events_05 (kind); ALTER INDEX i ATTACH PARTITION k;',
  ])
  expect(failures(said)).toEqual([])
})

test('a value without a name may be for a column of an unknown parent', async () => {
  const child = 'CREATE TABLE child (a int GENERATED ALWAYS AS (1) STORED) INHERITS (parent);'
  expect(failures(await found([child, 'INSERT INTO child VALUES (1);']))).toEqual([])
  expect(failures(await found([child, 'INSERT INTO child (a) VALUES (1);']))).toHaveLength(1)
})

// Run on PGlite.
test.each([
  ['CLUSTER u USING t_pkey', 'is not an index for table'],
  ['CLUSTER u USING t', 'is not an index ('],
  ['CLUSTER u USING nothing', 'does not exist'],
  ['ALTER TABLE u CLUSTER ON t_pkey', 'is not an index for table'],
  ['ALTER TABLE u REPLICA IDENTITY USING INDEX t_pkey', 'is not an index for table'],
  ['CLUSTER unknown USING t_pkey', 'is not an index for table'],
])('an index of another table is certainly wrong: %s', async (sql, words) => {
  const made = 'CREATE TABLE t (id int PRIMARY KEY); CREATE TABLE u (id int PRIMARY KEY);'
  expect(failures(await found([made, `${sql};`])).join()).toContain(words)
  expect(failures(await found([made, 'CLUSTER u USING u_pkey; CLUSTER v USING v_pkey; CLUSTER v USING w;']))).toEqual(
    [],
  )
})

// Run on PostgreSQL 17 and 18.
describe.each(['17', '18'])('what ALTER TABLE on PostgreSQL %s does in passes', version => {
  const add = 'ADD COLUMN c int GENERATED ALWAYS AS (a) STORED'
  test.each([
    [`${add}, ALTER COLUMN c SET EXPRESSION AS (a * 2)`, ''],
    [`ALTER COLUMN c SET EXPRESSION AS (a * 2), ${add}`, ''],
    [`${add}, ALTER COLUMN c SET EXPRESSION AS (a * 2), ALTER COLUMN c SET NOT NULL`, ''],
    ['ADD COLUMN c int, ALTER COLUMN c SET EXPRESSION AS (a * 2)', '55000'],
    ['ADD COLUMN c int DEFAULT 1, ALTER COLUMN c DROP DEFAULT', '42703'],
    [`${add}, ALTER COLUMN c DROP EXPRESSION`, '42703'],
    ['ADD COLUMN c text, ALTER COLUMN c TYPE uuid USING c::uuid', '42703'],
  ])('%s', async (commands, sqlstate) => {
    const said = await found(['CREATE TABLE t (id int PRIMARY KEY, a int);', `ALTER TABLE t ${commands};`], version)
    expect(/SQLSTATE (\w+)/.exec(failures(said).join())?.[1] ?? '').toBe(sqlstate)
  })

  test.each([
    ['text', 'gen_random_uuid()', 'uuid', true],
    ['text', 'now()', 'timestamptz', true],
    ['text', '1', 'int', true],
    ['int', "'1'", 'text', true],
    ['varchar(10)', "'a'::varchar(10)", 'text', true],
    ['text', "'x'", 'uuid', false],
    ['text', "md5('a')", 'uuid', false],
    ['varchar', "'1'", 'int', false],
    ['text', "'{}'", 'jsonb', false],
  ])('a default of %s, %s, when the column becomes %s', async (type, value, to, isCast) => {
    const sql = [`CREATE TABLE d (c ${type} DEFAULT ${value});`, `ALTER TABLE d ALTER COLUMN c TYPE ${to} USING NULL;`]
    expect(failures(await found(sql, version)).some(each => each.includes('42804'))).toBe(!isCast)
  })
})

test.each([
  ['a type', "DO $$ BEGIN CREATE TYPE mood AS ENUM ('a'); EXCEPTION WHEN duplicate_object THEN NULL; END $$;"],
  [
    'a type, in an inner block',
    "DO $$ BEGIN BEGIN CREATE TYPE mood AS ENUM ('a'); EXCEPTION WHEN duplicate_object THEN NULL; END; END $$;",
  ],
  ['a column', 'DO $$ BEGIN ALTER TABLE t ADD COLUMN id int; EXCEPTION WHEN duplicate_column THEN NULL; END $$;'],
])('a failure that a handler catches does not stop a migration: %s', async (_, block) => {
  expect(failures(await found(["CREATE TYPE mood AS ENUM ('a'); CREATE TABLE t (id int);", block]))).toEqual([])
})

test('a statement in a block with a handler blocks others as any does', async () => {
  const key = 'ALTER TABLE u ADD CONSTRAINT k FOREIGN KEY (id) REFERENCES t (id);'
  const tables = 'CREATE TABLE t (id int PRIMARY KEY); CREATE TABLE u (id int);'
  const block = `DO $$ BEGIN ${key} EXCEPTION WHEN duplicate_object THEN NULL; END $$;`
  const alone = (await found([tables, key])).filter(line => line.startsWith('error'))
  expect(alone).toHaveLength(1)
  expect((await found([tables, block])).filter(line => line.startsWith('error'))).toEqual(alone)
})

const kid = 'CREATE TABLE a (id int, n int, CONSTRAINT p CHECK (n > 0)); CREATE TABLE kid () INHERITS (a);'

test.each([
  [kid, 'ALTER TABLE kid NO INHERIT a; ALTER TABLE kid DROP CONSTRAINT p; ALTER TABLE kid DROP COLUMN n;', 0],
  [
    `${kid} CREATE TABLE b (n int); ALTER TABLE kid INHERIT b;`,
    'ALTER TABLE kid NO INHERIT b; ALTER TABLE kid DROP COLUMN n;',
    1,
  ],
])('what a table inherited is its own after NO INHERIT: %s %s', async (before, after, expected) => {
  expect(failures(await found([before, after]))).toHaveLength(expected)
})
