import { expect, test } from 'vitest'
import { completeConfig, lint, steps } from '../../src/index.ts'

const config = completeConfig({ pgVersion: '17', transaction: 'none' })
const setup = `
CREATE TABLE t (id int PRIMARY KEY, n int);
CREATE TABLE u (id int PRIMARY KEY);
CREATE FUNCTION inner_one() RETURNS int LANGUAGE sql RETURN (SELECT count(*) FROM u);`

/** The effects and the opaqueness of a call of a function whose body is written in one of two ways. */
async function call(definition: string) {
  const content = `${setup}\n${definition};\nSELECT f();`
  const { steps: all } = await steps({ migrations: [{ path: '1.sql', content }], config })
  const last = all.at(-1)
  return {
    opaque: last?.opaque ?? null,
    effects: last?.effects.map(({ relation, lock, work }) => [relation, lock, work]),
  }
}

test.each([
  ['SELECT count(*)::int FROM t', 'RETURN (SELECT count(*)::int FROM t)'],
  ['UPDATE t SET n = 1; SELECT 1', 'BEGIN ATOMIC UPDATE t SET n = 1; SELECT 1; END'],
  ['DELETE FROM u WHERE id = 1; SELECT 1', 'BEGIN ATOMIC DELETE FROM u WHERE id = 1; SELECT 1; END'],
  ['SELECT inner_one()', 'RETURN inner_one()'],
  ['SELECT trunc(random() * 9)::int', 'RETURN trunc(random() * 9)::int'],
])('a body in SQL runs as the same text does: %s', async (text, body) => {
  const asText = await call(`CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ ${text} $$`)
  const asSql = await call(`CREATE FUNCTION f() RETURNS int LANGUAGE sql ${body}`)
  expect(asSql).toEqual(asText)
  expect(asSql.opaque).toBeNull()
})

test('a default that such a function gives takes no certainty from what follows', async () => {
  const first = `CREATE TYPE v AS ENUM ('a'); CREATE TABLE c (id int, v v);
CREATE FUNCTION r() RETURNS smallint LANGUAGE sql VOLATILE RETURN trunc((random() * 65536) - 32768);
ALTER TABLE c ADD COLUMN n smallint NOT NULL DEFAULT r();`
  const second = `ALTER TYPE v RENAME TO v_old; CREATE TYPE v AS ENUM ('a', 'b');
ALTER TABLE c ALTER COLUMN v TYPE v USING v::text::v; DROP TYPE v_old CASCADE;`
  const report = await lint({
    migrations: [
      { path: '1.sql', content: first },
      { path: '2.sql', content: second },
    ],
    config,
  })
  expect(report.findings.map(({ rule }) => rule)).not.toContain('drop-cascade')
})
