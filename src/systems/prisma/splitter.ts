import { tokens } from '../../parse/lexer.ts'
import { split } from '../../parse/split.ts'

/**
 * From 7.4 on Prisma cuts a file into its statements if sqlparser (a Rust crate, with its PostgreSQL dialect) can read
 * all of them, and sends each by itself; otherwise it sends the whole file (prisma/prisma-engines, pull request 5767,
 * native/mod.rs of the connector to PostgreSQL). test/systems/prisma-splitter.json contains the results of sqlparser
 * itself for various statements.
 */
type Reading = 'all' | 'some' | 'unknown'

/**
 * The number of statements in the text, and whether Prisma's splitter reads all of them, or fails at some. `unknown`: there are statements
 * that are in neither table.
 */
export function readingOf(text: string): { readonly count: number; readonly reading: Reading } {
  const { pieces } = split(text)
  const all = pieces.map(({ span: [start], end }) => isRead(text.slice(start, end)))
  return { count: pieces.length, reading: all.includes(false) ? 'some' : all.includes(null) ? 'unknown' : 'all' }
}

function isRead(statement: string): boolean | null {
  const words = tokens(statement)
    .filter(({ kind }) => kind !== 'comment')
    .map(token => token.text.toUpperCase())
  const text = ` ${words.join(' ')} `
  const form = forms
    .get(words[0] ?? '')
    ?.find(({ begins, has }) => text.startsWith(begins) && has.every(each => text.includes(each)))
  return form === undefined ? null : form.isRead
}

/** How a statement begins, and which other words it contains. */
type Form = readonly [begins: string, ...has: string[]]

const unread: readonly Form[] = [
  ['DROP INDEX CONCURRENTLY'],
  ['REINDEX'],
  ['CLUSTER'],
  ['DO'],
  ['REFRESH MATERIALIZED VIEW'],
  ['ALTER SYSTEM'],
  ['ALTER DOMAIN'],
  ['ALTER SEQUENCE'],
  ['CREATE UNLOGGED TABLE'],
  ['ALTER TABLE', 'ATTACH PARTITION'],
  ['ALTER TABLE', 'DETACH PARTITION'],
  ['ALTER TABLE', 'SET TABLESPACE'],
  ['ALTER TABLE', 'SET ACCESS METHOD'],
  ['ALTER TABLE', 'SET SCHEMA'],
  ['ALTER TABLE', 'CLUSTER ON'],
  ['ALTER TABLE', 'SET STATISTICS'],
  ['ALTER TABLE', 'SET LOGGED'],
  ['ALTER TABLE', 'SET UNLOGGED'],
  ['ALTER TABLE', 'EXCLUDE USING'],
]

/** These begin like statements that it reads; a newer sqlparser reads some of them (0.62: LOCK TABLE, USING INDEX). */
const doubtful: readonly Form[] = [
  ['ALTER TABLE', 'USING INDEX'],
  ['ALTER TABLE', 'WITHOUT OVERLAPS'],
  ['ALTER TABLE', 'SET STORAGE'],
  ['ALTER TABLE', 'INHERIT'],
  ['CREATE INDEX', 'USING GIST'],
  ['SET CONSTRAINTS'],
  ['ALTER TABLE', 'ALTER CONSTRAINT'],
  ['ALTER TABLE', 'SET EXPRESSION'],
  ['ALTER TABLE', 'COLLATE'],
  ['ALTER TABLE', 'VIRTUAL'],
  ['ALTER TABLE', 'NULLS NOT DISTINCT'],
  ['ALTER TABLE', 'NOT NULL', 'ADD CONSTRAINT'],
  ['ALTER TABLE', 'ADD NOT NULL'],
  ['CREATE TABLE', 'LIKE'],
  ['CREATE TABLE', 'OF'],
  ['CREATE TABLE', 'EXCLUDE'],
  ['CREATE TABLE', 'VIRTUAL'],
  ['CREATE TABLE', 'NOT VALID'],
  ['CREATE TABLE', 'ON DELETE SET NULL ('],
  ['CREATE INDEX', 'ON ONLY'],
  ['CREATE UNIQUE INDEX', 'ON ONLY'],
]

const read: readonly Form[] = [
  ['ALTER TABLE'],
  ['ALTER INDEX', 'RENAME TO'],
  ['ALTER TYPE', 'ADD VALUE'],
  ['ALTER TYPE', 'RENAME VALUE'],
  ['BEGIN'],
  ['COMMENT ON'],
  ['COMMIT'],
  ['CREATE EXTENSION'],
  ['CREATE INDEX'],
  ['CREATE UNIQUE INDEX'],
  ['CREATE SCHEMA'],
  ['CREATE TABLE'],
  ['CREATE TYPE', 'AS ENUM'],
  ['CREATE OR REPLACE VIEW'],
  ['CREATE POLICY'],
  ['CREATE VIEW'],
  ['DELETE FROM'],
  ['DROP EXTENSION'],
  ['DROP INDEX'],
  ['DROP SCHEMA'],
  ['DROP TABLE'],
  ['DROP TYPE'],
  ['DROP VIEW'],
  ['GRANT'],
  ['INSERT INTO'],
  ['RELEASE'],
  ['RESET'],
  ['REVOKE'],
  ['ROLLBACK'],
  ['SAVEPOINT'],
  ['SELECT'],
  ['SET'],
  ['START TRANSACTION'],
  ['TRUNCATE'],
  ['UPDATE'],
]

interface KnownForm {
  readonly begins: string
  readonly has: readonly string[]
  readonly isRead: boolean | null
}

/** The forms in the order in which they count, by their first word. */
const forms = new Map<string, KnownForm[]>()
const answers = [
  [unread, false],
  [doubtful, null],
  [read, true],
] as const
for (const [table, isRead] of answers) {
  for (const [begins, ...has] of table) {
    const word = begins.split(' ')[0] ?? ''
    const known = { begins: ` ${begins} `, has: has.map(each => ` ${each} `), isRead }
    forms.set(word, [...(forms.get(word) ?? []), known])
  }
}
