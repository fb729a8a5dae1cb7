import { type Options, optionsOf } from '../../code/given/options.ts'
import { type Sql, sqlAt } from '../../code/given/sql.ts'
import { type Argument, argumentsOf, written } from '../../code/given/value.ts'
import type { Text } from '../../code/text.ts'
import type { Call } from '../../code/value.ts'
import type { Span } from '../../parse/span.ts'

/** A call of `db`, and how its parts are written. The functions throw NotRead for unknown values. */
export interface Given {
  readonly at: Span
  readonly sql: Sql
  /** A name in quotes, whose characters are not escaped (`escapeDDL`). */
  readonly name: (value: Argument) => Text
  readonly options: (value: Argument) => Options
}

/** The messages that a call sends, in order. The callback is not among its arguments. */
export type Operation = (given: Given, ...args: Argument[]) => Text | readonly Text[]

export function built(operation: Operation, call: Call): readonly Text[] {
  const { at, nameAt } = call
  const sql = sqlAt(nameAt)
  const given: Given = {
    at,
    sql,
    name: value => sql`"${written(value, at)}"`,
    options: value => optionsOf(value, at),
  }
  const args = argumentsOf(call).filter(value => value?.kind !== 'callable' && value?.kind !== 'host')
  const [first, second, third, fourth, fifth] = args
  const made = operation(given, first, second, third, fourth, fifth)
  return 'kind' in made ? [made] : made
}
