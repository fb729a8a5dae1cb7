/**
 * The static SQL of a PL/pgSQL body, in place. libpg-query's PL/pgSQL parser returns the structure, the line of each
 * statement and its SQL, but no offsets. They are found among the tokens of the body.
 */

import { type Lexeme, next } from './lexer.ts'
import { append } from './list.ts'
import { literalText } from './literal.ts'
import { lookUp } from './look-up.ts'
import { namesForTemplates } from './neutralise.ts'
import { type Fragment, locate } from './offsets.ts'
import { parsePlpgsql } from './parser.ts'
import { dollarQuoted, plpgsqlSyntaxError } from './plpgsql-error.ts'
import { isPerform, sameSql, sentFor } from './plpgsql-query.ts'
import type { Body, Opaque, Problem, Statement } from './script.ts'
import type { Span } from './span.ts'
import { type Condition, type Context, readFragment, readPiece } from './statements.ts'

type Fields = Readonly<Record<string, unknown>>

/** The fields in which statements contain statements (PL/pgSQL's plpgsql.h), in the order of the text. */
const BRANCHES: Readonly<Record<string, readonly string[]>> = {
  PLpgSQL_exception_block: ['exc_list'],
  PLpgSQL_exception: ['action'],
  PLpgSQL_stmt_if: ['then_body', 'elsif_list', 'else_body'],
  PLpgSQL_if_elsif: ['stmts'],
  PLpgSQL_stmt_case: ['case_when_list', 'else_stmts'],
  PLpgSQL_case_when: ['stmts'],
  PLpgSQL_stmt_loop: ['body'],
  PLpgSQL_stmt_while: ['body'],
  PLpgSQL_stmt_fori: ['body'],
  PLpgSQL_stmt_foreach_a: ['body'],
  PLpgSQL_stmt_fors: ['body'],
  PLpgSQL_stmt_forc: ['body'],
  PLpgSQL_stmt_dynfors: ['body'],
}

/** What a field contains: SQL itself, an expression that returns it at run time, or an expression that is run as `SELECT …`. */
type Style = 'statement' | 'perform' | 'query' | 'dynamic' | 'expression' | 'assignment'

const SQL: Readonly<Record<string, Readonly<Record<string, Style>>>> = {
  PLpgSQL_stmt_if: { cond: 'expression' },
  PLpgSQL_if_elsif: { cond: 'expression' },
  PLpgSQL_stmt_while: { cond: 'expression' },
  PLpgSQL_stmt_case: { t_expr: 'expression' },
  PLpgSQL_stmt_return: { expr: 'expression' },
  PLpgSQL_stmt_assign: { expr: 'assignment' },
  PLpgSQL_stmt_execsql: { sqlstmt: 'statement' },
  PLpgSQL_stmt_call: { expr: 'statement' },
  PLpgSQL_stmt_perform: { expr: 'perform' },
  PLpgSQL_stmt_fors: { query: 'query' },
  PLpgSQL_stmt_return_query: { query: 'query', dynquery: 'dynamic' },
  PLpgSQL_stmt_open: { query: 'query', dynquery: 'dynamic' },
  PLpgSQL_stmt_dynexecute: { query: 'dynamic' },
  PLpgSQL_stmt_dynfors: { query: 'dynamic' },
}

/** An EXIT without a label only ends a loop, whose statements are conditional in any case. */
function leaves(kind: string, { label }: Fields): boolean {
  return kind === 'PLpgSQL_stmt_return' || (kind === 'PLpgSQL_stmt_exit' && label !== undefined)
}

const ENDS_TRANSACTION: Readonly<Record<string, string>> = {
  PLpgSQL_stmt_commit: 'commit',
  PLpgSQL_stmt_rollback: 'rollback',
}

/** The text before the body: it decides what RETURN may contain, and which names are variables. */
export type Head = 'DO' | `CREATE FUNCTION ${string} AS`

/** The statements of a PL/pgSQL body; a body that cannot be parsed is one opaque part. */
export function plpgsqlBody(body: Fragment, context: Context, head: Head = 'DO'): Body {
  const parsed = parsePlpgsql(quoted(head, body.text))
  if ('error' in parsed) {
    const neutral = namesForTemplates(body.text)
    const again = neutral === body.text ? parsed : parsePlpgsql(quoted(head, neutral))
    if ('error' in again) {
      const problem = head === 'DO' ? plpgsqlSyntaxError(body, text => quoted('DO', text)) : null
      if (problem) return { statements: [], opaque: [], problems: [problem] }
      const reason = `PL/pgSQL that could not be parsed: ${again.error}`
      return {
        statements: [],
        opaque: [{ span: locate(body, [0, body.text.length]), reason, isUnparsed: true }],
        problems: [],
      }
    }
    return new BodyReader({ ...body, text: neutral }, context, body.text).read(again.functions)
  }
  return new BodyReader(body, context).read(parsed.functions)
}

