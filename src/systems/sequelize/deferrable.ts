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

/** They have the same meaning with and without `new` and parentheses. */
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

/** The SQL of the option `deferrable`; null if the call lacks it. */
export function deferrable(options: Value, at: Span): Text | null {
  const value = given(options, 'deferrable')
  if (!value) return null
  const word = made.get(value)
  if (word === undefined) throw new NotRead('the time of its check is unknown', placeOf(value, at))
  return textAt(word, at)
}
