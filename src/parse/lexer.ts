/**
 * PostgreSQL's lexical structure (src/backend/parser/scan.l and psql's copy of it, src/fe_utils/psqlscan.l), with one
 * addition: template placeholders outside quotes are tokens of their own, so that a quote or semicolon inside one never
 * affects the text after it. There is one pass; each character is read a limited number of times.
 */

import type { Span } from './span.ts'
import { templateAt } from './template.ts'
import type { Token, TokenKind } from './token.ts'

/** A token as the lexer returns it: without its text, which most readers never need. */
export interface Lexeme {
  readonly kind: TokenKind
  readonly start: number
  readonly end: number
  /** A quote or comment is not closed before the end of the text. */
  readonly unterminated: boolean
}

// scan.l treats every byte with the high bit set as a letter, so every character outside ASCII is one.
const WORD = /[A-Za-z_\u0080-\uffff](?:[\w\u0080-\uffff]|\$(?!\{))*/y
const NUMBER =
  /0[xX][\da-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|(?:\d[\d_]*(?:\.(?!\.)[\d_]*)?|\.\d[\d_]*)(?:[eE][+-]?\d[\d_]*)?/y
const DOLLAR_QUOTE = /\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/y
const PARAMETER = /\$\d+/y
const COMMENT_EDGE = /\/\*|\*\//g
// scan.l {quotecontinue}: two literals with a line break between them are one literal.
const CONTINUED = /[ \t\f\v]*[\n\r][ \t\n\r\f\v]*'/y
const OPERATOR_CHARACTERS = '~!@#^&|`?+-*/%<>='
// An operator may end in + or - only when it contains one of these (scan.l, rule {operator}).
const LETS_SIGN_END = /[~!@#^&|`?%]/

const at = (pattern: RegExp, text: string, position: number, end: number): number => {
  pattern.lastIndex = position
  return pattern.test(text) ? Math.min(pattern.lastIndex, end) : -1
}

const isSpace = (code: number): boolean => code === 32 || (code >= 9 && code <= 13)

/**
 * The first token at or after `position` and before `end`, or null when only white space is left. Offsets are UTF-16
 * offsets into `text`.
 */
export function next(text: string, position: number, end: number): Lexeme | null {
  let start = position
  while (start < end && isSpace(text.charCodeAt(start))) start++
  if (start >= end) return null
  const c = text[start] as string
  const c1 = text[start + 1]

  if (c === '-' && c1 === '-') return lexeme(start, 'comment', lineEnd(text, start, end))
  if (c === '/' && c1 === '*') return quoted(start, end, 'comment', blockCommentEnd(text, start, end))
  if (c === "'") return quoted(start, end, 'string', stringEnd(text, start, end, false))
  if (c === '"') return quoted(start, end, 'quoted-identifier', identifierEnd(text, start, end))
  const placeholder = templateAt(text, start, end)
  if (placeholder > 0) return lexeme(start, 'template', placeholder)
  if (c === '$') {
    const parameter = at(PARAMETER, text, start, end)
    if (parameter > 0) return lexeme(start, 'parameter', parameter)
    const opened = at(DOLLAR_QUOTE, text, start, end)
    if (opened < 0) return lexeme(start, 'unknown', start + 1)
    const quote = text.slice(start, opened)
    const closing = text.indexOf(quote, opened)
    return quoted(start, end, 'string', closing < 0 || closing + quote.length > end ? -1 : closing + quote.length)
  }
  if (c1 === "'" && /[eEbBxXnN]/.test(c))
    return quoted(start, end, 'string', stringEnd(text, start + 1, end, c === 'e' || c === 'E'))
  if (c1 === '&' && (c === 'u' || c === 'U')) {
    if (text[start + 2] === "'") return quoted(start, end, 'string', stringEnd(text, start + 2, end, false))
    if (text[start + 2] === '"') return quoted(start, end, 'quoted-identifier', identifierEnd(text, start + 2, end))
  }
  const word = at(WORD, text, start, end)
  if (word > 0) return lexeme(start, 'word', word)
  const number = at(NUMBER, text, start, end)
  if (number > 0) return lexeme(start, 'number', number)
  if (OPERATOR_CHARACTERS.includes(c)) return lexeme(start, 'operator', operatorEnd(text, start, end))
  if ((c === ':' && (c1 === ':' || c1 === '=')) || (c === '.' && c1 === '.')) {
    return lexeme(start, 'operator', Math.min(start + 2, end))
  }
  if (',()[].;:'.includes(c)) return lexeme(start, 'punctuation', start + 1)
  return lexeme(start, 'unknown', start + 1)
}

function lexeme(start: number, kind: TokenKind, end: number): Lexeme {
  return { kind, start, end, unterminated: false }
}

/** `stop` is negative where the quote or comment is not closed. */
function quoted(start: number, end: number, kind: TokenKind, stop: number): Lexeme {
  return { kind, start, end: stop < 0 ? end : stop, unterminated: stop < 0 }
}

/** The end of the line that contains `position`, without the line break. */
function lineEnd(text: string, position: number, end = text.length): number {
  let stop = position
  while (stop < end && text[stop] !== '\n' && text[stop] !== '\r') stop++
  return stop
}

/** The tokens of `text` (or of its part in `span`), with comments, without white space. */
export function tokens(text: string, span: Span = [0, text.length]): Token[] {
  const found: Token[] = []
  for (let lexeme = next(text, span[0], span[1]); lexeme; lexeme = next(text, lexeme.end, span[1])) {
    found.push({ kind: lexeme.kind, span: [lexeme.start, lexeme.end], text: text.slice(lexeme.start, lexeme.end) })
  }
  return found
}

function blockCommentEnd(text: string, start: number, end: number): number {
  let depth = 0
  COMMENT_EDGE.lastIndex = start
  for (let edge = COMMENT_EDGE.exec(text); edge && COMMENT_EDGE.lastIndex <= end; edge = COMMENT_EDGE.exec(text)) {
    depth += edge[0] === '/*' ? 1 : -1
    if (depth === 0) return COMMENT_EDGE.lastIndex
  }
  return -1
}

/** `start` is the opening quote; -1 when it is never closed before `end`. */
function stringEnd(text: string, start: number, end: number, backslashes: boolean): number {
  for (let i = start + 1; i < end; i++) {
    const c = text[i]
    if (c === '\\' && backslashes) i++
    else if (c === "'") {
      if (text[i + 1] === "'" && i + 1 < end) i++
      else {
        const continued = at(CONTINUED, text, i + 1, text.length)
        if (continued < 0 || continued > end) return i + 1
        i = continued - 1
      }
    }
  }
  return -1
}

function identifierEnd(text: string, start: number, end: number): number {
  for (let i = start + 1; i < end; i++) {
    // "{{ index .Options "Schema" }}": the quotes inside the placeholder are the template language's.
    if (text[i] === '{' && text[i + 1] === '{') {
      const placeholder = templateAt(text, i, end)
      if (placeholder > 0 && !/[\n\r]/.test(text.slice(i, placeholder))) i = placeholder - 1
    } else if (text[i] === '"') {
      if (text[i + 1] === '"' && i + 1 < end) i++
      else return i + 1
    }
  }
  return -1
}

function operatorEnd(text: string, start: number, end: number): number {
  let stop = start
  while (stop < end && OPERATOR_CHARACTERS.includes(text[stop] as string)) {
    if (stop > start && (text.startsWith('--', stop) || text.startsWith('/*', stop))) break
    if (stop > start && templateAt(text, stop, end) > 0) break
    stop++
  }
  const last = (): string => text[stop - 1] as string
  if (stop - start > 1 && (last() === '+' || last() === '-') && !LETS_SIGN_END.test(text.slice(start, stop))) {
    while (stop - start > 1 && (last() === '+' || last() === '-')) stop--
  }
  return stop
}
