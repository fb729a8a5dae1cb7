import { describe, expect, test } from 'vitest'
import { effects, steps } from './kit/steps.ts'

const users = 'CREATE TABLE users (id bigint PRIMARY KEY, age int);'
const orders = 'CREATE TABLE orders (id bigint, user_id bigint);'
const view = 'CREATE VIEW v AS SELECT * FROM users;'
const fn = "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';"
const partitioned = 'CREATE TABLE e (ts date) PARTITION BY RANGE (ts); CREATE TABLE e1 PARTITION OF e DEFAULT;'

describe('what statements on objects lock', () => {
  test.each([
    [users + fn, 'CREATE TRIGGER g AFTER UPDATE ON users EXECUTE FUNCTION f()', ['users ShareRowExclusiveLock']],
    [partitioned + fn, 'CREATE TRIGGER g AFTER UPDATE ON e EXECUTE FUNCTION f()', ['e ShareRowExclusiveLock']],
    [
      partitioned + fn,
      'CREATE TRIGGER g AFTER UPDATE ON e FOR EACH ROW EXECUTE FUNCTION f()',
      ['e ShareRowExclusiveLock', 'e1 ShareRowExclusiveLock'],
    ],
    [
      users + orders + fn,
      'CREATE CONSTRAINT TRIGGER g AFTER UPDATE ON orders FROM users FOR EACH ROW EXECUTE FUNCTION f()',
      ['orders ShareRowExclusiveLock', 'users AccessShareLock'],
    ],
    [
      users + orders,
      'CREATE POLICY p ON users USING (EXISTS (SELECT FROM orders))',
      ['orders AccessShareLock', 'users AccessExclusiveLock'],
    ],
    [
      users + orders,
      'CREATE RULE r AS ON UPDATE TO users DO ALSO INSERT INTO orders (id) VALUES (new.id)',
      ['orders RowExclusiveLock', 'users AccessExclusiveLock'],
    ],
    [users, 'CREATE SEQUENCE s OWNED BY users.id', ['users AccessShareLock']],
    ['CREATE SEQUENCE s;', 'ALTER SEQUENCE s RESTART', ['s ShareRowExclusiveLock']],
    [partitioned, 'CREATE PUBLICATION p FOR TABLE e', ['e ShareUpdateExclusiveLock']],
    [
      `${users} CREATE TABLE vips () INHERITS (users);`,
      'CREATE PUBLICATION p FOR TABLE ONLY users',
      ['users ShareUpdateExclusiveLock'],
    ],
    [users, "COMMENT ON COLUMN users.age IS 'years'", ['users ShareUpdateExclusiveLock']],
    [users, "COMMENT ON INDEX users_pkey IS 'key'", ['users_pkey ShareUpdateExclusiveLock']],
    [users, "COMMENT ON CONSTRAINT users_pkey ON users IS 'key'", ['users AccessShareLock']],
    [users, 'GRANT SELECT ON users TO somebody', ['users AccessShareLock']],
    [users, 'GRANT SELECT ON ALL TABLES IN SCHEMA public TO somebody', []],
    [users, 'CREATE SCHEMA app CREATE TABLE t (id bigint REFERENCES public.users)', ['users ShareRowExclusiveLock']],
    [
      users + view,
      'CREATE FUNCTION g() RETURNS bigint LANGUAGE sql AS $$ SELECT count(*) FROM v $$',
      ['users AccessShareLock', 'v AccessShareLock'],
    ],
    [
      users,
      'CREATE FUNCTION g() RETURNS void LANGUAGE sql AS $$ UPDATE users SET age = 1 $$',
      ['users RowExclusiveLock'],
    ],
    [
      users,
      'SET check_function_bodies = off; CREATE FUNCTION g() RETURNS bigint LANGUAGE sql AS $$ SELECT id FROM users $$',
      [],
    ],
    [users, 'CREATE FUNCTION g() RETURNS void LANGUAGE plpgsql AS $$ BEGIN UPDATE users SET age = 1; END $$', []],
  ])('%s %s', (setup, sql, expected) => {
    expect(effects(setup, sql)).toEqual(expected)
  })

  test('GRANT locks nothing before 18', () => {
    expect(effects(users, 'GRANT SELECT ON users TO somebody', { version: 17 })).toEqual([])
  })
})

