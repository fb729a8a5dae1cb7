import { next } from '../../parse/lexer.ts'
import type { Span } from '../../parse/span.ts'
import { split } from '../../parse/split.ts'

/**
 * Statements of which Flyway itself knows that they cannot run in a transaction (PostgreSQLParser.java); it runs a file
 * with one of them without a transaction. REINDEX … CONCURRENTLY of an index or a table and DETACH PARTITION …
 * CONCURRENTLY are not among them. ALTER TYPE … ADD VALUE counts only on servers before 12.
 */
const NONE = [
  /^(CREATE|DROP) (DATABASE|TABLESPACE|SUBSCRIPTION)$/,
  /^ALTER SYSTEM$/,
  /^(CREATE|DROP)( UNIQUE)? INDEX CONCURRENTLY$/,
  /^REINDEX( VERBOSE)? (SCHEMA|DATABASE|SYSTEM)$/,
  /^VACUUM$/,
  /^DISCARD ALL$/,
]

/** The statements of a file that Flyway cannot run in a transaction. */
export interface Alone {
  /** There is such a statement. */
  readonly none: boolean
  /** There are others as well. */
  readonly mixed: boolean
}

export const nothing: Alone = { none: false, mixed: false }

/** Reads the statements as Flyway does. */
export function mixesTransactions(text: string): Alone {
  const found = split(text).pieces.map(({ span }) => runsAlone(text, span))
  const none = found.includes(true)
  return { none, mixed: none && found.includes(false) }
}

function runsAlone(text: string, span: Span): boolean {
  const words = leadingWords(text, span)
  const simplified = words.map((_, i) => words.slice(0, i + 1).join(' '))
  return simplified.some(start => NONE.some(pattern => pattern.test(start)))
}

/** The first words outside parentheses, as Flyway simplifies a statement. */
function leadingWords(text: string, [start, end]: Span): string[] {
  const words: string[] = []
  let depth = 0
  for (let lexeme = next(text, start, end); lexeme && words.length < 4; lexeme = next(text, lexeme.end, end)) {
    const token = text.slice(lexeme.start, lexeme.end)
    if (token === '(') depth++
    else if (token === ')') depth--
    else if (lexeme.kind === 'word' && depth === 0) words.push(token.toUpperCase())
  }
  return words
}