function quoted(head: Head, text: string): string {
  return `${head} ${dollarQuoted(text)}`
}

/** The parts that are still to be read. */
interface Waiting {
  readonly node: unknown
  readonly conditional: Condition
}

/** Under a condition. A failure that a handler catches stays one that is caught. */
function underCondition(outer: Condition): Condition {
  return outer === 'caught' ? outer : true
}

/** Whether one of the handlers catches every failure, as `WHEN OTHERS` does. */
function catchesAll(exceptions: unknown): boolean {
  const handlers = fieldsOf(fieldsOf(exceptions).PLpgSQL_exception_block).exc_list
  return (Array.isArray(handlers) ? handlers : []).some(handler => {
    const { conditions } = fieldsOf(fieldsOf(handler).PLpgSQL_exception)
    const names = (Array.isArray(conditions) ? conditions : []).map(
      each => fieldsOf(fieldsOf(each).PLpgSQL_condition).condname,
    )
    return names.some(name => typeof name === 'string' && name.toLowerCase() === 'others')
  })
}

class BodyReader {
  readonly #body: Fragment
  readonly #written: string
  readonly #context: Context
  readonly #tokens: (Lexeme & { readonly line: number })[] = []
  #cursor = 0
  readonly #statements: Statement[] = []
  readonly #opaque: Opaque[] = []
  readonly #problems: Problem[] = []
  /** A RETURN, or an EXIT that names a block, may have left what follows. */
  #mayHaveLeft = false

  /** `written`: the text of the body as the file has it, if that contains placeholders. */
  constructor(body: Fragment, context: Context, written = body.text) {
    this.#body = body
    this.#written = written
    this.#context = context
    const text = body.text
    let line = 1
    let counted = 0
    for (let lexeme = next(text, 0, text.length); lexeme; lexeme = next(text, lexeme.end, text.length)) {
      for (; counted < lexeme.start; counted++) if (text[counted] === '\n') line++
      if (lexeme.kind !== 'comment') this.#tokens.push({ line, ...lexeme })
      else {
        const inner = text.slice(lexeme.start + 2, text[lexeme.start] === '-' ? lexeme.end : lexeme.end - 2)
        context.comments.push({ span: locate(body, [lexeme.start, lexeme.end]), text: inner.trim() })
      }
    }
  }

  read(functions: readonly unknown[]): Body {
    for (const entry of functions) {
      const action = fieldsOf(fieldsOf(entry).PLpgSQL_function).action
      if (action) this.#all(action, this.#context.conditional)
    }
    return { statements: this.#statements, opaque: this.#opaque, problems: this.#problems }
  }

  /** Everything in a body, in order; blocks may be nested too deeply for the stack. */
  #all(action: unknown, conditional: Condition): void {
    const waiting: Waiting[] = [{ node: action, conditional }]
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const { node } = next
      const inside: Waiting[] = []
      if (Array.isArray(node)) for (const item of node) inside.push({ node: item, conditional: next.conditional })
      else {
        for (const [kind, value] of Object.entries(fieldsOf(node)))
          append(inside, this.#statement(kind, fieldsOf(value), next.conditional))
      }
      append(waiting, inside.reverse())
    }
  }

