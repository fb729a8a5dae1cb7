import type { Run } from '../../code/run.ts'
import { hole, joined, type Piece, plain, quoted, type Text, textAt } from '../../code/text.ts'
import type { Call, Value } from '../../code/value.ts'

// SQL that Kysely's `sql` and its builders have made: what may stand inside other SQL, and what is sent when it is executed.

const fragments = new WeakMap<Value, () => Text>()
/** A value that is sent beside the text, and its place in the text. */
const parameters = new WeakMap<Piece, Value>()

/** From now on this value stands for SQL, which is asked for only when it is used. */
export function standsFor<Made extends Value>(value: Made, sql: () => Text): Made {
  fragments.set(value, sql)
  return value
}

/** The SQL that a value stands for; undefined: it stands for none. */
export function sqlOf(value: Value | undefined): Text | undefined {
  return value && fragments.get(value)?.()
}

/** The SQL that an argument stands for, or a place that is not known. */
export function sqlGiven({ args, argsAt, at }: Call, index = 0): Text {
  const [value, place] = [args[index], argsAt[index] ?? at]
  return sqlOf(value) ?? hole(place, value?.kind === 'unknown' ? value.why : 'it is not made by `sql`')
}

/** A value that the server gets beside the text: `$1`. */
export function parameter(value: Value, at: Piece['at']): Text {
  const piece: Piece = { text: '$1', at, isVerbatim: false }
  parameters.set(piece, value)
  return { kind: 'text', pieces: [piece] }
}

/** Sends it. Parameters have numbers in the order in which they stand there. */
export function sendNumbered(run: Run, sql: Text, at: Piece['at']): void {
  let number = 0
  const pieces = sql.pieces.map(piece => (parameters.has(piece) ? { ...piece, text: `$${++number}` } : piece))
  run.send({ kind: 'text', pieces }, { at })
}

/** With values in the places of parameters: src/plugin/immediate-value/immediate-value-transformer.ts. */
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
  return hole(at, value?.kind === 'unknown' ? value.why : 'its value is not known')
}

/** An argument as a part of SQL: what `sql` made, or a literal. */
export function literalGiven(call: Call, index = 0): Text {
  return sqlOf(call.args[index]) ?? literal(call.args[index], call.argsAt[index] ?? call.at)
}

/** An argument that Kysely takes as a word of SQL and compares with a list. */
export function wordGiven(call: Call, words: readonly string[], index = 0): Text {
  const [value, place] = [call.args[index], call.argsAt[index] ?? call.at]
  if (value?.kind !== 'text') return hole(place, value?.kind === 'unknown' ? value.why : 'it is not a text')
  return words.includes(plain(value)) ? value : hole(place, 'Kysely refuses this word')
}
