import { describe, expect, test } from 'vitest'
import { effects } from './kit/steps.ts'

describe('domains', () => {
  const domain = 'CREATE DOMAIN d AS int; CREATE DOMAIN e AS d;'

  test('every table with the domain, or a domain over it, is read while writers wait', () => {
    const setup = `${domain} CREATE TABLE t (c d); CREATE TABLE u (c e); CREATE MATERIALIZED VIEW m AS SELECT c FROM t;`
    const expected = ['m ShareLock scan', 't ShareLock scan', 'u ShareLock scan']
    expect(effects(setup, 'ALTER DOMAIN d SET NOT NULL')).toEqual(expected)
    expect(effects(setup, 'ALTER DOMAIN d ADD CONSTRAINT c CHECK (VALUE > 0)')).toEqual(expected)
    expect(effects(setup, 'ALTER DOMAIN e SET NOT NULL')).toEqual(['u ShareLock scan'])
    expect(effects(setup, 'ALTER DOMAIN d ADD CONSTRAINT c CHECK (VALUE > 0) NOT VALID')).toEqual([])
    expect(effects(setup, 'ALTER DOMAIN d SET DEFAULT 1')).toEqual([])
  })

  test('a domain inside other values cannot be checked', () => {
    expect(effects(`${domain} CREATE TABLE t (c d[]);`, 'ALTER DOMAIN d SET NOT NULL')).toEqual(['error 0A000'])
    const composite = `${domain} CREATE TYPE pair AS (a d, b d);`
    expect(effects(composite, 'ALTER DOMAIN d SET NOT NULL')).toEqual([])
    expect(effects(`${composite} CREATE TABLE t (c pair);`, 'ALTER DOMAIN d SET NOT NULL')).toEqual(['error 0A000'])
  })
})

describe('composite types', () => {
  const pair = 'CREATE TYPE pair AS (a int, b int);'

  test('typed tables change with their type, by CASCADE only', () => {
    const setup = `${pair} CREATE TABLE t OF pair;`
    expect(effects(setup, 'ALTER TYPE pair ADD ATTRIBUTE c int')).toEqual(['error 2BP01'])
    expect(effects(setup, 'ALTER TYPE pair ADD ATTRIBUTE c int CASCADE')).toContain('t AccessExclusiveLock')
    expect(effects(setup, 'ALTER TYPE pair ALTER ATTRIBUTE b TYPE bigint CASCADE')).toContain(
      't AccessExclusiveLock rewrite',
    )
    expect(effects(setup, 'ALTER TYPE pair RENAME ATTRIBUTE b TO c')).toEqual(['error 2BP01'])
  })

  test('an attribute of a type that is stored keeps its type', () => {
    expect(effects(`${pair} CREATE TABLE t (p pair);`, 'ALTER TYPE pair ALTER ATTRIBUTE b TYPE bigint')).toEqual([
      'error 0A000',
    ])
  })
})

describe('a label that was added in the same transaction', () => {
  const mood = "CREATE TYPE mood AS ENUM ('ok'); CREATE TABLE t (m mood, s text);"
  const add = "ALTER TYPE mood ADD VALUE 'bad';"

  test.each([
    "INSERT INTO t VALUES ('bad')",
    "INSERT INTO t (s, m) SELECT 'x', 'bad'",
    "UPDATE t SET m = 'bad'",
    "SELECT * FROM t WHERE m IN ('ok', 'bad')",
    "SELECT * FROM t WHERE m = ANY ('{bad}')",
    "SELECT 'bad'::mood",
    "ALTER TABLE t ALTER COLUMN m SET DEFAULT 'bad'",
    "ALTER TABLE t ADD COLUMN n mood DEFAULT 'bad'",
    "ALTER TABLE t ADD CHECK (m <> 'bad')",
    "CREATE INDEX ON t (s) WHERE m = 'bad'",
    "CREATE FUNCTION f() RETURNS mood LANGUAGE sql AS $$ SELECT 'bad'::mood $$",
  ])('cannot be used: %s', sql => {
    expect(effects(mood, `${add} ${sql}`)).toEqual(['error 55P04'])
    expect(effects(mood, `${add} ${sql}`, { inTransaction: false })).not.toContain('error 55P04')
  })

  test.each([
    "UPDATE t SET m = 'ok'",
    "SELECT * FROM t WHERE s = 'bad'",
    "SELECT * FROM t WHERE m::text = 'bad'",
    'ALTER TABLE t ALTER COLUMN s TYPE mood USING s::mood',
  ])('is not used: %s', sql => {
    expect(effects(mood, `${add} ${sql}`)).not.toContain('error 55P04')
  })

  test('can be used since 17 when the transaction made the type as well', () => {
    const sql = "CREATE TYPE mood AS ENUM ('ok'); ALTER TYPE mood ADD VALUE 'bad'; SELECT 'bad'::mood"
    expect(effects('', sql, { version: 16 })).toEqual(['error 55P04'])
    expect(effects('', sql, { version: 17 })).toEqual([])
  })

  test('the labels themselves', () => {
    expect(effects(mood, "ALTER TYPE mood ADD VALUE 'ok'")).toEqual(['error 42710'])
    expect(effects(mood, "ALTER TYPE mood ADD VALUE IF NOT EXISTS 'ok'")).toEqual([])
    expect(effects(mood, "ALTER TYPE mood ADD VALUE 'x' AFTER 'nothing'")).toEqual(['error 22023'])
    expect(effects(mood, "ALTER TYPE mood RENAME VALUE 'ok' TO 'fine'; INSERT INTO t VALUES ('fine')")).toEqual([
      't RowExclusiveLock',
    ])
  })
})
