import type { Text } from '../../code/text.ts'
import type { Value } from '../../code/value.ts'

const texts = new WeakMap<Value, Text>()

/** The SQL of values of `knex.raw`, `knex.fn`, `knex.ref` and queries, which may be part of other SQL. */
export function rawTextOf(value: Value): Text | undefined {
  return texts.get(value)
}

export function setRawText(value: Value, sql: Text): void {
  texts.set(value, sql)
}
