import { PGlite } from '@electric-sql/pglite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parse } from '../../src/parse/parse.ts'
import { loadParser } from '../../src/parse/parser.ts'

let server: PGlite

beforeAll(async () => {
  await loadParser()
  server = new PGlite()
  await server.waitReady
}, 120_000)

afterAll(() => server.close())

const plpgsql = (body: string) => `CREATE FUNCTION f() RETURNS SETOF integer LANGUAGE plpgsql AS $f$ ${body} $f$`

/** Bodies; PostgreSQL tells whether it parses them, and where not. */
const statements: readonly string[] = [
  'CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS $$ SELEC 1 $$',
  'CREATE FUNCTION f(anyelement) RETURNS integer LANGUAGE sql AS $$ SELECT 1; SELECT FROM WHERE $$',
  'CREATE PROCEDURE f() LANGUAGE sql AS $$ INSERT INTO a VALUES (1,); $$',
  "CREATE FUNCTION f() RETURNS integer AS 'SELECT ''a'' + ' LANGUAGE sql",
  plpgsql('BEGIN RETURN QUERY SELEC 1; END'),
  plpgsql('BEGIN RETRN 1; END'),
  plpgsql('BEGIN PERFORM 1 FROM a; PERFORM 1 FROM WHERE; PERFORM 1 FROM b; END'),
  plpgsql('BEGIN FOR i IN SELEC 1 LOOP END LOOP; END'),
  plpgsql('BEGIN IF true THEN RETURN NEXT 1; END IF RETURN NEXT 2; END'),
  plpgsql('BEGIN SELECT a AS AS b FROM c; END'),
  plpgsql('BEGIN UPDATE a SET b = 1 OF; END'),
  plpgsql('DECLARE x integer; BEGIN FOR x IN 1..3 LOOP RETURN NEXT x; END LOOP; EXCEPTION WHEN others THEN RAISE; END'),
  'CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.x := 1; IF TG_OP = $q$a$q$ THEN RETURN OLD; END IF; RETURN NEW; END $$',
  'CREATE FUNCTION f(a integer, OUT b text) LANGUAGE plpgsql AS $$ DECLARE c ALIAS FOR $1; BEGIN b := c + a; END $$',
  "CREATE FUNCTION f(a integer DEFAULT 1) RETURNS TABLE (b integer) LANGUAGE plpgsql SET search_path = 'x' AS $$ BEGIN b := a; RETURN NEXT; END $$",
  'CREATE FUNCTION f() RETURNS integer LANGUAGE plpgsql SET check_function_bodies = off AS $$ BEGIN SELEC 1; END $$',
  'CREATE FUNCTION f() RETURNS integer RETURN 1',
  'DO $$ BEGIN SELEC 1; END $$',
  'DO $$ BEGIN IF false THEN SELEC 1; END IF; END $$',
  'DO $$ BEGIN PERFORM 1; END $$',
]

test.each(statements)('%s', async sql => {
  const { statements: read } = parse({ path: 'm.sql', text: sql })
  const problems = read.flatMap(({ routineProblems = [], body }) => [...routineProblems, ...(body?.problems ?? [])])
  const refused = await server.exec(`${sql};`).then(
    () => null,
    (error: { code: string; message: string; position?: string }) => error,
  )
  await server.exec('DROP ROUTINE IF EXISTS f; DROP FUNCTION IF EXISTS f(anyelement)').catch(() => {})
  expect(problems.map(({ message }) => message)).toEqual(refused?.code === '42601' ? [refused.message] : [])
  // Of the end of what it reads the server tells where that begins.
  if (refused?.code === '42601' && refused.position && !refused.message.includes('end of input'))
    expect(problems[0]?.span[0]).toBe(Number(refused.position) - 1)
})

test.each([
  ['CREATE FUNCTION ${schema}.f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$', []],
  ['CREATE FUNCTION :schema.f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$', []],
  ['CREATE FUNCTION {{ prefix }}_f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETRN NEW; END $$', ['RETRN']],
  ['CREATE FUNCTION f({{ arguments }}) RETURNS integer LANGUAGE plpgsql AS $$ BEGIN a := 1; RETURN a; END $$', []],
  ['CREATE FUNCTION f() RETURNS ${type} LANGUAGE plpgsql AS $$ BEGIN RETURN NEXT 1; END $$', []],
  ['CREATE FUNCTION f() RETURNS ${type} LANGUAGE plpgsql AS $$ BEGIN RETURN; END $$', []],
])('placeholders around a body are not errors in it: %s', (sql, places) => {
  const { statements: read, problems } = parse({ path: 'm.sql', text: sql })
  expect(problems).toEqual([])
  const found = read.flatMap(({ routineProblems = [] }) => routineProblems)
  expect(found.map(({ span: [from, to] }) => sql.slice(from, to))).toEqual(places)
})
