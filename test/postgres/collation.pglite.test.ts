import { PGlite } from '@electric-sql/pglite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { completeConfig, steps } from '../../src/index.ts'

const setup = `
CREATE TABLE t (id int, a text, b text COLLATE "C", c text COLLATE "POSIX", d varchar(10) COLLATE "C", j jsonb, e text);
CREATE TABLE u (id int, a text COLLATE "C", x text);
CREATE VIEW w AS SELECT a, b, lower(b) AS l, a || b AS ab FROM t;
CREATE TABLE made AS SELECT a, b, lower(b) AS l, a || b AS ab, b || 'x' AS bx FROM t;
ALTER TABLE t ALTER COLUMN e TYPE text COLLATE "C";`

/** Expressions over these tables, of which a view's column is made. */
const values = [
  ...['id', 'a', 'b', 'c', 'd', 'e', 'j', `'x'`, '1', 'lower(b)', 'a::text', 'b::varchar', 'j || j'],
  ...['a COLLATE "C"', 'b COLLATE "default"', 'a COLLATE pg_catalog."C"', '(a COLLATE "C") COLLATE "POSIX"'],
  ...[
    'a || b',
    'b || a',
    'b || c',
    `b || 'x'`,
    'b || d',
    'b || e',
    '(b || c) COLLATE "C"',
    'b || c || a',
    '(a || b) || c',
  ],
  ...['(b COLLATE "C") || (c COLLATE "POSIX")', '(b COLLATE "POSIX") || c', '(b || c) || (a COLLATE "C")'],
  ...['coalesce(b, c)', 'coalesce(a, b)', `coalesce(b, '')`, 'coalesce(b, NULL)', 'coalesce(b, c COLLATE "C")'],
  ...['b < c', 'b || id', `(SELECT b)`, 'CASE WHEN true THEN b ELSE c END', 'max(b)', 'nullif(b, c)', 'upper(b || c)'],
]

const from = [
  't',
  'w',
  'made',
  'u',
  '(SELECT * FROM t) AS s',
  '(SELECT a || b AS a, b || c AS b FROM t) AS s',
  't NATURAL JOIN u',
]
const named = ['a', 'b', 'l', 'ab', 'bx', 'a || b', `a || 'x'`, 'a COLLATE "C"', 'coalesce(a, b)']

const queries = [
  ...values.map(value => `SELECT ${value} AS x FROM t`),
  ...from.flatMap(source => named.map(value => `SELECT ${value} AS x FROM ${source}`)),
]

let db: PGlite
beforeAll(async () => {
  db = await PGlite.create()
  await db.exec(setup)
})
afterAll(() => db.close())

async function real(sql: string): Promise<string | null> {
  try {
    await db.exec(sql)
    return null
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error)
  }
}

async function told(statements: readonly string[]): Promise<(string | null)[]> {
  const content = [setup, ...statements.map(each => `${each};`)].join('\n')
  const { steps: all } = await steps({
    migrations: [{ path: '1.sql', content }],
    config: completeConfig({ pgVersion: '18', transaction: 'none' }),
  })
  return all.slice(-statements.length).map(({ error }) => error?.sqlstate ?? null)
}

const about = (code: string | null) => (code !== null && ['42P16', '42P21', '42P22'].includes(code) ? code : null)

test('a conflict of collations is reported where PostgreSQL refuses it, and nowhere else', async () => {
  const missed: string[] = []
  let refused = 0
  for (const query of queries) {
    for (const create of ['CREATE VIEW v AS', 'CREATE TABLE v AS', 'CREATE MATERIALIZED VIEW v AS']) {
      const statement = `${create} ${query}`
      const was = await real(`BEGIN; ${statement}`)
      await real('ROLLBACK')
      const [is = null] = await told([statement])
      if (about(is) !== null) expect([statement, is]).toEqual([statement, was])
      if (about(was) !== null) {
        refused++
        if (is === null) missed.push(statement)
      }
    }
  }
  expect(refused).toBeGreaterThan(20)
  // Expressions whose collation the model does not derive.
  expect(missed.filter(each => !/CASE|nullif|upper/.test(each))).toEqual([])
}, 120_000)

test('a view with another collation is refused where PostgreSQL refuses it, and nowhere else', async () => {
  const ofText = [
    'a',
    'b',
    'c',
    'e',
    'lower(b)',
    'a COLLATE "C"',
    'a || b',
    'b || c COLLATE "C"',
    'b || d',
    `'x'::text`,
    'b COLLATE "default"',
    'coalesce(a, c)',
  ]
  let refused = 0
  let missed = 0
  for (const first of ofText)
    for (const second of ofText) {
      const [create, replace] = [
        `CREATE VIEW v AS SELECT ${first} AS x FROM t`,
        `CREATE OR REPLACE VIEW v AS SELECT ${second} AS x FROM t`,
      ]
      await real(`BEGIN; ${create}`)
      const was = await real(replace)
      await real('ROLLBACK')
      const [, is = null] = await told([create, replace])
      if (is !== null) expect([create, replace, is]).toEqual([create, replace, was])
      if (was !== null) refused++
      if (was !== null && is === null) missed++
    }
  expect(refused).toBeGreaterThan(40)
  expect(missed / refused).toBeLessThan(0.4)
}, 120_000)
