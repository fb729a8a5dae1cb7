import type { Text } from '../../code/text.ts'
import type { Value } from '../../code/value.ts'

const texts = new WeakMap<Value, Text>()

/** The SQL of what `knex.raw`, `knex.fn`, `knex.ref` and queries made: it may stand in other SQL. */
export function rawTextOf(value: Value): Text | undefined {
  return texts.get(value)
}

export function setRawText(value: Value, sql: Text): void {
  texts.set(value, sql)
}
