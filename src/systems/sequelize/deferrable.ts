import { NotRead } from '../../code/given/not-read.ts'
import { placeOf } from '../../code/given/value.ts'
import { type Text, textAt } from '../../code/text.ts'
import type { Host, Value } from '../../code/value.ts'
import type { Span } from '../../parse/span.ts'
import { given } from './value.ts'

/** Sequelize.Deferrable: src/deferrable.js. */
const words: ReadonlyMap<string, string> = new Map([
  ['INITIALLY_DEFERRED', 'DEFERRABLE INITIALLY DEFERRED'],
  ['INITIALLY_IMMEDIATE', 'DEFERRABLE INITIALLY IMMEDIATE'],
  ['NOT', 'NOT DEFERRABLE'],
])

const made = new WeakMap<Value, string>()

/** They are the same with and without `new` and parentheses. */
export const deferrables: Host = {
  kind: 'host',
  name: 'Deferrable',
  get: name => {
    const word = words.get(name)
    if (word === undefined) return undefined
    const own: Host = { kind: 'host', name, call: () => own }
    made.set(own, word)
    return own
  },
}

/** What the option `deferrable` says; null if there is none. */
export function deferrable(options: Value, at: Span): Text | null {
  const value = given(options, 'deferrable')
  if (!value) return null
  const word = made.get(value)
  if (word === undefined) throw new NotRead('when it is checked is not known', placeOf(value, at))
  return textAt(word, at)
}
