import { isNull, isTrue } from '../../code/given/value.ts'
import type { Text } from '../../code/text.ts'
import type { Value } from '../../code/value.ts'
import type { Span } from '../../parse/span.ts'

/** A column of a blueprint, with its attributes. */
export interface Column {
  readonly type: string
  readonly name: Text
  /** The whole chain of calls. */
  at: Span
  /** The name of the first call. */
  readonly nameAt: Span
  /** Arguments of the type, and modifiers after it: `nullable`, `default`. */
  readonly attributes: Map<string, Value>
  /** The number of unknown conditions around it. */
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
