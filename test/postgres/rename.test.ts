import { describe, expect, test } from 'vitest'
import { effects } from './kit/steps.ts'

const users = 'CREATE TABLE users (id bigint PRIMARY KEY, age int CONSTRAINT positive CHECK (age > 0));'
const events = `CREATE TABLE events (id bigint, ts date) PARTITION BY RANGE (ts);
  CREATE TABLE events_1 PARTITION OF events DEFAULT;`
const trigger = (table: string) =>
  `CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
   CREATE TRIGGER g AFTER UPDATE ON ${table} FOR EACH ROW EXECUTE FUNCTION f();`

describe('what a rename locks', () => {
  test.each([
    [users, 'ALTER INDEX users_pkey RENAME TO pk', ['users_pkey ShareUpdateExclusiveLock']],
    [users, 'ALTER TABLE users_pkey RENAME TO pk', ['users_pkey AccessExclusiveLock']],
    [users, 'ALTER INDEX users RENAME TO people', ['users AccessExclusiveLock']],
    [
      users,
      'ALTER TABLE users RENAME CONSTRAINT users_pkey TO pk',
      ['users AccessExclusiveLock', 'users_pkey ShareUpdateExclusiveLock'],
    ],
    [events, 'ALTER TABLE events RENAME TO old', ['events AccessExclusiveLock']],
    [
      events,
      'ALTER TABLE events RENAME COLUMN id TO key',
      ['events AccessExclusiveLock', 'events_1 AccessExclusiveLock'],
    ],
    [events, 'ALTER TABLE ONLY events RENAME COLUMN id TO key', ['error 42P16']],
    [events, 'ALTER TABLE events_1 RENAME COLUMN id TO key', ['error 42P16']],
    [users, 'ALTER TABLE users RENAME COLUMN age TO id', ['error 42701']],
    [users, 'ALTER TABLE users RENAME COLUMN nothing TO id', ['error 42703']],
    ["CREATE TYPE mood AS ENUM ('ok');", 'ALTER TYPE mood RENAME TO feeling', []],
    ['CREATE SCHEMA app; CREATE TABLE app.t (id int);', 'ALTER SCHEMA app RENAME TO application', []],
  ])('%s %s', (setup, sql, expected) => {
    expect(effects(setup, sql)).toEqual(expected)
  })

  test('a trigger on a partitioned table renames its clones since 15', () => {
    const setup = events + trigger('events')
    expect(effects(setup, 'ALTER TRIGGER g ON events RENAME TO h', { version: 14 })).toEqual([
      'events AccessExclusiveLock',
    ])
    expect(effects(setup, 'ALTER TRIGGER g ON events RENAME TO h', { version: 15 })).toHaveLength(2)
    const clone = 'ALTER TRIGGER g ON events_1 RENAME TO h'
    expect(effects(setup, clone, { version: 14 })).toEqual(['events_1 AccessExclusiveLock'])
    expect(effects(setup, clone, { version: 15 })).toEqual(['error XX000'])
    expect(effects(setup, clone, { version: 18 })).toEqual(['error 0A000'])
  })
})

describe('everything follows a rename', () => {
  test('constraints, indexes and views follow a column', () => {
    const setup = `${users} CREATE VIEW v AS SELECT age FROM users; ALTER TABLE users RENAME COLUMN age TO years;`
    expect(effects(setup, 'ALTER TABLE users DROP COLUMN years')).toEqual(['error 2BP01'])
    expect(effects(setup, 'ALTER TABLE users RENAME COLUMN age TO x')).toEqual(['error 42703'])
  })

  test('defaults follow a sequence, columns follow a type', () => {
    const serial = 'CREATE TABLE t (id serial); ALTER SEQUENCE t_id_seq RENAME TO ids;'
    expect(effects(serial, 'DROP SEQUENCE ids')).toEqual(['error 2BP01'])
    const mood = "CREATE TYPE mood AS ENUM ('ok'); CREATE TABLE t (m mood); ALTER TYPE mood RENAME TO feeling;"
    expect(effects(mood, 'DROP TYPE feeling')).toEqual(['error 2BP01'])
  })

  test('the content of a schema follows it', () => {
    const setup =
      "CREATE SCHEMA a; CREATE TYPE a.m AS ENUM ('x'); CREATE TABLE a.t (m a.m); ALTER SCHEMA a RENAME TO b;"
    expect(effects(setup, 'DROP TYPE b.m')).toEqual(['error 2BP01'])
    expect(effects(setup, 'DROP TABLE b.t')).toEqual(['b.t AccessExclusiveLock'])
  })

  test('SET SCHEMA moves owned sequences, too', () => {
    const setup = 'CREATE SCHEMA a; CREATE TABLE t (id serial);'
    expect(effects(setup, 'ALTER TABLE t SET SCHEMA a')).toEqual([
      't AccessExclusiveLock',
      't_id_seq AccessExclusiveLock',
    ])
    expect(effects(setup, 'ALTER SEQUENCE t_id_seq SET SCHEMA a')).toEqual(['error 0A000'])
  })
})
