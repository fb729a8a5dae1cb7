import { field, type Node } from '../node.ts'
import { fromTheLeft, operatorsOfC } from '../operators.ts'
import { none } from '../reading.ts'
import type { Expression, Operator, Pattern } from '../syntax.ts'
import type { Reading } from './reading.ts'

/** The meaning of PHP's operators. `==` converts, which makes no difference for the texts that migrations compare. */
const operators: ReadonlyMap<string, Operator> = new Map([
  ...operatorsOfC,
  ['**', '**'],
  ['.', 'join'],
  ['===', 'is'],
  ['!==', 'is not'],
  ['<>', 'is not'],
])

const shorts: ReadonlyMap<string, 'and' | 'or' | 'otherwise'> = new Map([
  ['&&', 'and'],
  ['and', 'and'],
  ['||', 'or'],
  ['or', 'or'],
  ['??', 'otherwise'],
])

export function calculation(node: Node, reading: Reading, patternOf: (node: Node) => Pattern): Expression {
  switch (node.kind) {
    case 'binary_expression':
      return fromTheLeft(node, {
        expression: reading.expression,
        sign: each => reading.text(field(each, 'operator')).toLowerCase(),
        combined,
        joins: { sign: '.', operator: 'join' },
      })
    case 'augmented_assignment_expression': {
      const [left, right] = [field(node, 'left'), field(node, 'right')]
      if (!left || !right) return none(node)
      const sign = reading.text(field(node, 'operator')).slice(0, -1)
      const value = combined(sign, reading.expression(left), reading.expression(right), node)
      return { kind: 'assignment', to: patternOf(left), value, at: node.span }
    }
    case 'update_expression': {
      const of = field(node, 'argument')
      if (!of) return none(node)
      const one: Expression = { kind: 'plain', value: 1, at: node.span }
      const sign = reading.text(field(node, 'operator')).charAt(0)
      return {
        kind: 'assignment',
        to: patternOf(of),
        value: combined(sign, reading.expression(of), one, node),
        at: node.span,
      }
    }
    default: {
      const of = field(node, 'argument')
      const sign = reading.text(field(node, 'operator'))
      if (!of) return none(node)
      const inner = reading.expression(of)
      if (sign === '!') return { kind: 'operation', operator: 'not', of: [inner], at: node.span }
      if (sign === '-') return { kind: 'operation', operator: '-', of: [inner], at: node.span }
      return sign === '+' ? inner : { kind: 'unread', why: 'its value is calculated', inside: [inner], at: node.span }
    }
  }
}

function combined(sign: string, left: Expression, right: Expression, node: Node): Expression {
  const at = node.span
  const short = shorts.get(sign)
  if (short) return { kind: 'short', operator: short, left, right, at }
  const operator = operators.get(sign)
  if (!operator) return { kind: 'unread', why: 'its value is calculated', inside: [left, right], at }
  return { kind: 'operation', operator, of: [left, right], at }
}
