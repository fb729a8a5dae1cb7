import { describe, expect, test } from 'vitest'
import type { Relation, Table, View } from '../../src/postgres/catalog/catalog.ts'
import { typeText } from '../../src/postgres/type/type.ts'
import { effects, steps } from './kit/steps.ts'

const users = 'CREATE TABLE users (id bigint PRIMARY KEY, name varchar(20), age int);'

function relation(setup: string, name: string): Table | View {
  const after = steps(setup, 'SELECT 1').at(-1)?.after
  const found: Relation | undefined = after?.relations.values().find(each => each.name === name)
  if (!found || !('columns' in found)) throw new Error(`no ${name}`)
  return found
}

const columns = (setup: string, name: string) =>
  relation(setup, name).columns.map(column => `${column.name} ${column.complete ? typeText(column.type) : '?'}`)

describe('columns of a query', () => {
  test.each([
    ['SELECT * FROM users', ['id bigint', 'name varchar(20)', 'age integer']],
    [
      'SELECT u.id AS key, count(*), sum(age), max(name) FROM users u GROUP BY 1',
      ['key bigint', 'count bigint', 'sum bigint', 'max varchar'],
    ],
    [
      "SELECT 1, 'a' AS b, true AS c, age::text, coalesce(age, 0) FROM users",
      ['?column? integer', 'b text', 'c boolean', 'age text', 'coalesce integer'],
    ],
    ['SELECT x.* FROM (SELECT id, age > 3 FROM users) x', ['id bigint', '?column? boolean']],
    ['WITH x (a) AS (SELECT id FROM users) SELECT a FROM x UNION SELECT 7::bigint', ['a bigint']],
    ['VALUES (1, NULL)', ['column1 integer', 'column2 ?']],
  ])('%s', (query, expected) => {
    expect(columns(`${users} CREATE VIEW v AS ${query};`, 'v')).toEqual(expected)
    expect(columns(`${users} CREATE TABLE t AS ${query};`, 't')).toEqual(expected)
  })

  test('named columns', () => {
    expect(columns(`${users} CREATE VIEW v (a, b) AS SELECT id, name, age FROM users;`, 'v')).toEqual([
      'a bigint',
      'b varchar(20)',
      'age integer',
    ])
  })
})

test('a view has every column that it uses', () => {
  const setup = `${users} CREATE VIEW v AS SELECT id FROM users WHERE age > 3; CREATE VIEW w AS SELECT * FROM v;`
  const uses = (name: string) => (relation(setup, name) as View).uses.map(use => use.column)
  expect(uses('v')).toEqual(['age', 'id'])
  expect(uses('w')).toEqual(['id'])
  const counted = relation(`${users} CREATE VIEW c AS SELECT count(*) FROM users;`, 'c') as View
  expect(counted.uses.map(use => use.column)).toEqual([null])
})

describe('CREATE OR REPLACE VIEW', () => {
  const view = `${users} CREATE VIEW v AS SELECT id, name FROM users;`
  test.each([
    ['SELECT id, name FROM users', ['users AccessShareLock', 'v AccessExclusiveLock']],
    ['SELECT id, name, age FROM users', ['users AccessShareLock', 'v AccessExclusiveLock']],
    ['SELECT id FROM users', ['error 42P16']],
    ['SELECT id, age AS name FROM users', ['error 42P16']],
    ['SELECT id, name AS title FROM users', ['error 42P16']],
    ['SELECT id, name::text FROM users', ['error 42P16']],
  ])('%s', (query, expected) => {
    expect(effects(view, `CREATE OR REPLACE VIEW v AS ${query}`)).toEqual(expected)
  })

  test('other relations', () => {
    expect(effects(view, 'CREATE VIEW v AS SELECT 1')).toEqual(['error 42P07'])
    expect(effects(view, 'CREATE OR REPLACE VIEW users AS SELECT 1')).toEqual(['error 42809'])
  })
})

describe('materialized views', () => {
  const view = `${users} CREATE MATERIALIZED VIEW m AS SELECT id, name FROM users;`
  const indexed = `${view} CREATE UNIQUE INDEX m_id ON m (id);`

  test('creation runs the query, unless WITH NO DATA', () => {
    const sql = 'CREATE MATERIALIZED VIEW m AS SELECT * FROM users'
    expect(effects(users, sql)).toEqual(['users AccessShareLock scan'])
    expect(effects(users, `${sql} WITH NO DATA`)).toEqual(['users AccessShareLock'])
    expect(relation(`${users} ${sql} WITH NO DATA;`, 'm')).toMatchObject({ populated: false })
  })

  test('REFRESH', () => {
    expect(effects(indexed, 'REFRESH MATERIALIZED VIEW m')).toEqual([
      'm AccessExclusiveLock rewrite',
      'm_id AccessExclusiveLock rebuild',
      'users AccessShareLock scan',
    ])
    expect(effects(indexed, 'REFRESH MATERIALIZED VIEW CONCURRENTLY m')).toEqual([
      'm ExclusiveLock scan',
      'users AccessShareLock scan',
    ])
  })

  test.each([
    [view, 'REFRESH MATERIALIZED VIEW CONCURRENTLY m', '55000'],
    [`${view} CREATE UNIQUE INDEX ON m (id) WHERE id > 5;`, 'REFRESH MATERIALIZED VIEW CONCURRENTLY m', '55000'],
    [`${view} CREATE UNIQUE INDEX ON m ((id + 1));`, 'REFRESH MATERIALIZED VIEW CONCURRENTLY m', '55000'],
    [`${indexed} REFRESH MATERIALIZED VIEW m WITH NO DATA;`, 'REFRESH MATERIALIZED VIEW CONCURRENTLY m', '0A000'],
    [indexed, 'REFRESH MATERIALIZED VIEW CONCURRENTLY m WITH NO DATA', '42601'],
    [users, 'REFRESH MATERIALIZED VIEW users', '0A000'],
  ])('fails: %s %s', (setup, sql, sqlstate) => {
    expect(effects(setup, sql)).toEqual([`error ${sqlstate}`])
  })
})
