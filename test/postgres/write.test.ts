import { describe, expect, test } from 'vitest'
import type { Write } from '../../src/postgres/table-operation.ts'
import { effects, steps } from './kit/steps.ts'

const users = 'CREATE TABLE users (id bigint PRIMARY KEY, name text, email text UNIQUE);'
const orders = 'CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint REFERENCES users, note text);'

function write(sql: string, setup = users): Partial<Write> {
  const [operation] = steps(setup, sql)[0]?.operations ?? []
  const { kind, everyRow, fewRows } = operation as Write
  return { kind, everyRow, fewRows }
}

describe('the number of rows that a write touches', () => {
  test.each([
    ["UPDATE users SET name = 'a'", { kind: 'update', everyRow: true, fewRows: false }],
    ["UPDATE users SET name = 'a' WHERE true", { kind: 'update', everyRow: true, fewRows: false }],
    ["UPDATE users SET name = 'a' WHERE 1 = 1", { kind: 'update', everyRow: true, fewRows: false }],
    ["UPDATE users SET name = 'a' WHERE name IS NULL", { kind: 'update', everyRow: false, fewRows: false }],
    ["UPDATE users SET name = 'a' WHERE id = 5", { kind: 'update', everyRow: false, fewRows: true }],
    [
      "UPDATE users SET name = 'a' WHERE email = 'x' AND name = 'y'",
      { kind: 'update', everyRow: false, fewRows: true },
    ],
    ["UPDATE users u SET name = 'a' WHERE u.id IN (1, 2, 3)", { kind: 'update', everyRow: false, fewRows: true }],
    ['DELETE FROM users', { kind: 'delete', everyRow: true, fewRows: false }],
    ["DELETE FROM users WHERE name = 'a'", { kind: 'delete', everyRow: false, fewRows: false }],
    ["INSERT INTO users VALUES (1, 'a')", { kind: 'insert', everyRow: false, fewRows: true }],
    ['INSERT INTO users (id) SELECT 1', { kind: 'insert', everyRow: false, fewRows: false }],
  ] as const)('%s', (sql, facts) => {
    expect(write(sql)).toEqual(facts)
  })

  // EXPLAIN on PostgreSQL 18, with 50,000 rows: an index of the key is used for those with few rows, and for those that say so.
  test.each<[string, boolean, boolean?]>([
    ['(a, b) = (1, 2)', true],
    ['(b, a) = (1, 2)', true],
    ['(a, b) IN ((1, 2), (3, 4))', true],
    ['(b, a) IN ((1, 2), (3, 4))', true],
    ['(a, c) IN ((1, 2))', false, false],
    ['(a, b) IN (VALUES (1, 2), (3, 4))', true],
    ['(a, b) IN (SELECT x, y FROM u LIMIT 5)', true],
    ['(a, b) = (SELECT max(x), max(y) FROM u)', true],
    ['a IN (VALUES (1), (2))', false, false],
    ['(a, b) IN (SELECT x, y FROM u)', false],
    ['(c, b) IN ((1, 2))', false],
    ['(a, b) > (1, 2)', false],
    ['(a, b) <> (1, 2)', false],
    ['(a, b) NOT IN ((1, 2))', false],
  ])('of a table with the key (a, b), by %s: few? %s', (condition, fewRows, scans = !fewRows) => {
    const setup = 'CREATE TABLE t (a int, b int, c int, PRIMARY KEY (a, b)); CREATE TABLE u (x int, y int);'
    expect(write(`UPDATE t SET c = 1 WHERE ${condition}`, setup)).toMatchObject({ fewRows })
    expect(effects(setup, `UPDATE t SET c = 1 WHERE ${condition}`).some(each => /^t .*scan/.test(each))).toBe(scans)
  })

  test.each([
    ["CREATE FUNCTION f() RETURNS void LANGUAGE sql AS 'DELETE FROM users'", ['create-routine']],
    [
      'CREATE FUNCTION f() RETURNS void LANGUAGE sql BEGIN ATOMIC UPDATE users SET name = NULL; END',
      ['create-routine'],
    ],
    ['CREATE RULE r AS ON INSERT TO orders DO ALSO DELETE FROM users', ['create-rule']],
    ['PREPARE p AS DELETE FROM users', ['select']],
    ['EXPLAIN DELETE FROM users', ['select']],
    ['EXPLAIN ANALYZE DELETE FROM users', ['select', 'delete']],
    ['EXPLAIN INSERT INTO users (id) VALUES (1)', ['select']],
  ])('is known only for an executed write: %s', (sql, kinds) => {
    expect(steps(users + orders, sql)[0]?.operations.map(({ kind }) => kind)).toEqual(kinds)
  })

  test('is unknown for a view whose trigger writes', () => {
    const view = `CREATE VIEW v AS SELECT * FROM users; CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
      CREATE TRIGGER g INSTEAD OF UPDATE ON v FOR EACH ROW EXECUTE FUNCTION f();`
    expect(write("UPDATE v SET name = 'a' WHERE id = 5", users + view)).toMatchObject({ fewRows: false })
  })

  test('for an unknown table, only an equality on id counts as its key', () => {
    expect(write('UPDATE t SET a = 1 WHERE id = 5', '')).toMatchObject({ fewRows: true })
    expect(write('UPDATE t SET a = 1 WHERE code = 5', '')).toMatchObject({ fewRows: false })
  })
})