  /** Reads the SQL of a statement, and returns the statements in it. */
  #statement(kind: string, fields: Fields, isInBranch: Condition): Waiting[] {
    const conditional = isInBranch || this.#mayHaveLeft
    if (leaves(kind, fields)) this.#mayHaveLeft = true
    const line = typeof fields.lineno === 'number' ? fields.lineno : 0
    // Where a handler catches errors, a statement that fails is as one that did not run.
    if (kind === 'PLpgSQL_stmt_block') {
      const inside = catchesAll(fields.exceptions) ? 'caught' : conditional || fields.exceptions !== undefined
      return [
        { node: fields.body, conditional: inside },
        { node: fields.exceptions, conditional: underCondition(conditional) },
      ]
    }
    for (const [field, style] of Object.entries(lookUp(SQL, kind) ?? {})) {
      const query = fieldsOf(fieldsOf(lookUp(fields, field)).PLpgSQL_expr).query
      if (typeof query === 'string') this.#sql(style, query, line, conditional)
    }
    if (kind === 'PLpgSQL_stmt_assign' && !conditional) this.#assignment(line, fields)
    const word = lookUp(ENDS_TRANSACTION, kind)
    if (word) this.#ending(word, line, conditional)
    return (lookUp(BRANCHES, kind) ?? []).map(field => ({
      node: lookUp(fields, field),
      conditional: underCondition(conditional),
    }))
  }

  #sql(style: Style, query: string, line: number, conditional: Condition): void {
    const isValue = style === 'expression' || style === 'assignment'
    if (isValue && !query.toLowerCase().includes('select')) return
    const at = this.#find(line, style, query)
    if (at < 0) {
      const reason = `SQL that could not be found again in the body: ${query.slice(0, 60)}`
      this.#opaque.push({ span: locate(this.#body, [0, this.#body.text.length]), reason })
      return
    }
    const start = this.#token(at).start
    if (style === 'dynamic') this.#dynamic(at, start + query.length, conditional)
    else if (style === 'query') this.#static(at, start + query.length, query, conditional)
    else if (isValue) this.#expression(at, query, style === 'assignment', conditional)
    else {
      const end = this.#statementEnd(at)
      const written = this.#body.text.slice(start, end)
      this.#static(at, end, style === 'perform' ? `SELECT ${written.slice(7)}` : sentFor(written, query), conditional)
    }
  }

  #token(index: number): Lexeme & { readonly line: number } {
    return this.#tokens[index] as Lexeme & { readonly line: number }
  }

  /** Index of the token at which the SQL begins: on that line or, for a query inside a longer statement, after it. */
  #find(line: number, style: string, query: string): number {
    const text = this.#body.text
    for (let i = this.#cursor; i < this.#tokens.length; i++) {
      const token = this.#token(i)
      if (token.line < line) continue
      if (style === 'statement' || style === 'perform') {
        if (token.line > line) break
        const first = text.slice(token.start, token.end)
        if (style === 'perform' ? first.toLowerCase() !== 'perform' : !query.startsWith(first)) continue
        const written = text.slice(token.start, this.#statementEnd(i))
        if (style === 'perform' ? isPerform(written, query) : sameSql(written, query)) return i
      } else if (text.startsWith(query, token.start)) {
        const before = text.slice(this.#tokens[i - 1]?.start ?? 0, this.#tokens[i - 1]?.end ?? 0).toLowerCase()
        if (style !== 'dynamic' || before === 'execute') return i
      }
    }
    return -1
  }

  /** End of the last token before the `;` that ends the statement beginning at that token. */
  #statementEnd(index: number): number {
    let depth = 0
    let end = this.#token(index).end
    for (let i = index; i < this.#tokens.length; i++) {
      const token = this.#token(i)
      const c = token.kind === 'punctuation' ? this.#body.text[token.start] : ''
      if (c === '(') depth++
      else if (c === ')') depth--
      else if (c === ';' && depth <= 0) break
      end = token.end
    }
    return end
  }

  #advance(from: number, end: number): void {
    this.#cursor = from
    while (this.#cursor < this.#tokens.length && this.#token(this.#cursor).start < end) this.#cursor++
  }

  /** `sent` has the length of the text from that token to `end`. */
  #static(index: number, end: number, sent: string, conditional: Condition): void {
    const base = this.#token(index).start
    this.#advance(index, end)
    const stop = this.#tokens[this.#cursor - 1]?.end ?? end
    const length = Math.min(stop, end) - base
    // SELECT replaces PERFORM, which is one letter longer: its end is the end of PERFORM.
    const performs = this.#body.text[base]?.toLowerCase() === 'p' && sent.startsWith('SELECT ')
    const fragment: Fragment = {
      text: this.#asWritten(base, sent.slice(0, length)),
      start: offset => this.#body.start(base + offset),
      end: offset => this.#body.end(base + (performs && offset === 6 ? 7 : offset)),
    }
    const piece = { span: [0, length] as Span, end: length, blanks: [] }
    this.#add(readPiece(fragment, piece, { ...this.#context, conditional }))
  }

  /** PL/pgSQL runs an expression with a query in it as `SELECT …`, which locks the tables of the query. */
  #expression(index: number, written: string, isAssignment: boolean, conditional: Condition): void {
    const start = this.#token(index).start
    this.#advance(index, start + written.length)
    // A variable stands before it, which may have parts, and `:=` or `=`.
    const sign = isAssignment
      ? this.#tokens.slice(index).find(token => this.#body.text[token.end - 1] === '=')
      : undefined
    const base = sign?.end ?? start
    const query = written.slice(base - start)
    const before = 'SELECT '.length
    const place = (offset: number) => base + Math.max(0, offset - before)
    const fragment: Fragment = {
      text: `SELECT ${this.#asWritten(base, query)}`,
      start: offset => this.#body.start(place(offset)),
      end: offset => this.#body.end(place(offset)),
    }
    const length = before + query.length
    const piece = { span: [0, length] as Span, end: length, blanks: [] }
    const reading = readPiece(fragment, piece, { ...this.#context, conditional })
    // PL/pgSQL's parser has read it already. What does not parse is not the value alone: a subscript may have a sign as well.
    if (reading.problems.length === 0) this.#add(reading)
  }

  /** The SQL that is sent from that offset on, with the placeholders in place of the names that stand for them. */
  #asWritten(base: number, sent: string): string {
    const { text } = this.#body
    if (this.#written === text) return sent
    return Array.from({ length: sent.length }, (_, i) => {
      const at = base + i
      return sent[i] === text[at] ? this.#written[at] : sent[i]
    }).join('')
  }

  #dynamic(index: number, end: number, conditional: Condition): void {
    const start = this.#tokens[index - 1]?.start ?? this.#token(index).start
    this.#advance(index, end)
    const literals = this.#constant(this.#tokens.slice(index, this.#cursor))
    const fragment = literals && literalText(this.#body, literals)
    if (fragment) this.#add(readFragment(fragment, { ...this.#context, conditional }))
    else {
      const reason = 'it is dynamic SQL, whose text is computed at run time'
      this.#opaque.push({ span: locate(this.#body, [start, end]), reason })
    }
  }

  /** The literals of an expression that is one literal, or several joined by `||`; null when it contains anything else. */
  #constant(expression: readonly Lexeme[]): Span[] | null {
    const text = (token: Lexeme | undefined): string => (token ? this.#body.text.slice(token.start, token.end) : '')
    let rest = expression
    while (text(rest[0]) === '(' && text(rest.at(-1)) === ')') rest = rest.slice(1, -1)
    const formatted = text(rest[0]).toLowerCase() === 'format' && rest.length === 4 && text(rest[1]) === '('
    if (formatted) {
      const literal = rest[2]
      return literal?.kind === 'string' && !text(literal).includes('%') ? [[literal.start, literal.end]] : null
    }
    const literals: Span[] = []
    for (const [i, token] of rest.entries()) {
      if (i % 2 === 1 ? text(token) !== '||' : token.kind !== 'string') return null
      if (i % 2 === 0) literals.push([token.start, token.end])
    }
    return rest.length % 2 === 1 ? literals : null
  }

  /** `a := ;` is read as an expression without a column (14 and later), and fails when it runs. */
  #assignment(line: number, fields: Fields): void {
    const query = fieldsOf(fieldsOf(fields.expr).PLpgSQL_expr).query
    if (typeof query !== 'string' || !query.trimEnd().endsWith('=')) return
    const written = (i: number): string => {
      const token = this.#tokens[i]
      return token ? this.#body.text.slice(token.start, token.end) : ''
    }
    const at = this.#tokens.findIndex(
      (token, i) => token.line >= line && written(i) === ';' && written(i - 1).endsWith('='),
    )
    if (at < 0) return
    const { start, end } = this.#token(at)
    const message = 'missing expression at or near ";"'
    this.#problems.push({ kind: 'syntax-error', message, span: locate(this.#body, [start, end]) })
  }

  #ending(word: string, line: number, conditional: Condition): void {
    for (let i = this.#cursor; i < this.#tokens.length; i++) {
      const token = this.#token(i)
      if (token.line < line) continue
      if (this.#body.text.slice(token.start, token.end).toLowerCase() !== word) continue
      const end = this.#statementEnd(i)
      this.#static(i, end, this.#body.text.slice(token.start, end), conditional)
      return
    }
  }

  #add(reading: { statements: readonly Statement[]; problems: readonly Problem[] }): void {
    append(this.#statements, reading.statements)
    append(this.#problems, reading.problems)
  }
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {}
}
