import { NotRead } from '../../code/given/not-read.ts'
import { type Sql, sqlAt } from '../../code/given/sql.ts'
import { type Argument, isNone, isNull, isTrue, listIn, placeOf, textIn } from '../../code/given/value.ts'
import type { Run } from '../../code/run.ts'
import { cut, joined, plain, quoted, type Text, textAt, unknownIn } from '../../code/text.ts'
import type { Call, Value } from '../../code/value.ts'
import type { Span } from '../../parse/span.ts'
import type { Catalog } from './catalog.ts'
import type { Command } from './command.ts'

/** What of a project decides over the SQL. */
export interface Settings {
  /** Of Active Record, `8.1` as 8.1; the newest where it is not known. */
  readonly rails: number
  /** What `datetime` is: `PostgreSQLAdapter.datetime_type`. */
  readonly datetimeType: string
  /** What generated migrations take for the type of keys: `primary_key_type`; null: what Rails has by itself. */
  readonly primaryKeyType: string | null
  /** The text of another file of the project, by its path below the root of the application; null: there is none. */
  readonly file: (path: string) => string | null
}

/** What a method of a migration does. Throws NotRead. */
export type Operation = (given: Given) => Value | undefined

/** One direction of one migration while it is read. */
export interface Session {
  readonly run: Run
  readonly settings: Settings
  readonly operations: ReadonlyMap<string, Operation>
  readonly catalog: Catalog
  /** The number in `ActiveRecord::Migration[7.1]`. */
  readonly version: number
  /** The class says `disable_ddl_transaction!`. */
  isOutside: boolean
  readonly isReverting: boolean
  /** A call of one of Rails' methods: done now, or turned around and done later. */
  readonly perform: (name: string, call: Call) => Value
  readonly command: (command: Command) => Value | undefined
  /** What `work` does is done in reverse, the last first. In what is reversed already, it is done as it is. */
  readonly revert: (work: () => void) => void
  /** A block that is done in its place, also among what is done in reverse. */
  readonly inOrder: (work: () => void) => void
  /** Changes of one table: one statement, or a part of one in a block of `bulk: true`. What follows it comes after the statement. */
  readonly alter: (given: Given, name: Text, actions: readonly Text[], after?: readonly Text[]) => void
  /** Changes of a table in a block of `bulk: true`. */
  readonly bulk: (name: Text, command: Command, work: () => void) => void
  /** From Rails 8.2 on, what makes a table is one message. */
  readonly together: (given: Given, statements: readonly Text[]) => void
}

/** What one call of a migration is given, and where what it makes is sent. Functions throw NotRead. */
export class Given {
  readonly session: Session
  readonly command: Command
  /** Words of the tool stand for the name of the call. */
  readonly sql: Sql

  constructor(session: Session, command: Command) {
    this.session = session
    this.command = command
    this.sql = sqlAt(command.nameAt)
  }

  get at(): Span {
    return this.command.nameAt
  }

  get version(): number {
    return this.session.version
  }

  send(sql: Text): void {
    this.session.run.send(sql, { at: this.command.at })
  }

  arg(index: number): Argument {
    const value = this.command.args[index]
    return isNone(value) || isNull(value) ? undefined : value
  }

  /** An argument that is a name. */
  name(index: number, what: string): Text {
    return nameIn(this.arg(index), this.at, what)
  }

  /** An option; undefined where it is not given, or nothing. */
  option(name: string): Argument {
    const value = this.command.options.get(name)
    return isNone(value) || isNull(value) ? undefined : value
  }

  has(name: string): boolean {
    return this.command.options.has(name)
  }

  is(name: string): boolean {
    const value = this.option(name)
    return value !== undefined && isSet(value, this.at)
  }

  text(name: string): Text | undefined {
    const value = this.option(name)
    return value && textIn(value, this.at, `the option \`${name}\``)
  }

  /** Throws NotRead where an option is given that Rails does not have, or whose meaning is not known. */
  only(...names: string[]): void {
    for (const [name, value] of this.command.options)
      if (!names.includes(name)) throw new NotRead(`the option \`${name}\` is not known`, placeOf(value, this.at))
  }

  /** Of a call for each of its columns, and the like. */
  words(text: string): Text {
    return textAt(text, this.at)
  }
}

/** Whether Ruby takes a value for true: all but `nil` and `false`. */
export function isSet(value: Value, at: Span): boolean {
  return value.kind === 'plain'
    ? value.value !== false && (value.value ?? null) !== null
    : isTrue(value, at) || value.kind === 'text'
}

export function nameIn(value: Argument, at: Span, what: string): Text {
  if (value === undefined) throw new NotRead(`${what} is not given`, at)
  return textIn(value, at, what)
}

/** One name or a list of them. */
export function namesIn(value: Argument, at: Span, what: string): Text[] {
  if (value?.kind === 'list') return listIn(value, at, what).map(each => nameIn(each, placeOf(value, at), what))
  return [nameIn(value, at, what)]
}

/** The characters of a name that Rails makes another one of. Throws NotRead where they are not known. */
export function said(text: Text): string {
  const why = unknownIn(text)
  if (why !== null) throw new NotRead(why, text.pieces.find(piece => piece.unknown !== undefined)?.at)
  return plain(text)
}

/** A column, an index or a constraint in quotes. */
export function column(name: Text): Text {
  return quoted(name, '"')
}

/** `quote_table_name`: with the schema before a dot. */
export function table(name: Text, at: Span): Text {
  const { schema, own } = partsOf(name)
  return schema ? joined([quoted(schema, '"'), textAt('.', at), quoted(own, '"')]) : quoted(own, '"')
}

/** `PostgreSQL::Utils.extract_schema_qualified_name`: dots in quotes belong to a name. */
export function partsOf(name: Text): { readonly schema: Text | null; readonly own: Text } {
  const whole = plain(name)
  if (unknownIn(name) !== null) return { schema: null, own: name }
  const parts = [...whole.matchAll(/"([^"]*)"|[^".]+/g)].slice(0, 2)
  const [first, second] = parts.map(({ index, 0: word, 1: inner }) =>
    inner === undefined ? cut(name, index, index + word.length) : cut(name, index + 1, index + 1 + inner.length),
  )
  return second && first ? { schema: first, own: second } : { schema: null, own: first ?? name }
}

export function commas(texts: readonly Text[], at: Span): Text {
  return joined(texts, textAt(', ', at))
}