describe('foreign keys', () => {
  const both = users + orders

  test('a referencing row looks up the referenced one, unless a column is NULL', () => {
    expect(effects(both, 'INSERT INTO orders (id, user_id) VALUES (1, 2)')).toEqual([
      'orders RowExclusiveLock',
      'users RowShareLock',
    ])
    expect(effects(both, 'INSERT INTO orders (id, user_id) VALUES (1, NULL)')).toEqual(['orders RowExclusiveLock'])
    expect(effects(both, 'INSERT INTO orders (id) VALUES (1)')).toEqual(['orders RowExclusiveLock'])
    expect(effects(both, 'UPDATE orders SET user_id = user_id')).toEqual(['orders RowExclusiveLock scan'])
  })

  test('of a key of several columns, all must have a value in a new row, and one must change in an old one', () => {
    const places = 'CREATE TABLE places (a int, b int, PRIMARY KEY (a, b));'
    const setup = `${places} CREATE TABLE visits (a int, b int, n int, FOREIGN KEY (a, b) REFERENCES places);`
    const looked = ['places RowShareLock', 'visits RowExclusiveLock']
    expect(effects(setup, 'INSERT INTO visits (a, b) VALUES (1, 1)')).toEqual(looked)
    expect(effects(setup, 'INSERT INTO visits (a) VALUES (1)')).toEqual(['visits RowExclusiveLock'])
    expect(effects(setup, 'INSERT INTO visits VALUES (1, NULL)')).toEqual(['visits RowExclusiveLock'])
    expect(effects(setup, 'UPDATE visits SET b = 2')).toEqual(['places RowShareLock', 'visits RowExclusiveLock scan'])
    expect(effects(setup, 'UPDATE visits SET n = 2')).toEqual(['visits RowExclusiveLock scan'])
  })

  test('the referencing table is searched when a referenced row is deleted', () => {
    const sql = 'DELETE FROM users WHERE id = 5'
    expect(effects(both, sql)).toEqual(['orders RowShareLock scan', 'users RowExclusiveLock'])
    expect(effects(`${both} CREATE INDEX ON orders (user_id);`, sql)).toEqual([
      'orders RowShareLock',
      'users RowExclusiveLock',
    ])
    expect(effects(both, "UPDATE users SET name = 'a' WHERE id = 5")).toEqual(['users RowExclusiveLock'])
    expect(effects(both, 'UPDATE users SET id = 6 WHERE id = 5')).toEqual([
      'orders RowShareLock scan',
      'users RowExclusiveLock',
    ])
  })

  test('CASCADE continues in further tables', () => {
    const cascade = `${users} CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint REFERENCES users ON DELETE CASCADE);
      CREATE TABLE items (order_id bigint REFERENCES orders ON DELETE CASCADE);`
    expect(effects(cascade, 'DELETE FROM users WHERE id = 5')).toEqual([
      'items RowExclusiveLock scan',
      'orders RowExclusiveLock scan',
      'users RowExclusiveLock',
    ])
  })

  test('a deferred constraint is checked at the end of the transaction', () => {
    const deferred = `${users} CREATE TABLE orders (id bigint, user_id bigint REFERENCES users DEFERRABLE INITIALLY DEFERRED);`
    const sql = 'INSERT INTO orders VALUES (1, 2)'
    expect(effects(deferred, sql)).toEqual(['orders RowExclusiveLock'])
    expect(effects(deferred, sql, { inTransaction: false })).toEqual(['orders RowExclusiveLock', 'users RowShareLock'])
  })
})

