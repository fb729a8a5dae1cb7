import { describe, expect, test } from 'vitest'
import { effects, steps } from './kit/steps.ts'

const users = 'CREATE TABLE users (id bigint PRIMARY KEY, age int);'
const orders = 'CREATE TABLE orders (id bigint, user_id bigint CONSTRAINT orders_user_fk REFERENCES users);'
const events = `CREATE TABLE events (id bigint, ts date, kind text, PRIMARY KEY (id, ts)) PARTITION BY RANGE (ts);
  CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM ('2023-01-01') TO ('2024-01-01');
  CREATE TABLE events_d PARTITION OF events DEFAULT;`

const exclusive = (...relations: string[]) => relations.map(relation => `${relation} AccessExclusiveLock`).sort()

describe('locks of DROP', () => {
  test.each([
    [users + orders, 'DROP TABLE orders', exclusive('orders', 'users')],
    [users + orders, 'DROP TABLE users CASCADE', exclusive('orders', 'users', 'users_pkey')],
    [users + orders, 'DROP TABLE users, orders', exclusive('orders', 'users', 'users_pkey')],
    [events, 'DROP TABLE events_1', exclusive('events', 'events_1', 'events_1_pkey', 'events_d')],
    ['CREATE TABLE t (id serial, x int);', 'DROP TABLE t', exclusive('t', 't_id_seq')],
    ['CREATE TABLE t (id serial, x int);', 'DROP SEQUENCE t_id_seq CASCADE', exclusive('t', 't_id_seq')],
    [
      `${users} CREATE VIEW v AS SELECT id FROM users; CREATE VIEW w AS SELECT id FROM v;`,
      'DROP VIEW v CASCADE',
      exclusive('v', 'w'),
    ],
    [
      "CREATE TYPE mood AS ENUM ('ok'); CREATE TABLE t (m mood); CREATE INDEX i ON t (m);",
      'DROP TYPE mood CASCADE',
      exclusive('i', 't'),
    ],
    [`${users} CREATE INDEX i ON users (age);`, 'DROP INDEX i', exclusive('i', 'users')],
    ['CREATE TABLE t (c citext);', 'DROP EXTENSION citext CASCADE', exclusive('t')],
    [`${users} CREATE STATISTICS s ON id, age FROM users;`, 'DROP STATISTICS s', ['users ShareUpdateExclusiveLock']],
    [
      `${users} CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; CREATE VIEW v AS SELECT f();`,
      'DROP FUNCTION f() CASCADE',
      exclusive('v'),
    ],
    [
      'CREATE SCHEMA app; CREATE TABLE app.t (id int); CREATE VIEW v AS SELECT id FROM app.t;',
      'DROP SCHEMA app CASCADE',
      exclusive('app.t', 'v'),
    ],
    ['', 'DROP TABLE IF EXISTS somewhere', ['somewhere AccessExclusiveLock ?']],
  ])('%s %s', (setup, sql, expected) => {
    expect(effects(setup, sql)).toEqual(expected)
  })
})

describe('failures of DROP', () => {
  test.each([
    [users + orders, 'DROP TABLE users', '2BP01'],
    [users, 'DROP INDEX users_pkey CASCADE', '2BP01'],
    [users, 'DROP VIEW users', '42809'],
    [`${users} DROP TABLE users;`, 'DROP TABLE users', '42P01'],
    [
      `${events} CREATE TABLE r (id bigint, ts date, FOREIGN KEY (id, ts) REFERENCES events);`,
      'DROP TABLE events_1',
      '2BP01',
    ],
    ['CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY);', 'DROP SEQUENCE t_id_seq', '2BP01'],
    [
      `${users} CREATE FUNCTION f() RETURNS bigint RETURN (SELECT max(age) FROM users);`,
      'ALTER TABLE users DROP COLUMN age',
      '2BP01',
    ],
    [`${users} CREATE PUBLICATION p FOR TABLE users (id, age);`, 'ALTER TABLE users DROP COLUMN age', '2BP01'],
    [`${users} ALTER TABLE users OWNER TO somebody;`, 'DROP ROLE somebody', '2BP01'],
  ])('%s %s', (setup, sql, sqlstate) => {
    expect(effects(setup, sql)).toEqual([`error ${sqlstate}`])
  })

  test('DROP INDEX CONCURRENTLY: the transaction is checked first', () => {
    const setup = `${users} CREATE INDEX i ON users (age); CREATE INDEX j ON users (age);`
    expect(effects(setup, 'DROP INDEX CONCURRENTLY i, j')).toEqual(['error 25001'])
    expect(effects(setup, 'DROP INDEX CONCURRENTLY i, j', { inTransaction: false })).toEqual(['error 0A000'])
    expect(effects(setup, 'DROP INDEX CONCURRENTLY i CASCADE', { inTransaction: false })).toEqual(['error 0A000'])
    expect(effects(setup, 'DROP INDEX CONCURRENTLY i', { inTransaction: false })).toContain(
      'users ShareUpdateExclusiveLock',
    )
  })

  test('a generated column is dropped silently before 15', () => {
    const setup = 'CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a * 2) STORED);'
    expect(effects(setup, 'ALTER TABLE t DROP COLUMN a', { version: 14 })).toEqual(exclusive('t'))
    expect(effects(setup, 'ALTER TABLE t DROP COLUMN a', { version: 15 })).toEqual(['error 2BP01'])
  })
})

test('the operation has the objects that CASCADE drops', () => {
  const setup = `${users}${orders} CREATE VIEW v AS SELECT id FROM users;`
  const operation = steps(setup, 'DROP TABLE users CASCADE').at(-1)?.operations[0]
  expect(operation).toMatchObject({
    kind: 'drop-table',
    name: 'users',
    isNew: false,
    dependents: ['constraint "orders_user_fk" on table "orders"', 'view "v"'],
  })
})

test('objects that CASCADE drops are gone', () => {
  const setup = `${users}${orders} CREATE VIEW v AS SELECT id FROM users; DROP TABLE users CASCADE;`
  expect(effects(setup, 'DROP VIEW v')).toEqual(['error 42P01'])
  expect(effects(setup, 'ALTER TABLE orders DROP CONSTRAINT orders_user_fk')).toEqual(['error 42704'])
})

test('after an unknown statement, nothing is certainly missing', () => {
  const setup = `${users} DO $$ BEGIN EXECUTE current_setting('my.sql'); END $$;`
  const last = steps(setup, 'DROP TRIGGER g ON users').at(-1)
  expect(last?.error).toBeNull()
  expect(last?.unless?.message).toBe('trigger "g" for table "users" does not exist')
  expect(last?.unless?.condition).toContain('an earlier statement changed that')
})

test('a type that no migration creates is not new', () => {
  const isNew = (setup: string, sql: string) =>
    steps(setup, sql)[0]?.operations.map(each => 'isNew' in each && each.isNew)
  expect(isNew('', 'DROP TYPE mood')).toEqual([false])
  expect(isNew('', 'DROP DOMAIN IF EXISTS mood CASCADE')).toEqual([false])
  expect(isNew("CREATE TYPE mood AS ENUM ('ok')", 'DROP TYPE mood')).toEqual([false])
  expect(isNew("CREATE TYPE mood AS ENUM ('ok'); DROP TYPE mood;", 'DROP TYPE IF EXISTS mood')).toEqual([true])
})
