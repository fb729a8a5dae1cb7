import { sqlAt } from '../../code/given/sql.ts'
import type { Run } from '../../code/run.ts'
import { asName, hole, joined, type Piece, plain, quoted, type Text, textAt, unknownIn } from '../../code/text.ts'
import type { Call, Value } from '../../code/value.ts'

// SQL of Kysely's `sql` and its builders, which may be part of other SQL and is sent when the program executes it.

/** Where it stands: among other SQL, in a template of `sql`, or where a query needs no brackets. */
type Place = 'inside' | 'template' | 'alone'

/** What a value stands for, by where it stands; those that are missing are as `inside`. */
export interface Fragment {
  readonly inside: () => Text
  readonly template?: () => Text
  readonly alone?: () => Text
}

const fragments = new WeakMap<Value, Fragment>()
/** A value that is sent beside the text, and its place in the text. */
const parameters = new WeakMap<Piece, Value>()

/** From now on this value stands for SQL, which is asked for only when it is used. */
export function standsFor<Made extends Value>(value: Made, sql: Fragment | (() => Text)): Made {
  fragments.set(value, typeof sql === 'function' ? { inside: sql } : sql)
  return value
}

/** The SQL that a value stands for; undefined: it stands for none. */
export function sqlOf(value: Value | undefined, place: Place = 'inside'): Text | undefined {
  const fragment = value && fragments.get(value)
  return (fragment?.[place] ?? fragment?.inside)?.()
}

/** The SQL that an argument stands for, or a hole. */
export function sqlGiven({ args, argsAt, at }: Call, index = 0, how: Place = 'inside'): Text {
  const [value, place] = [args[index], argsAt[index] ?? at]
  return sqlOf(value, how) ?? hole(place, value?.kind === 'unknown' ? value.why : 'it is not made by `sql`')
}

/** A value that the server gets beside the text: `$1`. */
export function parameter(value: Value, at: Piece['at']): Text {
  const piece: Piece = { text: '$1', at, isVerbatim: false }
  parameters.set(piece, value)
  return { kind: 'text', pieces: [piece] }
}

/** Table names without a schema from `sql.table`, `sql.ref` or `renameTo`: the opening quote, and the name. */
const bare = new WeakMap<Piece, string>()
/** The same for tables that a statement itself names, after `withSchema`. */
const own = new WeakMap<Piece, string>()

function marked(sql: Text, name: string, marks: WeakMap<Piece, string>): Text {
  const [first, ...rest] = sql.pieces
  if (!first) return sql
  const piece = { ...first }
  marks.set(piece, name)
  return { kind: 'text', pieces: [piece, ...rest] }
}

/** The quoted name of a table, which gets the schema of `withSchema` if the statement is about that table. */
export function bareTable(sql: Text, name: Text): Text {
  return unknownIn(name) === null ? marked(sql, plain(name), bare) : sql
}

/** A table that the statement itself is about. */
export function ownTable(sql: Text, name: Text): Text {
  return unknownIn(name) === null ? marked(sql, plain(name), own) : sql
}

/** A table in FROM, INTO and the like. */
const listedTables = new WeakSet<Piece>()
/** A table of the query around it: it gets the schema that is set there. */
const queried = new WeakSet<Piece>()
/** The start of a query with WITH. */
const withCommonTables = new WeakSet<Piece>()

export function listedTable(sql: Text): Text {
  for (const piece of sql.pieces) if (bare.has(piece)) listedTables.add(piece)
  return sql
}

/** A whole query: where it names its own tables, these are known from now on. Queries in it have been there before. */
export function asQuery(sql: Text, hasWith: boolean): Text {
  const names = new Set(
    sql.pieces.flatMap(piece => (listedTables.has(piece) && !queried.has(piece) ? (bare.get(piece) ?? []) : [])),
  )
  const pieces = sql.pieces.map((piece, i) => {
    const name = bare.get(piece)
    const isOwn = name !== undefined && names.has(name) && !queried.has(piece)
    if (!isOwn && !(hasWith && i === 0)) return piece
    const made = { ...piece }
    if (name !== undefined) bare.set(made, name)
    if (isOwn || queried.has(piece)) queried.add(made)
    if (hasWith && i === 0) withCommonTables.add(made)
    return made
  })
  return { kind: 'text', pieces }
}

/** `WithSchemaTransformer` of src/plugin/with-schema/with-schema-transformer.ts: names of the statement's own tables get the schema wherever they stand. */
export function inSchema(sql: Text, schema: Text | null): Text {
  if (!schema) return sql
  const names = new Set(sql.pieces.flatMap(piece => own.get(piece) ?? []))
  const isOwn = (piece: Piece) => queried.has(piece) || names.has(bare.get(piece) ?? '')
  return joined(
    sql.pieces.map(piece => {
      const text: Text = { kind: 'text', pieces: [piece] }
      // It is not known here which names are those of WITH.
      if (withCommonTables.has(piece)) return hole(piece.at, 'WITH after `withSchema` is not read yet')
      // The copy has the schema once and for all.
      const copy: Text = { kind: 'text', pieces: [{ ...piece }] }
      return isOwn(piece) && bare.has(piece) ? sqlAt(piece.at)`${quoted(asName(schema), '"')}.${copy}` : text
    }),
  )
}

/** Sends the SQL. Parameters have numbers in the order of their places. */
export function sendNumbered(run: Run, sql: Text, at: Piece['at']): void {
  let number = 0
  const pieces = sql.pieces.map(piece => (parameters.has(piece) ? { ...piece, text: `$${++number}` } : piece))
  run.send({ kind: 'text', pieces }, { at })
}

/** Names without any change by plugins. */
export function withoutNames({ pieces }: Text): Text {
  return { kind: 'text', pieces: pieces.map(({ name: _, ...piece }) => piece) }
}

/** The SQL with values in place of parameters: src/plugin/immediate-value/immediate-value-transformer.ts. */
export function withValues(sql: Text): Text {
  if (!sql.pieces.some(piece => parameters.has(piece))) return sql
  return joined(
    sql.pieces.map(piece => {
      const value = parameters.get(piece)
      return value ? literal(value, piece.at) : { kind: 'text', pieces: [piece] }
    }),
  )
}

/** `appendImmediateValue` of src/query-compiler/default-query-compiler.ts. */
export function literal(value: Value | undefined, at: Piece['at']): Text {
  if (value?.kind === 'text') return value.pieces.length === 0 ? textAt("''", at) : quoted(value, "'")
  if (value?.kind === 'plain' && value.value !== undefined) return textAt(String(value.value), at)
  return hole(at, value?.kind === 'unknown' ? value.why : 'its value is unknown')
}

/** An argument as a part of SQL: SQL of `sql`, or a literal. */
export function literalGiven(call: Call, index = 0): Text {
  return sqlOf(call.args[index]) ?? literal(call.args[index], call.argsAt[index] ?? call.at)
}

/** An argument that is a word of SQL, which Kysely compares with a list. */
export function wordGiven(call: Call, words: readonly string[], index = 0): Text {
  const [value, place] = [call.args[index], call.argsAt[index] ?? call.at]
  if (value?.kind !== 'text') return hole(place, value?.kind === 'unknown' ? value.why : 'it is not a text')
  return words.includes(plain(value)) ? value : hole(place, 'Kysely refuses this word')
}
