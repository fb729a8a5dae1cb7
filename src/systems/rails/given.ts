import { NotRead } from '../../code/given/not-read.ts'
import { type Sql, sqlAt } from '../../code/given/sql.ts'
import { type Argument, isNone, isNull, isTrue, listIn, placeOf, textIn } from '../../code/given/value.ts'
import { type Inflections, pluralized, singularized } from '../../code/ruby/inflection.ts'
import type { Run } from '../../code/run.ts'
import { cut, joined, plain, quoted, type Text, textAt, unknownIn } from '../../code/text.ts'
import type { Call, Value } from '../../code/value.ts'
import type { Span } from '../../parse/span.ts'
import type { Catalog } from './catalog.ts'
import type { Command } from './command.ts'

/** The facts about a project that decide the SQL. */
export interface Settings {
  /** The version of Active Record, `8.1` as 8.1; the newest if it is unknown. */
  readonly rails: number
  /** The type of `datetime`: `PostgreSQLAdapter.datetime_type`. */
  readonly datetimeType: string
  /** The type of keys in generated migrations: `primary_key_type`; null: Rails' default. */
  readonly primaryKeyType: string | null
  /** The major version of the gem safe-pg-migrations, which sends other statements than Rails; null: the project does not have it. */
  readonly safePg: number | null
  /** Rules of the project for plurals; null: not all of them are known. */
  readonly inflections: Inflections | null
  /** Rails puts something before or after the names of tables: `table_name_prefix`. */
  readonly hasAffix: boolean
  /** The text of another file of the project, by its path below the root of the application; null: it does not exist. */
  readonly file: (path: string) => string | null
}

/** What a method of a migration does. Throws NotRead where that is unknown. */
export type Operation = (given: Given) => Value | undefined

/** The state of reading one direction of one migration. */
export interface Session {
  readonly run: Run
  readonly settings: Settings
  readonly operations: ReadonlyMap<string, Operation>
  readonly catalog: Catalog
  /** The number in `ActiveRecord::Migration[7.1]`. */
  readonly version: number
  /** The class calls `disable_ddl_transaction!`. */
  isOutside: boolean
  readonly isReverting: boolean
  /** Runs a call of one of Rails' methods now, or keeps it to run it reversed later. */
  readonly perform: (name: string, call: Call) => Value
  readonly command: (command: Command) => Value | undefined
  /** Runs everything that `work` does in reverse, the last call first. Inside of another reversal it runs as it is. */
  readonly revert: (work: () => void) => void
  /** Runs a block in its place, even during a reversal. */
  readonly inOrder: (work: () => void) => void
  /** Sends changes of one table as one statement, or adds them to that of a block with `bulk: true`. `after` is sent after the statement. */
  readonly alter: (given: Given, name: Text, actions: readonly Text[], after?: readonly Text[]) => void
  /** Collects the changes of a table in a block with `bulk: true`. */
  readonly bulk: (name: Text, command: Command, work: () => void) => void
  /** From Rails 8.2 on, all statements that create a table are one message. */
  readonly together: (given: Given, statements: readonly Text[]) => void
}

/** The arguments of one call of a migration, and the session that gets its SQL. The methods throw NotRead for unknown arguments. */
export class Given {
  readonly session: Session
  readonly command: Command
  /** SQL whose words the tool makes up, which point to the name of the call. */
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

  /** The plural of a word in this project. */
  plural(word: string): string {
    return pluralized(word, this.#inflections('plurals'))
  }

  singular(word: string): string {
    return singularized(word, this.#inflections('singulars'))
  }

  #inflections(asked: 'plurals' | 'singulars'): Inflections {
    const found = this.session.settings.inflections
    if (!found?.[asked]) throw new NotRead('the project has rules of its own for plurals', this.at)
    return found
  }

  /** An argument that is a name. */
  name(index: number, what: string): Text {
    return nameIn(this.arg(index), this.at, what)
  }

  /** An option; undefined if it is missing or `nil`. */
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

  /** Throws NotRead if the call has an option that Rails lacks or whose meaning is unknown. */
  only(...names: string[]): void {
    for (const [name, value] of this.command.options)
      if (!names.includes(name)) throw new NotRead(`the option \`${name}\` is not known`, placeOf(value, this.at))
  }

  /** Words of SQL that point to the whole call. */
  words(text: string): Text {
    return textAt(text, this.at)
  }
}

/** Whether a value counts as true in Ruby: all but `nil` and `false`. */
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

/** The characters of a name from which Rails makes another one. Throws NotRead where they are unknown. */
export function said(text: Text): string {
  const why = unknownIn(text)
  if (why !== null) throw new NotRead(why, text.pieces.find(piece => piece.unknown !== undefined)?.at)
  return plain(text)
}

/** The quoted name of a column, an index or a constraint. */
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
