import type { Node } from '@pgsql/types'
import { describe, expect, test } from 'vitest'
import { conditionsAbout } from '../../src/postgres/query/access.ts'
import { addConditions, newLevel, type Source, topContext } from '../../src/postgres/query/level.ts'
import { backend, expression } from './kit/model.ts'
import { effects, steps } from './kit/steps.ts'

const users = 'CREATE TABLE users (id bigint PRIMARY KEY, name text, age int);'
const orders = 'CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint REFERENCES users, total int, note text);'
const children = 'CREATE TABLE vips () INHERITS (users);'

describe('what a query reads', () => {
  test.each([
    ['SELECT count(*) FROM users', 'users AccessShareLock scan'],
    ['SELECT * FROM users LIMIT 5', 'users AccessShareLock'],
    ['SELECT * FROM users ORDER BY name LIMIT 5', 'users AccessShareLock scan'],
    ['SELECT * FROM users ORDER BY id LIMIT 5', 'users AccessShareLock'],
    ['SELECT 1 FROM users WHERE id = 5', 'users AccessShareLock'],
    ['SELECT 1 FROM users WHERE id IN (1, 2)', 'users AccessShareLock'],
    ["SELECT 1 FROM users WHERE name = 'a'", 'users AccessShareLock scan'],
    ["SELECT 1 FROM users WHERE id = 5 OR name = 'a'", 'users AccessShareLock scan'],
    ['SELECT 1 FROM users WHERE id > 5', 'users AccessShareLock scan ?'],
    ['SELECT 1 FROM users WHERE id BETWEEN 1 AND 9', 'users AccessShareLock'],
    ['SELECT max(id) FROM users', 'users AccessShareLock'],
    ['SELECT max(age) FROM users', 'users AccessShareLock scan'],
    ['SELECT EXISTS (SELECT FROM users)', 'users AccessShareLock'],
    // Measured in EXPLAIN: "One-Time Filter: false", or a sequential scan.
    ['SELECT FROM users WHERE false', 'users AccessShareLock'],
    ['SELECT FROM users WHERE NULL', 'users AccessShareLock'],
    ['SELECT FROM users WHERE 1 = 0', 'users AccessShareLock'],
    ['SELECT FROM users WHERE true', 'users AccessShareLock scan'],
    ['SELECT FROM users WHERE 1 = 1', 'users AccessShareLock scan'],
    ['SELECT FROM users WHERE age = 5', 'users AccessShareLock scan'],
    ['SELECT FROM users WHERE 5 = age', 'users AccessShareLock scan'],
    ['SELECT FROM users WHERE 1 <> 2', 'users AccessShareLock scan'],
    ['SELECT 1 FROM users FOR KEY SHARE', 'users RowShareLock scan'],
  ])('%s', (sql, effect) => {
    expect(effects(users, sql)).toEqual([effect])
  })

  test('WITH queries and sub-selects', () => {
    const both = users + orders
    expect(effects(both, 'WITH x AS (SELECT * FROM orders) SELECT 1 FROM users')).toEqual([
      'orders AccessShareLock',
      'users AccessShareLock scan',
    ])
    expect(effects(both, 'WITH users AS (SELECT 1) SELECT * FROM users')).toEqual([])
    expect(effects(both, 'WITH x AS (DELETE FROM orders RETURNING *) SELECT 1 FROM x')).toEqual([
      'orders RowExclusiveLock scan',
    ])
    expect(effects(both, 'SELECT (SELECT name FROM users u WHERE u.id = o.user_id) FROM orders o')).toEqual([
      'orders AccessShareLock scan',
      'users AccessShareLock',
    ])
  })

  test('joins', () => {
    const sql = 'SELECT 1 FROM users u JOIN orders o ON o.user_id = u.id'
    const both = users + orders
    expect(effects(both, `${sql} WHERE u.id = 5`)).toEqual(['orders AccessShareLock scan', 'users AccessShareLock'])
    expect(effects(both, `${sql} WHERE o.id = 5`)).toEqual(['orders AccessShareLock', 'users AccessShareLock'])
    expect(effects(both, `${sql} FOR UPDATE OF o`)).toEqual([
      'orders RowShareLock scan',
      'users AccessShareLock scan ?',
    ])
  })

  // Measured in EXPLAIN: an index finds the rows of users, as there are few on the other side.
  test.each([
    ['(VALUES (1), (2)) s (id)', ['users AccessShareLock']],
    ['(SELECT 5 AS id) s', ['users AccessShareLock scan ?']],
    ['generate_series(1, 3) s (id)', ['users AccessShareLock scan ?']],
    ['v s', ['users AccessShareLock scan ?', 'v AccessShareLock']],
  ])('a join with %s, which is not a table', (other, expected) => {
    const view = 'CREATE VIEW v AS SELECT id FROM users WHERE id = 5;'
    expect(effects(users + view, `SELECT FROM users u JOIN ${other} ON s.id = u.id`)).toEqual(expected)
  })

  test('children are read with their parent, unless ONLY', () => {
    expect(effects(users + children, 'SELECT * FROM users')).toEqual([
      'users AccessShareLock scan',
      'vips AccessShareLock scan',
    ])
    expect(effects(users + children, 'SELECT * FROM ONLY users')).toEqual(['users AccessShareLock scan'])
  })

  test('views lock what they read', () => {
    const views = `${users} CREATE VIEW v AS SELECT id, name FROM users; CREATE VIEW w AS SELECT * FROM v;`
    expect(effects(views, 'SELECT * FROM w')).toEqual([
      'users AccessShareLock scan',
      'v AccessShareLock',
      'w AccessShareLock',
    ])
    expect(effects(views, 'SELECT * FROM v WHERE id = 5')).toEqual(['users AccessShareLock', 'v AccessShareLock'])
    expect(effects(views, 'CREATE VIEW z AS SELECT * FROM w')).toEqual(['w AccessShareLock'])
    expect(effects(views, "UPDATE v SET name = 'a'")).toEqual(['users RowExclusiveLock scan', 'v RowExclusiveLock'])
  })

  test('EXPLAIN plans, EXPLAIN ANALYZE executes', () => {
    expect(effects(users, 'EXPLAIN DELETE FROM users')).toEqual(['users RowExclusiveLock'])
    expect(effects(users, 'EXPLAIN ANALYZE DELETE FROM users')).toEqual(['users RowExclusiveLock scan'])
  })

  test('functions of the migrations', () => {
    const sqlFunction = "CREATE FUNCTION f() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM users';"
    expect(effects(users + sqlFunction, 'SELECT f()')).toEqual(['users AccessShareLock scan'])
    const body = (statements: string) =>
      `CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN ${statements} END $$;`
    expect(effects(users + body('DELETE FROM users WHERE id = 5;'), 'SELECT f()')).toEqual(['users RowExclusiveLock'])
    const opaque = (statements: string) => steps(users + body(statements), 'SELECT f()')[0]?.opaque
    expect(opaque('DELETE FROM users WHERE id = 5;')).toBeNull()
    expect(opaque("EXECUTE 'DELETE FROM ' || current_user;")).toBe('it calls f(), whose body was not read')
    expect(opaque('TRUNCATE users;')).toBe('it calls f(), whose body was not read')
    expect(steps('', 'SELECT now()')[0]?.opaque).toBeNull()
  })

  test('sequence functions', () => {
    const serial = 'CREATE TABLE t (id serial PRIMARY KEY);'
    expect(effects(serial, "SELECT nextval('t_id_seq')")).toEqual(['t_id_seq RowExclusiveLock'])
    expect(effects(serial, "SELECT setval(pg_get_serial_sequence('t', 'id'), 7)")).toEqual([
      't_id_seq RowExclusiveLock',
    ])
  })

  test('a materialized view without data cannot be read', () => {
    const view = `${users} CREATE MATERIALIZED VIEW m AS SELECT * FROM users WITH NO DATA;`
    expect(effects(view, 'SELECT * FROM m')).toEqual(['error 55000'])
    expect(effects(view, 'CREATE VIEW v AS SELECT * FROM m')).toEqual(['m AccessShareLock'])
  })
})

