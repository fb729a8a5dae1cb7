import { isTrue, recordIn, textIn } from '../../code/given/value.ts'
import { functionOf } from '../../code/host.ts'
import { type Text, textAt } from '../../code/text.ts'
import { type Entries, entry, type Host, truth, type Value } from '../../code/value.ts'
import type { Span } from '../../parse/span.ts'

/** `new Table({ … })` and the other classes of src/schema-builder: each instance is its description. */
const classes = [
  'Table',
  'TableColumn',
  'TableIndex',
  'TableForeignKey',
  'TableUnique',
  'TableCheck',
  'TableExclusion',
  'View',
]

const descriptions = new WeakMap<Value, Value>()

/** The classes that the package exports. */
export const described: ReadonlyMap<string, Host> = new Map(classes.map(name => [name, maker(name)]))

function maker(name: string): Host {
  return functionOf(name, ({ args: [options] }) => {
    const own: Host = { kind: 'host', name, get: key => entry(options, key) }
    if (options) descriptions.set(own, options)
    return own
  })
}

/** The description of an object, with or without `new`. Throws NotRead where it is unknown. */
export function description(value: Value | undefined, at: Span, what: string): Entries {
  return recordIn((value && descriptions.get(value)) ?? value, at, what)
}

/** Whether it is such an object or the plain description of one, and not a name. */
export function isDescribed(value: Value | undefined): boolean {
  return value !== undefined && (descriptions.has(value) || value.kind === 'record')
}

/** An entry that is neither `undefined` nor `null`. */
export function given(options: Value, name: string): Value | undefined {
  const value = entry(options, name)
  return value?.kind === 'plain' && value.value === null ? undefined : value
}

/** An entry as SQL: texts, numbers and truth values alike. */
export function written(options: Entries, name: string): Text | null {
  const value = given(options, name)
  if (value === undefined) return null
  if (value.kind === 'plain') return textAt(String(value.value), value.at)
  return textIn(value, options.at, `\`${name}\``)
}

/** The same, where an empty text counts as none. */
export function said(options: Entries, name: string): Text | null {
  const value = given(options, name)
  return value === undefined || truth(value) === false ? null : written(options, name)
}

/** Whether an entry is true. */
export function is(options: Entries, name: string): boolean {
  return isTrue(given(options, name), options.at)
}
