import { NotRead } from '../../code/given/not-read.ts'
import { placeOf, textIn } from '../../code/given/value.ts'
import { plain, type Text, unknownIn } from '../../code/text.ts'
import type { Value } from '../../code/value.ts'
import type { Span } from '../../parse/span.ts'
import type { Options } from './described.ts'

/** Options of calls. The functions throw NotRead where an option is unknown. */

/** Keywords at the end of arguments. Throws NotRead for one that is not in the list, if there is one: without it, the tool ignores what it does not know. */
export function optionsIn(value: Value | undefined, known: readonly string[] | null, at: Span): Options {
  if (value === undefined) return new Map()
  if (value.kind === 'list' && value.items.length === 0 && !value.isOpen) return new Map()
  if (value.kind !== 'record' || value.isOpen)
    throw new NotRead(value.kind === 'unknown' ? value.why : 'its options are not known', placeOf(value, at))
  for (const name of value.entries.keys())
    if (known && !known.includes(name)) throw new NotRead(`its option \`${name}\` is not read`, at)
  return value.entries
}

export function isNil(value: Value | undefined): boolean {
  return value === undefined || (value.kind === 'plain' && (value.value ?? null) === null)
}

/** An option that is true, false, or null where there is none. */
export function flag(options: Options, name: string, at: Span): boolean | null {
  const value = options.get(name)
  if (value === undefined || isNil(value)) return null
  if (value.kind === 'plain' && typeof value.value === 'boolean') return value.value
  throw new NotRead(value.kind === 'unknown' ? value.why : `\`${name}\` is not known`, placeOf(value, at))
}

export function textOf(options: Options, name: string, at: Span): Text | null {
  const value = options.get(name)
  return isNil(value) ? null : textIn(value, at, `\`${name}\``)
}

/** A word that decides what is sent: `:delete_all`. */
export function wordOf(options: Options, name: string, at: Span): string | null {
  const text = textOf(options, name, at)
  if (text && unknownIn(text) !== null) throw new NotRead(`\`${name}\` is not known`, at)
  return text && plain(text)
}