// Measured on PostgreSQL 18, in pg_attribute.
test.each([
  ['SELECT * FROM l JOIN r USING (a)', ['a text C', 'b int4', 'c int4']],
  ['SELECT a FROM l LEFT JOIN r USING (a)', ['a text C']],
  ['SELECT * FROM l RIGHT JOIN r USING (a)', ['a text POSIX', 'b int4', 'c int4']],
  ['SELECT a FROM l RIGHT JOIN r USING (a)', ['a text POSIX']],
  ['SELECT * FROM l NATURAL RIGHT JOIN r', ['a text POSIX', 'b int4', 'c int4']],
  ['SELECT l.a FROM l RIGHT JOIN r USING (a)', ['a text C']],
])('the merged column of a join has the collation of the side whose rows are all there: %s', (query, expected) => {
  const setup = 'CREATE TABLE l (a text COLLATE "C", b int); CREATE TABLE r (a text COLLATE "POSIX", c int);'
  const [made] = steps(setup, `CREATE TABLE x AS ${query} WITH NO DATA;`)
  const x = [...(made?.after.relations.values() ?? [])].find(({ name }) => name === 'x')
  const columns = x && 'columns' in x ? x.columns : []
  expect(
    columns.map(({ name, type, collation }) => [name, type.name, ...(collation === null ? [] : [collation])].join(' ')),
  ).toEqual(expected)
})

test('what the conditions of a query are about is computed once, until there are more FROM entries or conditions', () => {
  const level = newLevel(topContext(backend(), 'execute'))
  const source = (alias: string): Source => ({
    alias,
    columns: [{ name: 'a', type: null, collation: null, uses: [] }],
    complete: true,
    relation: null,
    lock: 'AccessShareLock',
    inherits: false,
  })
  const [t, u] = [source('t'), source('u')]
  level.sources.push(t)
  const [first, second, third] = ['t.a = 1', 'u.a = 2', 'u.a = 3'].map(expression) as [Node, Node, Node]
  addConditions(level, first)
  addConditions(level, second)
  const about = conditionsAbout(level, t)
  expect(about).toEqual([first])
  expect(conditionsAbout(level, t)).toBe(about)
  level.sources.push(u)
  expect(conditionsAbout(level, u)).toEqual([second])
  addConditions(level, third)
  expect(conditionsAbout(level, u)).toEqual([second, third])
})

test.each([
  ["SELECT create_hypertable('orders', 'id')", 'it calls create_hypertable(), which is not in the migrations'],
  ["SELECT * FROM partman.create_parent('orders')", 'it calls partman.create_parent(), which is not in the migrations'],
  ["SELECT setval('s', 1), count(*), uuid_generate_v4() FROM generate_series(1, 9)", null],
  ["SELECT pg_catalog.set_config('search_path', '', false), extract(year FROM now()), coalesce(NULL, 1)", null],
])('an unknown function is opaque: %s', (sql, reason) => {
  expect(steps('', sql)[0]?.opaque).toBe(reason)
})
