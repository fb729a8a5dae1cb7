import type { TextOf } from './sql.ts'

type Nest = readonly [open: string, core: string, close: string]

const nests: readonly Nest[] = [
  ['(', '1', ')'],
  ['(', 'SELECT 1', ')'],
  ['(SELECT * FROM ', 'a', ') x'],
  ['SELECT (', 'SELECT 1', ')'],
  ['CASE WHEN a THEN ', '1', ' END'],
  ['CASE ', '1', ' WHEN 1 THEN 2 END'],
  ['NOT ', 'true', ''],
  ['- ', '1', ''],
  ['f(', '1', ')'],
  ['ARRAY[', '1', ']'],
  ['ROW(', '1', ')'],
  ['a[', '1', ']'],
  ['', 'a', '[1]'],
  ['', 'a', '.b'],
  ['', '1', '::int'],
  ['', 'a', ' IS NULL'],
  ['WITH a AS (', 'SELECT 1', ') SELECT * FROM a'],
  ['(', 'a', ' JOIN b ON true)'],
  ['EXISTS (SELECT 1 WHERE ', 'true', ')'],
  ['/*', ' ', '*/'],
  ['/*', ' ', ''],
  ['(', '', ''],
  ['CREATE SCHEMA a ', 'CREATE TABLE b (c int)', ''],
  ['EXPLAIN ', 'SELECT 1', ''],
  ['PREPARE a AS ', 'SELECT 1', ''],
  ['BEGIN; ', 'SELECT 1;', ' COMMIT;'],
  ["'", '', "'"],
  ['"', '', '"'],
  ['$$', '', '$$'],
]

const places = [
  '@',
  'SELECT @',
  'SELECT 1 WHERE @',
  'ALTER TABLE a ADD CHECK (@)',
  'CREATE INDEX i ON a ((@))',
  'CREATE VIEW v AS SELECT @',
  'CREATE TABLE t (a int DEFAULT @)',
  'UPDATE a SET b = @',
  'DELETE FROM a WHERE @ IS NULL',
  'DO $q$ BEGIN PERFORM @; END $q$',
]

/** Deeply nested SQL. */
export const nested: TextOf = random => {
  const depth = random.size(60, 2000)
  const [open, core, close] = random.pick(nests)
  // Often the number of ends differs from that of beginnings.
  const ends = random.chance(80) ? depth : random.between(0, depth)
  return random.pick(places).replace('@', () => `${open.repeat(depth)}${core}${close.repeat(ends)}`)
}

type Row = readonly [begin: string, item: string, joint: string, end: string]

const rows: readonly Row[] = [
  ['SELECT 1 WHERE ', 'a = #', ' OR ', ''],
  ['SELECT 1 WHERE ', 'a = #', ' AND ', ''],
  ['ALTER TABLE t ADD CHECK (', 'a > #', ' AND ', ')'],
  ['UPDATE t SET a = CASE b', ' WHEN # THEN 1', '', ' END'],
  ['SELECT ', '#', ' + ', ''],
  ['SELECT ', "'x#'", ' || ', ''],
  ['INSERT INTO t ', 'SELECT #', ' UNION ALL ', ''],
  ['INSERT INTO t VALUES ', '(#)', ', ', ''],
  ['DELETE FROM t WHERE a IN (', '#', ', ', ')'],
  ['ALTER TABLE t ', 'ADD COLUMN c# int', ', ', ''],
  ['ALTER TABLE t ', 'DROP COLUMN c#', ', ', ''],
  ['ALTER TABLE t ', 'ALTER COLUMN c# TYPE bigint', ', ', ''],
  ['CREATE TABLE t (', 'c# int REFERENCES u# (id)', ', ', ')'],
  ['CREATE INDEX i ON t (', 'c#', ', ', ')'],
  ['DROP TABLE ', 't#', ', ', ''],
  ['TRUNCATE ', 't#', ', ', ''],
  ['LOCK TABLE ', 't#', ', ', ''],
  ['SELECT * FROM ', 't#', ' JOIN ', ' ON true'],
  ['SELECT * FROM ', 't# a# JOIN u# b# ON true', ', ', ''],
  ['', 'CREATE TABLE t# (a int);', '\n', ''],
  ['', 'CREATE INDEX i# ON t (a);', '\n', ''],
  ['', 'ALTER TABLE t ADD COLUMN c# int;', '\n', ''],
  ['', 'BEGIN;', '\n', ''],
  ['', 'SAVEPOINT s#;', '\n', ''],
  ['WITH ', 'w# AS (SELECT #)', ', ', ' SELECT 1'],
  ['GRANT SELECT ON ', 't#', ', ', ' TO x'],
  ["CREATE TYPE e AS ENUM ('", 'v#', "', '", "')"],
  ['SET search_path = ', 's#', ', ', ''],
  ["COMMENT ON TABLE t IS '", 'x', '', "'"],
  ['-- migrate-lint-disable ', 'rule-#', ', ', '\nDROP TABLE t;'],
  ['', ';', '', ''],
  ['', '\n', '', ''],
  ['', '-- x\n', '', 'SELECT 1'],
  ['', "'", '', ''],
  ['', '$a#$', ' ', ''],
  ['', '{{', '', ''],
  ['', ':a# ', '', ''],
  ['', '\\i f#', '\n', ''],
]

/** A long list of the same thing, which is flat and must not count as deep. */
export const flat: TextOf = random => {
  const [begin, item, joint, end] = random.pick(rows)
  const count = random.size(40, 3000)
  const spread = random.chance(80) ? count : random.between(1, 3)
  const items = Array.from({ length: count }, (_, i) => item.replaceAll('#', String(i % spread)))
  return `${begin}${items.join(joint)}${end}`
}
