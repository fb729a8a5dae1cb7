import type { Statement } from '../../parse/script.ts'
import type { Span } from '../../parse/span.ts'
import type { Token } from '../../parse/token.ts'
import { wordsOf } from './statement-words.ts'

/** A part of a statement that does one thing: a sub-command of ALTER TABLE, or a column or constraint of CREATE TABLE. */
export interface Clause {
  readonly span: Span
  /** Its leading words: `ADD COLUMN`, `SET NOT NULL`… */
  readonly keyword: Span
}

/**
 * The comma-separated sub-commands of an ALTER statement, in order. PostgreSQL's tree does not store where they start,
 * so they are found in the text: after the relation's name, at top-level commas. `count` is their number in the tree;
 * when the text does not agree with it, every clause is the whole statement.
 */
export function clauses(statement: Statement, count: number): Clause[] {
  const whole = { span: statement.span, keyword: statement.keyword }
  // Inside an EXECUTE'd literal with doubled quotes the text is shorter than its place in the file.
  if (statement.text.length !== statement.span[1] - statement.span[0]) return Array.from({ length: count }, () => whole)
  const words = wordsOf(statement)
  const start = afterName(words)
  const parts: Token[][] = [[]]
  let depth = 0
  for (const token of words.slice(start)) {
    if (token.text === '(' || token.text === '[') depth++
    if (token.text === ')' || token.text === ']') depth--
    if (token.text === ',' && depth === 0) parts.push([])
    else parts.at(-1)?.push(token)
  }
  if (parts.length !== count || parts.some(part => part.length === 0)) return Array.from({ length: count }, () => whole)
  return parts.map(part => ({ span: extent(part), keyword: leadingWords(part) }))
}

/** The index of the first token after `ALTER kind [IF EXISTS] [ONLY] name[.name…] [*]`. */
function afterName(words: readonly Token[]): number {
  let at = 1
  const is = (...expected: string[]) => expected.includes(words[at]?.text.toUpperCase() ?? '')
  while (is('MATERIALIZED', 'FOREIGN', 'TABLE', 'INDEX', 'VIEW', 'SEQUENCE', 'TYPE', 'IF', 'EXISTS', 'ONLY')) at++
  at++
  while (words[at]?.text === '.') at += 2
  if (words[at]?.text === '*') at++
  return at
}

function extent(part: readonly Token[]): Span {
  return [part[0]?.span[0] ?? 0, part.at(-1)?.span[1] ?? 0]
}

const verbs = new Set([
  'ADD',
  'ALTER',
  'DROP',
  'SET',
  'RESET',
  'VALIDATE',
  'RENAME',
  'ATTACH',
  'DETACH',
  'ENABLE',
  'DISABLE',
  'NO',
  'FORCE',
  'INHERIT',
  'OWNER',
  'REPLICA',
  'CLUSTER',
  'NOT',
  'OF',
])
const nouns = new Set([
  'COLUMN',
  'CONSTRAINT',
  'PARTITION',
  'TRIGGER',
  'RULE',
  'ROW',
  'LEVEL',
  'SECURITY',
  'IDENTITY',
  'TABLESPACE',
  'SCHEMA',
  'LOGGED',
  'UNLOGGED',
  'TO',
  'ON',
  'WITHOUT',
  'ACCESS',
  'METHOD',
  'PRIMARY',
  'FOREIGN',
  'KEY',
  'UNIQUE',
  'CHECK',
  'EXCLUDE',
  'NULL',
  'FORCE',
  'INHERIT',
  'ALWAYS',
  'REPLICA',
])

function leadingWords(part: readonly Token[]): Span {
  let last = 0
  for (let at = 1; at < part.length; at++) {
    const word = part[at]?.text.toUpperCase() ?? ''
    if (!(nouns.has(word) || verbs.has(word)) || part[at]?.kind !== 'word') break
    last = at
  }
  return [part[0]?.span[0] ?? 0, part[last]?.span[1] ?? 0]
}
