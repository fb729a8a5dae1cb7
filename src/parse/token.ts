import type { Span } from './span.ts'

/** What a token is. `template` and `unknown` exist because real files hold text that is not SQL. */
export type TokenKind =
  | 'word'
  | 'quoted-identifier'
  | 'string'
  | 'number'
  | 'parameter'
  | 'operator'
  | 'punctuation'
  | 'comment'
  | 'template'
  | 'unknown'

/** One token of PostgreSQL's lexical structure, in place. White space makes no token. */
export interface Token {
  readonly kind: TokenKind
  readonly span: Span
  readonly text: string
}

/** A token as the lexer gives it: without its text, which most readers never ask for. */
export interface Lexeme {
  readonly kind: TokenKind
  readonly start: number
  readonly end: number
  /** A quote or comment was opened and the text ended before it was closed. */
  readonly unterminated: boolean
}
