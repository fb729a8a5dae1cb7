/**
 * Splits a script into statements as psql does (src/fe_utils/psqlscan.l and src/bin/psql/mainloop.c): at a semicolon
 * outside parentheses and outside the BEGIN ATOMIC … END body of an SQL-standard function. It also takes out psql's own
 * commands and COPY data.
 */

import { dataBlockEnd, type MetaCommand, metaCommandAt, readsStdin, sqlInsteadOfData } from './client.ts'
import { type Lexeme, next } from './lexer.ts'
import { append } from './list.ts'
import type { Comment, Problem, Script } from './script.ts'
import type { Span } from './span.ts'
import { isControl } from './template.ts'

/** The text of one statement, before PostgreSQL's grammar has seen it. */
export interface Piece {
  /** From the first token to the end of the last one; the `;` is outside. */
  readonly span: Span
  /**
   * With the `;` if there is one. This is the text that the parser gets, so that its messages are those of the server.
   */
  readonly end: number
  /** Places of psql commands and template control inside the statement. */
  readonly blanks: readonly Span[]
}

export interface Split {
  readonly pieces: readonly Piece[]
  readonly comments: readonly Comment[]
  readonly problems: readonly Problem[]
  readonly clientCommands: Script['clientCommands']
}

interface Found {
  pieces: Piece[]
  comments: Comment[]
  problems: Problem[]
  clientCommands: { kind: 'psql' | 'copy-data' | 'template'; span: Span; text: string }[]
}

/** Never throws. `psql: false` for text that psql does not read, such as the literal of an EXECUTE. */
export function split(text: string, options: { psql: boolean } = { psql: true }): Split {
  const found: Found = { pieces: [], comments: [], problems: [], clientCommands: [] }
  let position = 0
  let nesting = true
  while (position < text.length) {
    const reader = new StatementReader(text, nesting, options.psql)
    const { piece, broken } = reader.read(position)
    if (broken) {
      // A parenthesis or BEGIN that is never closed would swallow the rest of the file. It is a syntax error at the first
      // semicolon, so the statement ends there, and from here on every semicolon ends one: a second pass, never a third.
      nesting = false
      continue
    }
    position = reader.position
    append(found.comments, reader.comments)
    append(found.clientCommands, reader.clientCommands)
    append(found.problems, reader.problems)
    if (reader.unterminated) found.problems.push(unterminated(text, reader.unterminated))
    else if (piece) found.pieces.push(piece)
  }
  return found
}

class StatementReader {
  readonly comments: Comment[] = []
  readonly clientCommands: Found['clientCommands'] = []
  readonly problems: Problem[] = []
  unterminated: Lexeme | null = null
  position = 0

  readonly #text: string
  readonly #nesting: boolean
  readonly #psql: boolean
  #start = -1
  #stop = -1
  readonly #blanks: Span[] = []
  #parentheses = 0
  readonly #blocks = new BlockDepth()
  readonly #words: string[] = []
  #semicolonInside = false

  constructor(text: string, nesting: boolean, psql: boolean) {
    this.#text = text
    this.#nesting = nesting
    this.#psql = psql
  }