describe('statements that fail', () => {
  const one = 'CREATE FUNCTION one(a int) RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;'
  test.each([
    [one, 'CREATE FUNCTION one(a int) RETURNS int LANGUAGE sql AS $$ SELECT 1 $$', '42723'],
    [one, 'CREATE OR REPLACE FUNCTION one(a int) RETURNS bigint LANGUAGE sql AS $$ SELECT 1::bigint $$', '42P13'],
    [one, 'CREATE OR REPLACE FUNCTION one(b int) RETURNS int LANGUAGE sql AS $$ SELECT 1 $$', '42P13'],
    [one, 'CREATE OR REPLACE PROCEDURE one(a int) LANGUAGE sql AS $$ SELECT 1 $$', '42809'],
    [
      `${users} CREATE FUNCTION n() RETURNS int LANGUAGE sql AS 'SELECT 1';`,
      'CREATE TRIGGER g AFTER UPDATE ON users EXECUTE FUNCTION n()',
      '42P17',
    ],
    [users, 'ALTER POLICY p ON users USING (true)', '42704'],
    ['CREATE SCHEMA app;', 'CREATE SCHEMA app', '42P06'],
    ['CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY, x int);', 'ALTER SEQUENCE t_id_seq OWNED BY t.x', '0A000'],
    ['', 'CREATE DATABASE d', '25001'],
    ['', "ALTER SYSTEM SET work_mem = '5MB'", '25001'],
    ['', "CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION p", '25001'],
  ])('%s %s', (setup, sql, sqlstate) => {
    expect(effects(setup, sql)).toEqual([`error ${sqlstate}`])
  })

  test('a subscription without a slot can be dropped in a transaction', () => {
    const made = "CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION p WITH (connect = false);"
    expect(effects(made, 'DROP SUBSCRIPTION s')).toEqual(['error 25001'])
    expect(effects(`${made} ALTER SUBSCRIPTION s SET (slot_name = NONE);`, 'DROP SUBSCRIPTION s')).toEqual([])
  })

  // Measured on PostgreSQL 14 and 18.
  test.each([
    ['SET PUBLICATION q', ['error 25001']],
    ['SET PUBLICATION q WITH (refresh = true)', ['error 25001']],
    ['SET PUBLICATION q WITH (refresh = false)', []],
    ["CONNECTION 'host=x'", []],
    ['DISABLE', []],
  ])('ALTER SUBSCRIPTION … %s in a transaction', (change, expected) => {
    const made = `CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION p WITH (connect = false); ALTER SUBSCRIPTION s ENABLE;`
    expect(effects(made, `ALTER SUBSCRIPTION s ${change}`)).toEqual(expected)
  })
})

test.each([
  ['DROP TYPE mood', 'cannot drop type "mood" because'],
  ['DROP DOMAIN pos', 'cannot drop domain "pos" because'],
  ['DROP TYPE pos', 'cannot drop domain "pos" because'],
])('%s says which kind of type it cannot drop', (sql, expected) => {
  const setup = "CREATE TYPE mood AS ENUM ('a'); CREATE DOMAIN pos AS int; CREATE TABLE t (m mood, p pos);"
  const [failed] = steps(setup, `${sql};`)
  expect(failed?.error).toMatchObject({ sqlstate: '2BP01', message: expect.stringContaining(expected) })
})

test('statements of unknown effect are opaque', () => {
  const opaque = (sql: string) => steps('', sql).at(-1)?.opaque
  expect(opaque('REASSIGN OWNED BY a TO b')).toBe('gives away whatever a owns')
  expect(opaque('ALTER EXTENSION citext UPDATE')).toContain('update script')
  expect(opaque('IMPORT FOREIGN SCHEMA s FROM SERVER f INTO public')).toContain('foreign tables')
})
