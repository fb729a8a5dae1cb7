import { boundedItems } from '../limit.ts'
import type { Expression, ListExpression, OperationExpression, RecordExpression, TextExpression } from '../syntax.ts'
import { joined, type Text } from '../text.ts'
import { known, list, record, type Scope, spreadInto, unknown, type Value } from '../value.ts'
import type { Machine } from './machine.ts'
import { calculated, keyOf, whyUnknown } from './value.ts'

/** Values that expressions make: texts, lists, records, and results of operators. */

export function textOf({ parts }: TextExpression, scope: Scope, machine: Machine): Text {
  return joined(parts.map(part => (isText(part) ? part : inText(part, scope, machine))))
}

function isText(part: Text | Expression): part is Text {
  return part.kind === 'text' && 'pieces' in part
}

function inText(expression: Expression, scope: Scope, machine: Machine): Text {
  const name = expression.kind === 'name' ? expression.name : undefined
  return machine.asText(machine.evaluate(expression, scope), expression.at, name)
}

export function listOf({ items, at }: ListExpression, scope: Scope, machine: Machine): Value {
  const made = list([], at)
  for (const { value: expression, spread } of items) {
    const value = machine.evaluate(expression, scope)
    if (spread === undefined) made.items.push(value)
    else spreadInto(value, made)
    boundedItems(made.items)
  }
  return made
}

export function recordOf({ entries, at }: RecordExpression, scope: Scope, machine: Machine): Value {
  const made = record([], at)
  for (const { key, value: expression } of entries) {
    const value = machine.evaluate(expression, scope)
    if (key === null) {
      if (value.kind === 'record') for (const [name, each] of value.entries) made.entries.set(name, each)
      if (value.kind !== 'record' || value.isOpen) made.isOpen = true
      continue
    }
    const name = keyOf(machine.evaluate(key, scope))
    if (name === null) made.isOpen = true
    else made.entries.set(String(name), value)
  }
  return made
}

/** The result of an operator. A chain of texts becomes one text at once, because one text for each `+` would take the square of their number. */
export function operationOf({ operator, of, at }: OperationExpression, scope: Scope, machine: Machine): Value {
  const [first, ...others] = of
  let value = first ? machine.evaluate(first, scope) : unknown('this kind of expression is not read', at)
  if (operator === 'not') {
    const isTrue = machine.language.truth(value)
    return isTrue === null ? unknown(whyUnknown(value), at) : known(!isTrue, at)
  }
  if (others.length === 0 && operator === '-')
    return value.kind === 'plain' ? known(-Number(value.value), at) : unknown('its value is calculated', at)
  const texts: Text[] = []
  for (const other of others) {
    const next = machine.evaluate(other, scope)
    const isText = operator === 'join' || (operator === '+' && (value.kind === 'text' || texts.length > 0))
    if (isText) texts.push(inTextOf(next, other, machine))
    else value = calculated(operator, value, next, at, machine)
  }
  return texts.length === 0
    ? value
    : joined([first && value.kind !== 'text' ? inTextOf(value, first, machine) : machine.asText(value, at), ...texts])
}

function inTextOf(value: Value, expression: Expression, machine: Machine): Text {
  return machine.asText(value, expression.at, expression.kind === 'name' ? expression.name : undefined)
}
