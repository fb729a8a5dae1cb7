import type { Span } from './span.ts'

/** The kinds of tokens. `template` and `unknown` exist because real files contain text that is not SQL. */
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

/** One token of PostgreSQL's lexical structure, in place. White space is not a token. */
export interface Token {
  readonly kind: TokenKind
  readonly span: Span
  readonly text: string
}
