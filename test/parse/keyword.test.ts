import { expect, test } from 'vitest'
import { keyword, tokens } from '../../src/parse/index.ts'

test.each([
  ['CREATE UNIQUE INDEX|', ' CONCURRENTLY i ON t (a)'],
  ['CREATE INDEX|', ' IF NOT EXISTS i ON t (a)'],
  ['create or replace function|', ' f() RETURNS int'],
  ['CREATE TEMP TABLE|', ' t ()'],
  ['CREATE TABLE|', ' type (a int)'],
  ['CREATE /* a */ MATERIALIZED\n VIEW|', ' v AS SELECT 1'],
  ['CREATE FOREIGN DATA WRAPPER|', ' w'],
  ['CREATE CONSTRAINT TRIGGER|', ' t AFTER INSERT ON a'],
  ['ALTER TABLE|', ' ONLY t ADD a int'],
  ['ALTER DEFAULT PRIVILEGES|', ' GRANT SELECT ON TABLES TO r'],
  ['ALTER TEXT SEARCH CONFIGURATION|', ' c OWNER TO r'],
  ['ALTER SYSTEM|', ' SET a = 1'],
  ['DROP INDEX|', ' CONCURRENTLY i'],
  ['DROP OPERATOR CLASS|', ' c USING btree'],
  ['DROP OPERATOR|', ' + (int, int)'],
  ['REINDEX TABLE|', ' t'],
  ['REINDEX|', ' (VERBOSE) TABLE t'],
  ['REFRESH MATERIALIZED VIEW|', ' CONCURRENTLY v'],
  ['UPDATE|', ' t SET a = 1'],
  ['DELETE FROM|', ' t'],
  ['INSERT INTO|', ' t VALUES (1)'],
  ['TRUNCATE TABLE|', ' t'],
  ['TRUNCATE|', ' t'],
  ['LOCK TABLE|', ' t'],
  ['VACUUM|', ' FULL t'],
  ['SELECT|', ' 1'],
  ['(|', 'SELECT 1)'],
])('keyword of %s%s', (name, rest) => {
  const head = name.slice(0, -1)
  expect(keyword(`é ${head}${rest}`, [2, 2 + head.length + rest.length])).toEqual([2, 2 + head.length])
})

test('tokens', () => {
  const text = `SELECT "a""b", E'\\'', U&"x", $1, $$d$$ , 1.5e-3, .5, 1..2, a::int, b:=c, x->>-1, 5--c\n/* /*d*/ */{{ e }}\\`
  expect(tokens(text).map(({ kind, text }) => `${kind} ${text}`)).toEqual([
    'word SELECT',
    'quoted-identifier "a""b"',
    'punctuation ,',
    "string E'\\''",
    'punctuation ,',
    'quoted-identifier U&"x"',
    'punctuation ,',
    'parameter $1',
    'punctuation ,',
    'string $$d$$',
    'punctuation ,',
    'number 1.5e-3',
    'punctuation ,',
    'number .5',
    'punctuation ,',
    'number 1',
    'operator ..',
    'number 2',
    'punctuation ,',
    'word a',
    'operator ::',
    'word int',
    'punctuation ,',
    'word b',
    'operator :=',
    'word c',
    'punctuation ,',
    'word x',
    'operator ->>',
    'operator -',
    'number 1',
    'punctuation ,',
    'number 5',
    'comment --c',
    'comment /* /*d*/ */',
    'template {{ e }}',
    'unknown \\',
  ])
  for (const token of tokens(text)) expect(text.slice(...token.span)).toBe(token.text)
  expect(tokens(text, [7, 13]).map(({ text }) => text)).toEqual(['"a""b"'])
})
