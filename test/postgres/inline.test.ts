import { expect, test } from 'vitest'
import { effects, steps } from './kit/steps.ts'

// Measured on PostgreSQL 18, by pg_relation_filenode: a function that is not declared immutable is called for every row, unless its body
// replaces the call. A body with aggregates, or one that returns no row or several, cannot do that.
test.each([
  ['bigint', 'SELECT 1::bigint', false],
  ['bigint', 'SELECT count(*)', true],
  ['bigint', 'SELECT count(1)', true],
  ['bigint', 'SELECT count(1) FILTER (WHERE true)', true],
  ['bigint', 'SELECT count(DISTINCT 1)', true],
  ['int[]', 'SELECT array_agg(1 ORDER BY 1)', true],
  ['bigint', 'SELECT row_number() OVER ()', true],
  ['bigint', 'SELECT 1::bigint WHERE true', true],
  ['bigint', 'SELECT DISTINCT 1::bigint', true],
  ['bigint', 'SELECT 1::bigint LIMIT 1', true],
  ['int', 'SELECT generate_series(1, 1)', true],
  ['int', 'SELECT total(1)', true],
  ['int', 'SELECT total(DISTINCT 1)', true],
  ['int', 'SELECT definer()', false],
  ['int', 'SELECT many()', true],
  ['int', 'SELECT rows()', true],
  ['pair', 'SELECT 1, 2', true],
  ['bigint', 'VALUES (1::bigint)', true],
])('a default that calls a function whose body is (%s) %s', (type, body, rewrites) => {
  const setup = `CREATE TABLE t (a int); INSERT INTO t VALUES (1);
    CREATE TYPE pair AS (x int, y int);
    CREATE AGGREGATE total(int) (SFUNC = int4pl, STYPE = int);
    CREATE FUNCTION definer() RETURNS int LANGUAGE sql IMMUTABLE SECURITY DEFINER AS 'SELECT 1';
    CREATE FUNCTION many() RETURNS SETOF int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
    CREATE FUNCTION rows() RETURNS TABLE (x int) LANGUAGE sql IMMUTABLE AS 'SELECT 1';
    CREATE FUNCTION f() RETURNS ${type} LANGUAGE sql AS '${body}';`
  expect(effects(setup, `ALTER TABLE t ADD COLUMN b ${type} DEFAULT f()`)).toEqual([
    `t AccessExclusiveLock${rewrites ? ' rewrite' : ''}`,
  ])
})

test.each([
  ['RETURN 1', false],
  ['RETURN count(*)', true],
  ['BEGIN ATOMIC SELECT 1; END', false],
  ['BEGIN ATOMIC SELECT count(*); END', true],
  ['BEGIN ATOMIC SELECT 1; SELECT 2; END', true],
])('a default that calls a function with the SQL body %s', (body, rewrites) => {
  const setup = `CREATE TABLE t (a int); INSERT INTO t VALUES (1); CREATE FUNCTION f() RETURNS bigint ${body};`
  expect(effects(setup, 'ALTER TABLE t ADD COLUMN b bigint DEFAULT f()')).toEqual([
    `t AccessExclusiveLock${rewrites ? ' rewrite' : ''}`,
  ])
})

// inline_function (clauses.c): a volatile argument is evaluated once, so a body that uses it twice stays a call.
test.each([
  ['SELECT $1 * 2', 'random() is volatile'],
  ['SELECT $1 + $1', 'f() is volatile'],
])('a default whose function has the body %s is computed for each row because %s', (body, because) => {
  const setup = `CREATE TABLE t (a int); CREATE FUNCTION f(float) RETURNS float LANGUAGE sql AS '${body}';`
  const [effect] = steps(setup, 'ALTER TABLE t ADD COLUMN b float DEFAULT f(random())').at(-1)?.effects ?? []
  expect([effect?.work, effect?.because]).toEqual(['rewrite', expect.stringContaining(because)])
})
