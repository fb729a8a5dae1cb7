import { doBody } from './body.ts'
import { keyword } from './keyword.ts'
import { next } from './lexer.ts'
import { append } from './list.ts'
import { neutralise } from './neutralise.ts'
import { isNewerGrammar } from './newer-grammar.ts'
import { type Fragment, locate } from './offsets.ts'
import { type ParserError, parseText, type RawStatement } from './parser.ts'
import { isQuotedPlaceholder, type Spelling } from './placeholder.ts'
import { routineProblems } from './routine-problems.ts'
import type { Comment, Problem, Statement, StatementKind } from './script.ts'
import type { Span } from './span.ts'
import { type Piece, split } from './split.ts'

/** The statements and problems of a fragment, in place. */
export interface Reading {
  readonly statements: readonly Statement[]
  readonly problems: readonly Problem[]
}

/** True inside IF, CASE, a loop or a handler. `caught`: also in a block with a handler that catches every failure. */
export type Condition = boolean | 'caught'

/** The state that readers pass down while they read a file. */
export interface Context {
  readonly conditional: Condition
  /** The comments of the file; those in the bodies of DO blocks are added while the bodies are read. */
  readonly comments: Comment[]
  /** The spelling of equal placeholders. */
  readonly spelling: Spelling
  /** How many DO blocks it is in. */
  readonly depth: number
  /** How many UTF-16 units of nested DO blocks may still be read in this file. */
  readonly nested: { left: number }
}

/** The statements in one piece of a fragment; a piece that does not parse is one problem. */
export function readPiece(fragment: Fragment, piece: Piece, context: Context): Reading {
  const [start, stop] = piece.span
  const { written, text, parsed } = attempt(fragment, piece, context.spelling)
  if ('error' in parsed) return { statements: [], problems: [problem(fragment, start, stop, text, parsed.error)] }
  const only = parsed.statements.length === 1
  const statements = parsed.statements.map(raw => {
    const span: Span = only ? [start, stop] : trim(text, raw, start)
    const own = (of: string) => of.slice(span[0] - start, span[1] - start)
    return statement(fragment, raw, span, own(written), own(text), context)
  })
  return { statements, problems: [] }
}

/**
 * The problems of a fragment whose statements nobody needs. It does not read the bodies in these statements. PostgreSQL does not either
 * while it only checks, and functions may be nested in one another without limit.
 */
export function problemsIn(fragment: Fragment): Problem[] {
  const { pieces, problems } = split(fragment.text, { psql: false })
  const refused = pieces.flatMap(piece => {
    const { text, parsed } = attempt(fragment, piece, written => written)
    return 'error' in parsed ? problem(fragment, piece.span[0], piece.span[1], text, parsed.error) : []
  })
  return [...problems.map(each => ({ ...each, span: locate(fragment, each.span) })), ...refused]
}

/** What the parser makes of a piece, with stand-ins where it needs them. */
function attempt(fragment: Fragment, piece: Piece, spelling: Spelling): Attempt & { readonly written: string } {
  const [start] = piece.span
  const written = blank(fragment.text.slice(start, piece.end), piece.blanks, start)
  const place = (offset: number): number => fragment.start(Math.min(start + offset, fragment.text.length))
  const parse = (sql: string): Attempt => ({ text: sql, parsed: parseText(sql, place) })
  return { written, ...withStandIns(written, parse(written), parse, spelling) }
}

/** A text, and the parser's answer. */
interface Attempt {
  readonly text: string
  readonly parsed: ReturnType<typeof parseText>
}

