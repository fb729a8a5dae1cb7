import { field, type Node } from '../node.ts'
import { none } from '../reading.ts'
import type { Expression, Operator } from '../syntax.ts'
import { call, capture } from './call.ts'
import { argumentNodes } from './call-parts.ts'
import { asFunction } from './function.ts'
import type { Reading } from './reading.ts'

const operators: ReadonlyMap<string, Operator> = new Map([
  ['+', '+'],
  ['++', '+'],
  ['-', '-'],
  ['*', '*'],
  ['/', '/'],
  ['<>', 'join'],
  ['==', 'is'],
  ['===', 'is'],
  ['!=', 'is not'],
  ['!==', 'is not'],
  ['<', '<'],
  ['<=', '<='],
  ['>', '>'],
  ['>=', '>='],
  ['in', 'in'],
])

export function unary(node: Node, reading: Reading): Expression {
  const { text, expression } = reading
  const operand = field(node, 'operand')
  const at = node.span
  if (!operand) return none(node)
  switch (text(field(node, 'operator'))) {
    case '@': {
      const target = operand.kind === 'call' ? field(operand, 'target') : undefined
      if (!target) return { kind: 'name', name: `@${text(operand)}`, at }
      const [value] = argumentNodes(operand)
      const to = { kind: 'name', name: `@${text(target)}` } as const
      return { kind: 'assignment', to, value: value ? expression(value) : none(node), isDeclaration: true, at }
    }
    case '&':
      return capture(operand, node, reading)
    case '-':
      return { kind: 'operation', operator: '-', of: [expression(operand)], at }
    case '!':
    case 'not':
      return { kind: 'operation', operator: 'not', of: [expression(operand)], at }
    default:
      return expression(operand)
  }
}

export function binary(node: Node, reading: Reading): Expression {
  const { text, expression, pattern } = reading
  const [left, right] = [field(node, 'left'), field(node, 'right')]
  const at = node.span
  if (!left || !right) return none(node)
  const sign = text(field(node, 'operator'))
  switch (sign) {
    case '|>':
      if (right.kind === 'call') return call(right, reading, [expression(left)])
      return {
        kind: 'call',
        callee: { kind: 'name', name: asFunction(text(right)), at: right.span },
        args: [{ value: expression(left) }],
        nameAt: right.span,
        at,
      }
    case '=':
      return { kind: 'assignment', to: pattern(left), value: expression(right), isDeclaration: true, at }
    case '&&':
    case 'and':
      return { kind: 'short', operator: 'and', left: expression(left), right: expression(right), at }
    case '||':
    case 'or':
      return { kind: 'short', operator: 'or', left: expression(left), right: expression(right), at }
    case 'not in':
      return {
        kind: 'operation',
        operator: 'not',
        of: [{ kind: 'operation', operator: 'in', of: [expression(left), expression(right)], at }],
        at,
      }
    default: {
      const operator = operators.get(sign)
      const of = [expression(left), expression(right)]
      return operator
        ? { kind: 'operation', operator, of, at }
        : { kind: 'unread', why: 'this kind of expression is not read', inside: of, at }
    }
  }
}
