import { type Lexeme, next } from './lexer.ts'
import { namesForTemplates } from './neutralise.ts'
import { isNewerGrammar } from './newer-grammar.ts'
import { type Fragment, locate } from './offsets.ts'
import { parsePlpgsql } from './parser.ts'
import type { Problem } from './script.ts'

/**
 * The syntax error in a PL/pgSQL body, in place. Null when there is none, or when it is not certain that PostgreSQL
 * sees one: other errors of this parser may come from types and variables that it does not know, or from placeholders of
 * templates, which stand for text that is missing. `statement` puts a body into the DO or CREATE FUNCTION around it. If that is not
 * certain, because its arguments and its result may be placeholders, only errors of the grammar count, which do not depend on them.
 */
export function plpgsqlSyntaxError(
  body: Fragment,
  statement: (body: string) => string,
  isCertain = true,
): Problem | null {
  const said = errorOf(statement(body.text))
  if (said === null || namesForTemplates(body.text) !== body.text) return null
  const tokens = tokensOf(body.text)
  if (!isSyntaxError(said) && !(isCertain && isCompileError(said, body.text, tokens))) return null
  // The parser gives no place. The text after it does not change the error, so the place can be searched for: a marker
  // that is not allowed anywhere is refused instead of the wrong token if it comes before that token.
  const marker = /"(?:as|is)"/i.test(said) ? ' OF OF OF ' : ' AS AS AS '
  const isBefore = (token: Lexeme | undefined) =>
    token !== undefined &&
    errorOf(statement(`${body.text.slice(0, token.start)}${marker}${body.text.slice(token.start)}`)) !== said
  let [low, high] = [0, tokens.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (isBefore(tokens[middle])) low = middle + 1
    else high = middle
  }
  const index = tokens[low - 1] ? low - 1 : 0
  const found = tokens[index]
  const start = statementStart(body.text, tokens.slice(0, index))
  const isNewer = found && isNewerGrammar(body.text.slice(start), found.start - start) ? { isNewer: true as const } : {}
  return {
    kind: 'syntax-error',
    message: said,
    span: locate(body, found ? [found.start, found.end] : [0, body.text.length]),
    ...isNewer,
  }
}

/** Where the statement begins that these tokens lead to. */
function statementStart(text: string, before: readonly Lexeme[]): number {
  const last = before.findLast(({ start, end }) => /^(?:;|begin|then|else|loop)$/i.test(text.slice(start, end)))
  return last?.end ?? 0
}

/** True for errors of PL/pgSQL's and SQL's grammar, which do not depend on the database. */
function isSyntaxError(message: string): boolean {
  return message.startsWith('syntax error at ')
}

/** How errors of PL/pgSQL's compiler begin that depend on the body alone. Source: pl_gram.y, pl_scanner.c. */
const compileErrors: readonly string[] = [
  'missing expression at or near ',
  'duplicate declaration at or near ',
  'EXIT cannot be used outside a loop',
  'CONTINUE cannot be used outside a loop',
  'too few parameters specified for RAISE',
  'too many parameters specified for RAISE',
  'loop variable of ',
  'RETURN cannot have a parameter in function returning ',
  'cannot use RETURN NEXT in a non-SETOF function',
  'cannot use RETURN QUERY in a non-SETOF function',
]

/**
 * True for errors about variables and statements that PostgreSQL finds as well. The parser does not know the columns of a
 * composite type, so errors about `a.b` do not count.
 */
function isCompileError(message: string, text: string, tokens: readonly Lexeme[]): boolean {
  if (message.endsWith(' is not a known variable')) return !message.includes('.')
  if (message.startsWith('loop variable of ') && tokens.some((_, i) => loopsOverField(text, tokens, i))) return false
  return compileErrors.some(start => message.startsWith(start))
}

/** FOR a.b IN … */
function loopsOverField(text: string, tokens: readonly Lexeme[], at: number): boolean {
  const [word, , dot] = tokens.slice(at, at + 3).map(({ start, end }) => text.slice(start, end).toLowerCase())
  return (word === 'for' || word === 'foreach') && dot === '.'
}

function errorOf(statement: string): string | null {
  const parsed = parsePlpgsql(statement)
  return 'error' in parsed ? parsed.error : null
}

function tokensOf(text: string): Lexeme[] {
  const tokens: Lexeme[] = []
  for (let lexeme = next(text, 0, text.length); lexeme; lexeme = next(text, lexeme.end, text.length)) {
    if (lexeme.kind !== 'comment') tokens.push(lexeme)
  }
  return tokens
}

/** A body between dollar signs with a tag that it does not contain. */
export function dollarQuoted(text: string): string {
  let tag = '$plpgsql$'
  for (let n = 0; text.includes(tag); n++) tag = `$plpgsql${n}$`
  return `${tag}${text}${tag}`
}
