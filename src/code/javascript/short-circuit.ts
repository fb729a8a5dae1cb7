import type { Node } from '../node.ts'
import { oneOf } from '../reach.ts'
import { type Scope, truth, type Value } from '../value.ts'
import type { Machine } from './machine.ts'

/** `a && b`, `a || b`, `a ?? b`: the right side is read only when it counts. */
export function shortened(operator: string, left: Value, right: Node, scope: Scope, machine: Machine): Value {
  const isTrue = operator === '??' ? isThere(left) : truth(left)
  const isDone = operator === '&&' ? isTrue === false : isTrue === true
  if (isDone) return left
  if (isTrue !== null) return machine.evaluate(right, scope)
  const why = left.kind === 'unknown' ? left.why : 'it depends on an unknown value'
  const values = [left]
  machine.perhaps(why, [() => void values.push(machine.evaluate(right, scope))], right.span)
  return oneOf(values, why, right.span)
}

function isThere(value: Value): boolean | null {
  if (value.kind === 'unknown') return null
  return !(value.kind === 'plain' && (value.value === null || value.value === undefined))
}
