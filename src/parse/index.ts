/** Text → statements: encoding, comments, directives, psql and template text, recovery, PL/pgSQL bodies, spans. */

export type { Directive } from './comment-line.ts'
export { directives } from './directive.ts'
export { keyword } from './keyword.ts'
export { tokens } from './lexer.ts'
export { parse } from './parse.ts'
export { loadParser } from './parser.ts'
export * from './script.ts'
export { decode } from './source.ts'
export * from './span.ts'
export type { Token, TokenKind } from './token.ts'