/** If the text does not parse as it is, parses it with stand-ins for its placeholders. Other errors stay. */
function withStandIns(written: string, first: Attempt, parse: (sql: string) => Attempt, spelling: Spelling): Attempt {
  const isRead = !('error' in first.parsed)
  if (isRead ? !isQuotedPlaceholder(written) : 'error' in first.parsed && first.parsed.error.isUnread) return first
  const verdict = (sql: string): number => {
    const { parsed } = parse(sql)
    return 'error' in parsed ? parsed.error.offset : Number.POSITIVE_INFINITY
  }
  const neutral = neutralise(written, verdict, spelling)
  if (neutral === null) return first
  const { text } = neutral
  const second = parse(text)
  if (!('error' in second.parsed)) {
    for (const { node } of second.parsed.statements) neutral.restore(node)
    return second
  }
  if (!('error' in first.parsed)) return first
  // The message quotes a token, and people would not find a stand-in in the file.
  const { offset } = second.parsed.error
  const token = next(text, Math.min(offset, text.length), text.length)
  const verbatim = !token || text.slice(token.start, token.end) === written.slice(token.start, token.end)
  return offset > first.parsed.error.offset && verbatim ? second : first
}

/** Reads a whole fragment that is complete SQL: an EXECUTE'd literal, or the body of a DO block in SQL. */
export function readFragment(fragment: Fragment, context: Context): Reading {
  const { pieces, problems, comments } = split(fragment.text, { psql: false })
  append(
    context.comments,
    comments.map(comment => ({ ...comment, span: locate(fragment, comment.span) })),
  )
  const readings = pieces.map(piece => readPiece(fragment, piece, context))
  return {
    statements: readings.flatMap(reading => reading.statements),
    problems: [
      ...problems.map(problem => ({ ...problem, span: locate(fragment, problem.span) })),
      ...readings.flatMap(reading => reading.problems),
    ],
  }
}

/** `text`: as it is written; `parsed`: of the same length, with the stand-ins that the parser got. */
function statement(
  fragment: Fragment,
  raw: RawStatement,
  span: Span,
  text: string,
  parsed: string,
  context: Context,
): Statement {
  const name = keyword(text, [0, text.length])
  const base = {
    kind: raw.kind as StatementKind,
    node: raw.node,
    span: locate(fragment, span),
    keyword: locate(fragment, [span[0] + name[0], span[0] + name[1]]),
    text,
    ...(context.conditional ? { conditional: true } : {}),
    ...(context.conditional === 'caught' ? { caught: true } : {}),
  }
  if (raw.kind === 'CreateFunctionStmt') {
    const problems = routineProblems(fragment, span, { text: parsed, isCertain: parsed === text }, raw.node)
    return problems.length > 0 ? { ...base, routineProblems: problems } : base
  }
  if (raw.kind !== 'DoStmt') return base
  return { ...base, body: doBody(fragment, span, text, context) }
}

/** Spaces in place of psql commands. Line breaks stay, so that a comment before one still ends. */
function blank(text: string, spans: readonly Span[], base: number): string {
  let result = ''
  let from = 0
  for (const [start, end] of spans) {
    if (start - base >= text.length) break
    result += text.slice(from, start - base)
    from = Math.min(end - base, text.length)
    result += text.slice(start - base, from).replace(/[^\n\r]/g, ' ')
  }
  return result + text.slice(from)
}

/** If the grammar sees several statements where psql saw one: each without the space and comments around it. */
function trim(text: string, raw: RawStatement, base: number): Span {
  let first = -1
  let last = raw.start
  for (let lexeme = next(text, raw.start, raw.end); lexeme; lexeme = next(text, lexeme.end, raw.end)) {
    if (lexeme.kind === 'comment' || (lexeme.kind === 'punctuation' && text[lexeme.start] === ';')) continue
    if (first < 0) first = lexeme.start
    last = lexeme.end
  }
  return [base + (first < 0 ? raw.start : first), base + last]
}

function problem(fragment: Fragment, start: number, stop: number, text: string, error: ParserError): Problem {
  if (error.isUnread) {
    const name = keyword(text, [0, stop - start])
    return { kind: 'beyond-limits', message: error.message, span: locate(fragment, [start + name[0], start + name[1]]) }
  }
  const lexeme = error.offset < text.length ? next(text, error.offset, text.length) : null
  const span: Span = lexeme ? [start + lexeme.start, start + lexeme.end] : [stop, stop]
  const statement = locate(fragment, [start, stop])
  const isNewer = isNewerGrammar(text.slice(0, stop - start), error.offset) ? { isNewer: true as const } : {}
  return { kind: 'syntax-error', message: error.message, span: locate(fragment, span), statement, ...isNewer }
}
