import type { Span } from '../../parse/span.ts'
import type { Text } from '../text.ts'
import type { Value } from '../value.ts'
import { type Argument, entriesOf, isNone, isTrue, textIf } from './value.ts'

/** Options that a call is given, by name. The functions throw NotRead where an option is unknown. */
export interface Options {
  /** An option; undefined where there is none, or its value is `undefined`. */
  readonly get: (name: string) => Argument
  /** Whether it counts as true. */
  readonly is: (name: string) => boolean
  /** Its text; null where it counts as false. */
  readonly text: (name: string) => Text | null
  /** These words if the option counts as true, otherwise an empty text. */
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
    text: name => textIf(get(name), at),
    when: (name, words) => (is(name) ? words : ''),
  }
}

/** Options that may be left out. Throws NotRead where some of them are unknown. */
export function optionsOf(value: Argument, at: Span): Options {
  return optionsFrom(entriesOf(value, at), at)
}
