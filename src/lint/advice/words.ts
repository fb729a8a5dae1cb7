import { tokens } from '../../parse/lexer.ts'
import { reservedWords } from '../../parse/reserved.ts'
import type { Span } from '../../parse/span.ts'
import type { Token } from '../../parse/token.ts'

/**
 * A user's own SQL, changed for advice. It is changed by PostgreSQL's tokens, so comments, white space and the case of
 * letters do not matter, and text in quotes is never taken for a keyword.
 */

/** The first place where these keywords follow each other, in UTF-16 offsets; null when there is none. */
export function wordsAt(sql: string, words: string, from = 0): Span | null {
  const wanted = words.split(' ')
  const all = tokensOf(sql).filter(({ span }) => span[0] >= from)
  const first = all.findIndex((_, i) => wanted.every((word, n) => isWord(all[i + n], word)))
  const [start, end] = [all[first], all[first + wanted.length - 1]]
  return start && end ? [start.span[0], end.span[1]] : null
}

/** The place after these keywords if they come next; otherwise `from`. */
export function behind(sql: string, words: string, from: number): number {
  const wanted = words.split(' ')
  const next = tokensOf(sql).filter(({ span }) => span[0] >= from)
  return wanted.every((word, i) => isWord(next[i], word)) ? (next[wanted.length - 1]?.span[1] ?? from) : from
}

/** True when the first token is one of these keywords. */
export function beginsWith(sql: string, ...words: readonly string[]): boolean {
  const [first] = tokensOf(sql)
  return words.some(word => isWord(first, word))
}

/** The SQL without these keywords at their first place, and without the white space after them. */
export function withoutWords(sql: string, words: string): string {
  const found = wordsAt(sql, words)
  return found ? sql.slice(0, found[0]) + sql.slice(found[1]).trimStart() : sql
}

/**
 * The SQL without CONCURRENTLY, which may be a keyword or an option in parentheses, with its value: `REINDEX (VERBOSE,
 * CONCURRENTLY on) …`.
 */
export function withoutConcurrently(sql: string): string {
  const all = tokensOf(sql)
  const at = all.findIndex(token => isWord(token, 'CONCURRENTLY'))
  const [before, found] = [all[at - 1], all[at]]
  if (!found) return sql
  if (before?.text !== '(' && before?.text !== ',') return withoutWords(sql, 'CONCURRENTLY')
  const end = all.findIndex((token, i) => i > at && (token.text === ',' || token.text === ')'))
  const after = all[end]
  if (!after) return sql
  // A comma is removed with the option that it separates, the parentheses with their only option.
  if (before.text === ',') return sql.slice(0, before.span[0]) + sql.slice(after.span[0])
  const from = after.text === ',' ? found.span[0] : before.span[0]
  return sql.slice(0, from) + sql.slice(after.span[1]).trimStart()
}

/**
 * The end of a name that begins with the first token at or after `from`, with its schema; `from` if there is no name.
 */
export function nameEnd(sql: string, from: number): number {
  const [first, ...rest] = tokensOf(sql).filter(({ span }) => span[0] >= from)
  if (!first) return from
  let last = first
  for (const token of rest) {
    // A template may be part of a name: then it touches the rest of the name.
    const isTouching = token.span[0] === last.span[1] && (token.kind === 'template' || last.kind === 'template')
    if (token.text !== '.' && last.text !== '.' && !isTouching) break
    if (token.text === '(') break
    last = token
  }
  return last.span[1]
}

/** True when all of it is one name, as it can follow a dot. */
export function isName(sql: string): boolean {
  const [only, ...more] = tokens(sql)
  if (!only || more.length > 0) return false
  return only.kind === 'quoted-identifier' || (only.kind === 'word' && !reservedWords.has(only.text.toLowerCase()))
}

function tokensOf(sql: string): Token[] {
  return tokens(sql).filter(({ kind }) => kind !== 'comment')
}

function isWord(token: Token | undefined, word: string): boolean {
  return token?.kind === 'word' && token.text.toUpperCase() === word
}