describe('defaults', () => {
  const setup = 'CREATE TABLE t (id serial PRIMARY KEY, n int GENERATED BY DEFAULT AS IDENTITY);'
  test.each([
    ['INSERT INTO t DEFAULT VALUES', ['t RowExclusiveLock', 't_id_seq RowExclusiveLock', 't_n_seq RowExclusiveLock']],
    ['INSERT INTO t (id, n) VALUES (1, 1)', ['t RowExclusiveLock']],
    ['INSERT INTO t (id, n) VALUES (DEFAULT, 1)', ['t RowExclusiveLock', 't_id_seq RowExclusiveLock']],
  ])('%s', (sql, expected) => {
    expect(effects(setup, sql)).toEqual(expected)
  })
})

describe('partitions', () => {
  const events = `CREATE TABLE events (id bigint, ts date NOT NULL) PARTITION BY RANGE (ts);
    CREATE TABLE events_2023 PARTITION OF events FOR VALUES FROM ('2023-01-01') TO ('2024-01-01');
    CREATE TABLE events_2024 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');`

  test('a write locks all partitions that may be touched', () => {
    expect(effects(events, 'DELETE FROM events')).toEqual([
      'events RowExclusiveLock',
      'events_2023 RowExclusiveLock scan',
      'events_2024 RowExclusiveLock scan',
    ])
  })

  test('a row goes to one partition if VALUES show which', () => {
    expect(effects(events, "INSERT INTO events VALUES (1, '2024-05-05')")).toEqual([
      'events RowExclusiveLock',
      'events_2024 RowExclusiveLock',
    ])
    expect(effects(events, "INSERT INTO events VALUES (1, '2029-05-05')")).toEqual(['error 23514'])
  })

  test('a write to a partition reads the bounds of its parents', () => {
    expect(effects(events, "INSERT INTO events_2024 VALUES (1, '2024-05-05')")).toEqual([
      'events AccessShareLock',
      'events_2024 RowExclusiveLock',
    ])
  })
})

describe('certain failures', () => {
  const identity =
    'CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, n int, g int GENERATED ALWAYS AS (n + 1) STORED);'
  test.each([
    ['INSERT INTO t (id, n) VALUES (1, 1)', '428C9'],
    ['INSERT INTO t (g) VALUES (1)', '428C9'],
    ['UPDATE t SET g = 3', '428C9'],
    ['INSERT INTO t (nope) VALUES (1)', '42703'],
    ['UPDATE t SET nope = 1', '42703'],
    ['INSERT INTO t (n) VALUES (1, 2)', '42601'],
    ['INSERT INTO t (id, n) VALUES (1)', '42601'],
    ['INSERT INTO t (n) VALUES (1) ON CONFLICT (n) DO NOTHING', '42P10'],
  ])('%s', (sql, sqlstate) => {
    expect(effects(identity, sql)).toEqual([`error ${sqlstate}`])
  })

  test('statements that PostgreSQL accepts', () => {
    const sql = 'INSERT INTO t (id, n) OVERRIDING SYSTEM VALUE VALUES (1, 1) ON CONFLICT (id) DO NOTHING'
    expect(effects(identity, sql)).toEqual(['t RowExclusiveLock'])
  })
})
