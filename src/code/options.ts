import type { Span } from '../parse/span.ts'
import { functionOf } from './host.ts'
import type { Run } from './run.ts'
import { hole, joined, type Text, textAt } from './text.ts'
import { type Call, type Host, nothing, type Value } from './value.ts'

/** What readers of tools that make SQL of names and options are built of. */

/** What decides over the SQL is not known, or the tool refuses it. The message is why, a clause. */
export class NotKnown extends Error {
  readonly at: Span

  constructor(why: string, at: Span) {
    super(why)
    this.at = at
  }
}

/** An argument; undefined where there is none, or its value is `undefined`. */
export type Argument = Value | undefined

/** SQL with what is put into it: names, texts of the migration, and words that depend on options. */
export type Sql = (words: TemplateStringsArray, ...parts: readonly (Text | string)[]) => Text

/** Words of SQL that the tool makes up stand for this place. */
export function sqlAt(at: Span): Sql {
  return (words, ...parts) =>
    joined(
      words.flatMap((word, i) => {
        const part = parts[i] ?? ''
        return [textAt(word, at), typeof part === 'string' ? textAt(part, at) : part]
      }),
    )
}

/** Sends what is made of a call. Where that is not known, the call is not read, and the reason is told at its place. */
export function sendBuilt(run: Run, call: Call, build: () => readonly Text[]): void {
  try {
    for (const sql of build()) run.send(atCall(sql, call), { at: call.at })
  } catch (error) {
    if (!(error instanceof NotKnown)) throw error
    run.unread(isWithin(error.at, call.at) ? error.at : call.at, error.message)
  }
}

/** What is not known is told where it is used, and not where it was imported. */
function atCall(sql: Text, { at }: Call): Text {
  if (sql.pieces.every(piece => piece.unknown === undefined || isWithin(piece.at, at))) return sql
  const pieces = sql.pieces.map(piece =>
    piece.unknown === undefined || isWithin(piece.at, at) ? piece : { ...piece, at },
  )
  return { kind: 'text', pieces }
}

function isWithin(inner: Span, outer: Span): boolean {
  return outer[0] <= inner[0] && inner[1] <= outer[1]
}

/** A function that sends the SQL that is made of its arguments, one message for each text, and returns nothing. */
export function builds(run: Run, name: string, build: (call: Call) => readonly Text[]): Host {
  return functionOf(name, call => {
    sendBuilt(run, call, () => build(call))
    return nothing(call.at)
  })
}

export function argumentsOf({ args }: Call): Argument[] {
  return args.map(value => (isNone(value) ? undefined : value))
}

export function isNone(value: Argument): value is undefined {
  return value === undefined || (value.kind === 'plain' && value.value === undefined)
}

export function isNull(value: Argument): boolean {
  return value?.kind === 'plain' && value.value === null
}

/** Where a value stands, or what is given instead. */
export function placeOf(value: Argument, otherwise: Span): Span {
  if (value === undefined || value.kind === 'host') return otherwise
  if (value.kind !== 'text') return value.at
  const [first, last] = [value.pieces[0], value.pieces.at(-1)]
  return first && last && first.at[0] < last.at[1] ? [first.at[0], last.at[1]] : otherwise
}

/** Whether JavaScript takes a value for true. Throws NotKnown. */
export function isTrue(value: Argument, at: Span): boolean {
  if (value === undefined) return false
  if (value.kind === 'unknown') throw new NotKnown(value.why, value.at)
  if (value.kind === 'plain') return Boolean(value.value)
  if (value.kind !== 'text') return true
  const isKnown = value.pieces.some(({ unknown }) => unknown === undefined)
  if (!isKnown && value.pieces.length > 0) throw new NotKnown('its value is not known', placeOf(value, at))
  return value.pieces.length > 0
}

/** A value in the middle of a text, as a template of JavaScript writes it. Throws NotKnown. */
export function written(value: Argument, at: Span): Text {
  if (value === undefined) throw new NotKnown('something is missing that the tool needs', at)
  switch (value.kind) {
    case 'text':
      return value
    case 'plain':
      return textAt(String(value.value), value.at)
    case 'unknown':
      return hole(value.at, value.why, value.name)
    case 'list':
      return joined(
        itemsOf(value, at).map(item => written(item, at)),
        textAt(',', value.at),
      )
    default:
      throw new NotKnown('it is not a text', placeOf(value, at))
  }
}

/** The items of a list, or the one value that is given instead. Throws NotKnown. */
export function itemsOf(value: Argument, at: Span): readonly Value[] {
  if (value === undefined) return []
  if (value.kind === 'unknown') throw new NotKnown(value.why, value.at)
  if (value.kind !== 'list') return [value]
  if (value.isOpen) throw new NotKnown('not all of its items are known', placeOf(value, at))
  return value.items
}

/** The entries of a record, by name. Nothing given: none. Throws NotKnown. */
export function entriesOf(value: Argument, at: Span): ReadonlyMap<string, Value> {
  if (value === undefined) return new Map()
  if (value.kind === 'unknown') throw new NotKnown(value.why, value.at)
  if (value.kind !== 'record') throw new NotKnown('it is not an object with options', placeOf(value, at))
  if (value.isOpen) throw new NotKnown('not all of its entries are known', value.at)
  return value.entries
}

/** Options that a call is given. */
export interface Options {
  /** An option; undefined where there is none, or its value is `undefined`. */
  readonly get: (name: string) => Argument
  /** Whether it is taken for true. Throws NotKnown. */
  readonly is: (name: string) => boolean
  /** Its text; null where it is taken for false. Throws NotKnown. */
  readonly text: (name: string) => Text | null
  /** Words for an option that is taken for true, otherwise none. Throws NotKnown. */
  readonly when: (name: string, words: string) => string
}

export function optionsFrom(entries: ReadonlyMap<string, Value>, at: Span): Options {
  const get = (name: string): Argument => {
    const value = entries.get(name)
    return isNone(value) ? undefined : value
  }
  const is = (name: string) => isTrue(get(name), at)
  return {
    get,
    is,
    text: name => (is(name) ? written(get(name), at) : null),
    when: (name, words) => (is(name) ? words : ''),
  }
}

/** Options that may be left out. Throws NotKnown. */
export function optionsOf(value: Argument, at: Span): Options {
  return optionsFrom(entriesOf(value, at), at)
}