  /** Reads one statement; `broken` says that it passed a semicolon and reached the end of the text with something still open. */
  read(from: number): { piece: Piece | null; broken: boolean } {
    const text = this.#text
    this.position = from
    for (let lexeme = next(text, from, text.length); lexeme; lexeme = next(text, this.position, text.length)) {
      this.position = lexeme.end
      const c = text[lexeme.start]
      if (lexeme.kind === 'comment') this.#comment(lexeme)
      else if (lexeme.unterminated) this.unterminated = lexeme
      else if (c === '\\' && this.#psql) {
        const command = metaCommandAt(text, lexeme.start)
        if (command) {
          this.#clientCommand(command)
          if (command.sends && this.#start >= 0) return this.#finish(this.#stop)
        } else this.#token(lexeme)
      } else if (c === ';' && lexeme.kind === 'punctuation') {
        if (this.#ends()) return this.#statementEnd(lexeme)
        this.#semicolonInside = true
        this.#token(lexeme)
      } else if (lexeme.kind === 'template') this.#template(lexeme)
      else this.#token(lexeme)
      if (this.unterminated) return { piece: null, broken: this.#swallowed() }
    }
    this.position = text.length
    return this.#swallowed() ? { piece: null, broken: true } : this.#finish(this.#stop)
  }

  /** Only CREATE RULE can have a semicolon inside parentheses: anywhere else a `)` was forgotten. */
  #ends(): boolean {
    if (!this.#nesting) return true
    return this.#blocks.depth === 0 && (this.#parentheses === 0 || !this.#blocks.createsRule())
  }

  #swallowed(): boolean {
    return this.#semicolonInside && !this.#ends()
  }

  #finish(end: number): { piece: Piece | null; broken: false } {
    if (this.#start < 0) return { piece: null, broken: false }
    const piece: Piece = {
      span: [this.#start, this.#stop],
      end,
      blanks: this.#blanks,
    }
    return { piece, broken: false }
  }

  #statementEnd(semicolon: Lexeme): { piece: Piece | null; broken: false } {
    if (this.#start >= 0 && this.#psql && readsStdin(this.#words)) this.#data(semicolon.end)
    return this.#finish(semicolon.end)
  }

  /** The rest of the `;` line still belongs to psql; the data begins on the next line. */
  #data(after: number): void {
    const text = this.#text
    const lineBreak = text.indexOf('\n', after)
    if (lineBreak < 0 || text.slice(after, lineBreak).trim() !== '') return
    const ended = dataBlockEnd(text, lineBreak + 1)
    const end = ended ?? text.length
    // Nothing is lost: text that may be SQL is read as SQL.
    const sql = sqlInsteadOfData(text.slice(lineBreak + 1, end), ended !== null)
    if (sql !== null) {
      this.problems.push({
        kind: 'copy-without-end',
        message: 'no line with \\. ends the rows of this COPY, and SQL follows',
        span: [this.#start, this.#stop],
      })
      if (sql === 0) return
      this.#client('copy-data', [lineBreak + 1, lineBreak + 1 + sql])
      this.position = lineBreak + 1 + sql
      return
    }
    if (end > lineBreak + 1) this.#client('copy-data', [lineBreak + 1, end])
    this.position = end
  }

  #comment(lexeme: Lexeme): void {
    const text = this.#text
    if (lexeme.unterminated) this.unterminated = lexeme
    this.comments.push(comment(text, lexeme))
  }

  #clientCommand(command: MetaCommand): void {
    this.position = command.span[1]
    if (command.span[1] > command.span[0]) this.#client('psql', command.span)
    if (this.#start >= 0) this.#blanks.push(command.span)
    if (command.data) {
      const end = dataBlockEnd(this.#text, command.data) ?? this.#text.length
      if (end > command.data) this.#client('copy-data', [command.data, end])
      if (this.#start >= 0) this.#blanks.push([command.data, end])
      this.position = end
    }
  }

  #client(kind: Found['clientCommands'][number]['kind'], span: Span): void {
    this.clientCommands.push({ kind, span, text: this.#text.slice(span[0], span[1]) })
  }

  /** A control placeholder prints nothing, so it neither begins nor ends a statement. */
  #template(lexeme: Lexeme): void {
    const span: Span = [lexeme.start, lexeme.end]
    if (isControl(this.#text.slice(lexeme.start, lexeme.end)) || (this.#start < 0 && this.#aloneOnLine(lexeme))) {
      this.#client('template', span)
      if (this.#start >= 0) this.#blanks.push(span)
      return
    }
    this.#token(lexeme)
  }

  #aloneOnLine(lexeme: Lexeme): boolean {
    const text = this.#text
    let before = lexeme.start - 1
    while (before >= 0 && (text[before] === ' ' || text[before] === '\t')) before--
    let after = lexeme.end
    while (after < text.length && (text[after] === ' ' || text[after] === '\t' || text[after] === '\r')) after++
    return (before < 0 || text[before] === '\n') && (after >= text.length || text[after] === '\n')
  }

  #token(lexeme: Lexeme): void {
    const text = this.#text
    if (this.#start < 0) this.#start = lexeme.start
    this.#stop = lexeme.end
    if (lexeme.kind === 'word') {
      const word = text.slice(lexeme.start, lexeme.end).toLowerCase()
      if (this.#parentheses === 0) {
        this.#blocks.word(word)
        // COPY is recognised by its words, but a long statement need not be stored for that.
        if (this.#words.length === 0 || this.#words[0] === 'copy') this.#words.push(word)
      }
    } else if (lexeme.kind === 'punctuation') {
      if (text[lexeme.start] === '(') this.#parentheses++
      else if (text[lexeme.start] === ')' && this.#parentheses > 0) this.#parentheses--
    }
  }
}

/** psql's count of open BEGIN and CASE in CREATE [OR REPLACE] FUNCTION | PROCEDURE (psqlscan.l, rule {identifier}). */
class BlockDepth {
  depth = 0
  readonly #first: string[] = []
  /** What the statement creates, as far as its first words tell. */
  #created: string | undefined

  word(word: string): void {
    if (this.#first.length < 4) {
      this.#first.push(word)
      this.#created = created(this.#first)
    }
    if (this.#created !== 'function' && this.#created !== 'procedure') return
    if (word === 'begin') this.depth++
    else if (word === 'case' && this.depth > 0) this.depth++
    else if (word === 'end' && this.depth > 0) this.depth--
  }

  createsRule(): boolean {
    return this.#created === 'rule'
  }
}

/** CREATE [OR REPLACE] … */
function created([create, b, c, d]: readonly string[]): string | undefined {
  if (create !== 'create') return undefined
  return b === 'or' && c === 'replace' ? d : b
}

function comment(text: string, lexeme: Lexeme): Comment {
  const raw = text.slice(lexeme.start, lexeme.end)
  const inner = raw.startsWith('--') ? raw.slice(2) : raw.slice(2, lexeme.unterminated ? undefined : -2)
  return { span: [lexeme.start, lexeme.end], text: inner.trim() }
}

function unterminated(text: string, lexeme: Lexeme): Problem {
  const opening = text.slice(lexeme.start, lexeme.end)
  const quote = /^(?:\/\*|--|\$[^$]*\$|[A-Za-z&]{0,2}["'])/.exec(opening)?.[0] ?? opening.slice(0, 1)
  const what = quote.startsWith('/*')
    ? '/* comment'
    : quote.startsWith('$')
      ? 'dollar-quoted string'
      : quote.endsWith('"')
        ? 'quoted identifier'
        : 'quoted string'
  return {
    kind: 'unterminated',
    message: `unterminated ${what}: it is never closed, and nothing after it can be read`,
    span: [lexeme.start, lexeme.start + quote.length],
  }
}
