import { field, type Node, named } from '../node.ts'
import { fromTheLeft, methodOf } from '../operators.ts'
import { none } from '../reading.ts'
import type { Expression, Operator } from '../syntax.ts'
import type { Reading } from './reading.ts'

/** Operators that are methods of their left side: of texts, and of the tool's own objects. */
const methodsOfOperators: ReadonlyMap<string, string> = new Map([
  ['%', '%'],
  ['&', '__and__'],
  ['|', '__or__'],
  ['^', '__xor__'],
])

export const operators: ReadonlyMap<string, Operator> = new Map([
  ['+', '+'],
  ['-', '-'],
  ['*', '*'],
  ['/', '/'],
  ['%', '%'],
  ['**', '**'],
])

const comparisons: ReadonlyMap<string, Operator> = new Map([
  ['==', 'is'],
  ['is', 'is'],
  ['!=', 'is not'],
  ['is not', 'is not'],
  ['<', '<'],
  ['<=', '<='],
  ['>', '>'],
  ['>=', '>='],
  ['in', 'in'],
])

/** `a % b` is read as a method, because it puts values into a text if `a` is one. */
export function binary(node: Node, reading: Reading): Expression {
  const { text, expression } = reading
  return fromTheLeft(node, {
    expression,
    sign: each => text(field(each, 'operator')),
    combined: (sign, left, right, { span: at }) => {
      const method = methodsOfOperators.get(sign)
      if (method !== undefined) return methodOf(left, method, [right], at)
      const operator = operators.get(sign)
      if (!operator) return { kind: 'unread', why: 'its value is calculated', inside: [left, right], at }
      return { kind: 'operation', operator, of: [left, right], at }
    },
  })
}

export function comparison(node: Node, reading: Reading): Expression {
  const { text, expression } = reading
  const operands = named(node)
  const signs = node.children.filter(each => each.field === 'operators').map(text)
  const compared = signs.map((sign, i): Expression => {
    const [left, right] = [operands[i], operands[i + 1]]
    if (!left || !right) return none(node)
    const of = [expression(left), expression(right)]
    const operator = comparisons.get(sign)
    if (operator) return { kind: 'operation', operator, of, at: node.span }
    if (sign === 'not in')
      return {
        kind: 'operation',
        operator: 'not',
        of: [{ kind: 'operation', operator: 'in', of, at: node.span }],
        at: node.span,
      }
    return { kind: 'unread', why: 'the comparison is not read', inside: of, at: node.span }
  })
  return compared.reduce((left, right) => ({ kind: 'short', operator: 'and', left, right, at: node.span }))
}
