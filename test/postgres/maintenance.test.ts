import { describe, expect, test } from 'vitest'
import { effects } from './kit/steps.ts'

const users = 'CREATE TABLE users (id bigint PRIMARY KEY, age int);'
const events = `CREATE TABLE events (ts date NOT NULL) PARTITION BY RANGE (ts);
  CREATE TABLE events_2023 PARTITION OF events FOR VALUES FROM ('2023-01-01') TO ('2024-01-01');
  CREATE INDEX events_ts ON events (ts);`
const alone = { inTransaction: false }

describe('outside of a transaction block only', () => {
  test.each([
    'VACUUM users',
    'VACUUM',
    'CLUSTER',
    'REINDEX TABLE CONCURRENTLY users',
    'REINDEX SCHEMA public',
    'REINDEX DATABASE',
    'REINDEX TABLE events',
    'REINDEX INDEX events_ts',
    'CLUSTER events USING events_ts',
  ])('%s', sql => {
    expect(effects(users + events, sql)).toEqual(['error 25001'])
    expect(effects(users + events, sql, alone)).not.toEqual(['error 25001'])
  })

  test('partitioned tables, by version', () => {
    expect(effects(events, 'REINDEX TABLE events', { version: 13 })).toEqual(['events ShareLock'])
    expect(effects(events, 'REINDEX INDEX events_ts', { version: 13 })).toEqual(['error 0A000'])
    expect(effects(events, 'CLUSTER events USING events_ts', { version: 14 })).toEqual(['error 0A000'])
  })
})

test('LOCK TABLE needs a transaction block', () => {
  expect(effects(users, 'LOCK TABLE users', alone)).toEqual(['error 25P01'])
  expect(effects(users, 'LOCK TABLE users IN SHARE MODE')).toEqual(['users ShareLock'])
  expect(effects(`${users} CREATE VIEW v AS SELECT * FROM users;`, 'LOCK TABLE v')).toEqual([
    'users AccessExclusiveLock',
    'v AccessExclusiveLock',
  ])
})

describe('VACUUM', () => {
  test.each([
    ['VACUUM users', ['users ShareUpdateExclusiveLock scan']],
    ['VACUUM (FULL false) users', ['users ShareUpdateExclusiveLock scan']],
    ['VACUUM FULL users', ['users AccessExclusiveLock rewrite', 'users_pkey AccessExclusiveLock rebuild']],
  ])('%s', (sql, expected) => {
    expect(effects(users, sql, alone)).toEqual(expected)
  })
})

describe('CLUSTER', () => {
  const rewritten = ['users AccessExclusiveLock rewrite', 'users_pkey AccessExclusiveLock rebuild']

  test('remembers its index', () => {
    expect(effects(users, 'CLUSTER users')).toEqual(['error 42704'])
    expect(effects(users, 'CLUSTER users USING users_pkey')).toEqual(rewritten)
    expect(effects(`${users} CLUSTER users USING users_pkey;`, 'CLUSTER users')).toEqual(rewritten)
  })

  test('indexes that CLUSTER cannot use', () => {
    expect(effects(`${users} CREATE INDEX i ON users (age) WHERE age > 3;`, 'CLUSTER users USING i')).toEqual([
      'error 0A000',
    ])
    expect(effects(`${users} CREATE INDEX i ON users USING hash (age);`, 'CLUSTER users USING i')).toEqual([
      'error 0A000',
    ])
    expect(effects(users, 'CLUSTER users USING nope')).toEqual(['error 42704'])
  })
})

describe('REINDEX', () => {
  test('table and index', () => {
    const expected = ['users ShareLock scan', 'users_pkey AccessExclusiveLock rebuild']
    expect(effects(users, 'REINDEX TABLE users')).toEqual(expected)
    expect(effects(users, 'REINDEX INDEX users_pkey')).toEqual(expected)
    expect(effects(users, 'REINDEX (CONCURRENTLY false) TABLE users')).toEqual(expected)
  })

  test('an exclusion constraint cannot be rebuilt concurrently', () => {
    const table = 'CREATE TABLE rooms (during tsrange, EXCLUDE USING gist (during WITH &&));'
    expect(effects(table, 'REINDEX INDEX CONCURRENTLY rooms_during_excl', alone)).toEqual(['error 0A000'])
    expect(effects(table, 'REINDEX TABLE CONCURRENTLY rooms', alone)).toEqual([
      'rooms ShareUpdateExclusiveLock',
      'rooms_during_excl ShareUpdateExclusiveLock',
    ])
  })

  test('wrong kinds', () => {
    expect(effects(users, 'REINDEX INDEX users')).toEqual(['error 42809'])
    expect(effects(users, 'REINDEX TABLE users_pkey')).toEqual(['error 42809'])
    expect(effects(users, 'REINDEX TABLE CONCURRENTLY pg_class', alone)).toEqual(['error 0A000'])
    expect(effects(users, 'REINDEX TABLE pg_class')).toEqual([])
  })
})

describe('TRUNCATE', () => {
  const both = `${users} CREATE TABLE orders (id serial PRIMARY KEY, user_id bigint REFERENCES users);`
  const truncated = (...names: string[]) => names.map(name => `${name} AccessExclusiveLock`)

  test('referenced tables', () => {
    expect(effects(both, 'TRUNCATE users')).toEqual(['error 0A000'])
    const all = truncated('orders', 'orders_pkey', 'users', 'users_pkey')
    expect(effects(both, 'TRUNCATE users CASCADE')).toEqual(all)
    expect(effects(both, 'TRUNCATE users, orders')).toEqual(all)
  })

  test('RESTART IDENTITY', () => {
    expect(effects(both, 'TRUNCATE orders RESTART IDENTITY')).toEqual(
      truncated('orders', 'orders_id_seq', 'orders_pkey'),
    )
  })

  test('partitions', () => {
    expect(effects(events, 'TRUNCATE ONLY events')).toEqual(['error 42809'])
    expect(effects(events, 'TRUNCATE events_2023', { version: 13 })).toContain('events AccessShareLock')
    expect(effects(events, 'TRUNCATE events_2023', { version: 14 })).not.toContain('events AccessShareLock')
  })
})

test('extended statistics', () => {
  expect(effects(users, 'CREATE STATISTICS s ON id, age FROM users')).toEqual(['users ShareUpdateExclusiveLock'])
})
