import type { Span } from '../../parse/span.ts'
import { hole, type Text, textAt } from '../text.ts'
import { type Call, type Entries, truth, type Value } from '../value.ts'
import { NotRead } from './not-read.ts'
import { listed } from './sql.ts'

/** Facts about an argument or an option. For an unknown value the functions throw NotRead, with the place of the value. */

/** An argument or an option; undefined where there is none. */
export type Argument = Value | undefined

/** The arguments of a call. An `undefined` counts as left out. */
export function argumentsOf({ args }: Call): Argument[] {
  return args.map(value => (isNone(value) ? undefined : value))
}

/** True where nothing is given, and for `undefined`. */
export function isNone(value: Argument): value is undefined {
  return value === undefined || (value.kind === 'plain' && value.value === undefined)
}

/** True for `null`, `nil` and the like. */
export function isNull(value: Argument): boolean {
  return value?.kind === 'plain' && value.value === null
}

/** Where a value is written; `otherwise` for what has no place of its own. */
export function placeOf<Other extends Span | undefined>(value: Argument, otherwise: Other): Span | Other {
  if (value === undefined || value.kind === 'host') return otherwise
  if (value.kind !== 'text') return value.at
  const [first, last] = [value.pieces[0], value.pieces.at(-1)]
  return first && last && first.at[0] <= last.at[1] ? [first.at[0], last.at[1]] : otherwise
}

/** Whether a value counts as true in the program. Nothing given: false. Throws NotRead where it is unknown. */
export function isTrue(value: Argument, at?: Span): boolean {
  if (value === undefined) return false
  const is = truth(value)
  if (is === null)
    throw new NotRead(value.kind === 'unknown' ? value.why : 'its value is not known', placeOf(value, at))
  return is
}

/** A text, or a number as text; an unknown value becomes a hole in it. Throws NotRead for anything else: `the type is not a text`. */
export function textIn(value: Argument, at: Span, what: string): Text {
  if (value?.kind === 'text') return value
  if (value?.kind === 'plain' && typeof value.value === 'number') return textAt(String(value.value), at)
  if (value?.kind === 'unknown') return hole(placeOf(value, at), value.why, value.name)
  throw new NotRead(`${what} is not a text`, placeOf(value, at))
}

/** A value within a text, as a template of JavaScript writes it. Throws NotRead for objects and functions. */
export function written(value: Argument, at: Span): Text {
  if (value === undefined) throw new NotRead('something is missing that the tool needs', at)
  switch (value.kind) {
    case 'text':
      return value
    case 'plain':
      return textAt(String(value.value), value.at)
    case 'unknown':
      return hole(value.at, value.why, value.name)
    case 'list':
      return listed(
        itemsOf(value, at).map(item => written(item, at)),
        value.at,
        ',',
      )
    default:
      throw new NotRead('it is not a text', placeOf(value, at))
  }
}

/** The text of a value that counts as true; otherwise null. Throws NotRead where it is unknown. */
export function textIf(value: Argument, at: Span): Text | null {
  return isTrue(value, at) ? written(value, at) : null
}

/** All the items of a list. Throws NotRead for anything else: `the columns is not a list`. */
export function listIn(value: Argument, at: Span, what: string): readonly Value[] {
  if (value?.kind === 'list' && !value.isOpen) return value.items
  throw new NotRead(whyNot(value, 'list', `${what} is not a list`), placeOf(value, at))
}

/** The items of a list, or the one value that is given instead of a list. Throws NotRead where they are unknown. */
export function itemsOf(value: Argument, at: Span): readonly Value[] {
  if (value === undefined) return []
  return value.kind === 'list' || value.kind === 'unknown' ? listIn(value, at, 'it') : [value]
}

/** An object all of whose entries are known. Throws NotRead for anything else: `the column is not an object`. */
export function recordIn(value: Argument, at: Span, what: string): Entries {
  if (value?.kind === 'record' && !value.isOpen) return value
  throw new NotRead(whyNot(value, 'record', `${what} is not an object`), placeOf(value, at))
}

/** An object all of whose entries are known; undefined where the argument is missing or not an object. Throws NotRead where it is unknown. */
export function optionsIn(value: Argument, at?: Span): Entries | undefined {
  if (value?.kind === 'unknown') throw new NotRead(value.why, value.at)
  return value?.kind === 'record' ? recordIn(value, at ?? value.at, 'it') : undefined
}

/** The entries of an object, by name. Nothing given: no entries. Throws NotRead where they are unknown. */
export function entriesOf(value: Argument, at: Span): ReadonlyMap<string, Value> {
  return value === undefined ? new Map() : recordIn(value, at, 'it').entries
}

function whyNot(value: Argument, wanted: 'list' | 'record', otherwise: string): string {
  if (value?.kind === 'unknown') return value.why
  if (value?.kind !== wanted) return otherwise
  return wanted === 'list' ? 'part of the list is unknown' : 'some of its entries are unknown'
}
