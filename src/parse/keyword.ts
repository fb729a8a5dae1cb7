import { next } from './lexer.ts'
import type { Span } from './span.ts'

/** Words between CREATE and the kind of object. */
const MODIFIERS = new Set(
  'OR REPLACE TEMP TEMPORARY GLOBAL LOCAL UNLOGGED UNIQUE RECURSIVE CONSTRAINT TRUSTED PROCEDURAL DEFAULT'.split(' '),
)

/**
 * The kinds of objects that CREATE, ALTER, DROP and REINDEX act on (object_type_* and the statements' own rules in
 * gram.y).
 */
const OBJECTS = [
  'ACCESS METHOD',
  'AGGREGATE',
  'CAST',
  'COLLATION',
  'CONVERSION',
  'DATABASE',
  'DOMAIN',
  'EVENT TRIGGER',
  'EXTENSION',
  'FOREIGN DATA WRAPPER',
  'FOREIGN TABLE',
  'FUNCTION',
  'GROUP',
  'INDEX',
  'LANGUAGE',
  'LARGE OBJECT',
  'MATERIALIZED VIEW',
  'OPERATOR CLASS',
  'OPERATOR FAMILY',
  'OPERATOR',
  'OWNED',
  'POLICY',
  'PRIVILEGES',
  'PROCEDURE',
  'PUBLICATION',
  'ROLE',
  'ROUTINE',
  'RULE',
  'SCHEMA',
  'SEQUENCE',
  'SERVER',
  'STATISTICS',
  'SUBSCRIPTION',
  'SYSTEM',
  'TABLE',
  'TABLESPACE',
  'TEXT SEARCH CONFIGURATION',
  'TEXT SEARCH DICTIONARY',
  'TEXT SEARCH PARSER',
  'TEXT SEARCH TEMPLATE',
  'TRANSFORM',
  'TRIGGER',
  'TYPE',
  'USER MAPPING',
  'USER',
  'VIEW',
].map(object => object.split(' '))

/** Statements whose second word is part of the name. Any other statement is named by its first word. */
const PHRASES = [
  'COMMENT ON',
  'DELETE FROM',
  'IMPORT FOREIGN SCHEMA',
  'INSERT INTO',
  'LOCK TABLE',
  'MERGE INTO',
  'PREPARE TRANSACTION',
  'REASSIGN OWNED',
  'REFRESH MATERIALIZED VIEW',
  'RELEASE SAVEPOINT',
  'SECURITY LABEL',
  'START TRANSACTION',
  'TRUNCATE TABLE',
].map(phrase => phrase.split(' '))

/**
 * The words that name the statement in `span` of `text`: `CREATE UNIQUE INDEX`, `ALTER TABLE`, `UPDATE`. Options such as
 * CONCURRENTLY and IF EXISTS are not part of it. Comments between the words are covered.
 */
export function keyword(text: string, span: Span): Span {
  const words = leadingWords(text, span)
  const count = nameLength(words.map(word => text.slice(word[0], word[1]).toUpperCase()))
  const first = words[0]
  const last = words[count - 1]
  if (first && last) return [first[0], last[1]]
  const lexeme = next(text, span[0], span[1])
  return lexeme ? [lexeme.start, lexeme.end] : [span[0], span[0]]
}

/** The spans of the words with which `span` begins, without comments between them, ten at most. */
function leadingWords(text: string, span: Span): Span[] {
  const words: Span[] = []
  for (let lexeme = next(text, span[0], span[1]); lexeme; lexeme = next(text, lexeme.end, span[1])) {
    if (lexeme.kind === 'comment') continue
    if (lexeme.kind !== 'word' || words.length === 10) break
    words.push([lexeme.start, lexeme.end])
  }
  return words
}

function nameLength(words: readonly string[]): number {
  const first = words[0]
  if (first === 'CREATE' || first === 'ALTER' || first === 'DROP' || first === 'REINDEX') {
    let count = 1
    while (MODIFIERS.has(words[count] ?? '')) count++
    return count + (longest(OBJECTS, words.slice(count)) ?? 0)
  }
  return longest(PHRASES, words) ?? Math.min(words.length, 1)
}

function longest(phrases: readonly (readonly string[])[], words: readonly string[]): number | null {
  let best: number | null = null
  for (const phrase of phrases) {
    if (phrase.length > (best ?? 0) && phrase.every((word, i) => words[i] === word)) best = phrase.length
  }
  return best
}
