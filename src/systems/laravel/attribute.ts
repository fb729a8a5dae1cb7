import { isNull, isTrue } from '../../code/given/value.ts'
import type { Text } from '../../code/text.ts'
import type { Value } from '../../code/value.ts'
import type { Span } from '../../parse/span.ts'

/** A column as a blueprint has it, with what is said of it. */
export interface Column {
  readonly type: string
  readonly name: Text
  /** The whole chain of calls. */
  at: Span
  /** The name of the first call. */
  readonly nameAt: Span
  /** What the type takes, and what is said behind it: `nullable`, `default`. */
  readonly attributes: Map<string, Value>
  /** How many conditions it stands under. */
  readonly conditions: number
}

/** An attribute; undefined where there is none, or it is null. */
export function attribute({ attributes }: Column, name: string): Value | undefined {
  const value = attributes.get(name)
  return isNull(value) ? undefined : value
}

export function isSet(column: Column, name: string): boolean {
  return isTrue(attribute(column, name), column.at)
}
