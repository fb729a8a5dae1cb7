import type { Span } from '../parse/span.ts'
import { field, type Node } from './node.ts'
import type { Expression, Operator } from './syntax.ts'

/** Comparisons are written alike in all languages that have `==`. */
export const comparisons: readonly (readonly [sign: string, operator: Operator])[] = [
  ['==', 'is'],
  ['!=', 'is not'],
  ['<', '<'],
  ['<=', '<='],
  ['>', '>'],
  ['>=', '>='],
]

/** The meaning of the operators of languages with a syntax like C's. */
export const operatorsOfC: ReadonlyMap<string, Operator> = new Map([
  ['+', '+'],
  ['-', '-'],
  ['*', '*'],
  ['/', '/'],
  ['%', '%'],
  ...comparisons,
])

/** The operation of a sign in Go and Java. What the sign means there is unread if the table does not have it. */
export function operationOfC(sign: string, left: Expression, right: Expression, { span: at }: Node): Expression {
  if (sign === '&&' || sign === '||') return { kind: 'short', operator: sign === '&&' ? 'and' : 'or', left, right, at }
  const operator = operatorsOfC.get(sign)
  if (!operator) return { kind: 'unread', why: 'its value is calculated', inside: [left, right], at }
  return { kind: 'operation', operator, of: [left, right], at }
}

/** How a language reads the parts of an operation. */
interface Reads {
  readonly expression: (node: Node) => Expression
  /** The operator of a node, as it is written. */
  readonly sign: (node: Node) => string
  readonly combined: (sign: string, left: Expression, right: Expression, node: Node) => Expression
  /** The operator that joins texts, if it is not `+`. */
  readonly joins?: { readonly sign: string; readonly operator: Operator }
}

const plus = { sign: '+', operator: '+' } as const

/**
 * A chain of operations, which trees nest to the left, as deep as the chain is long. It is read from its left end without recursion.
 * Programs join hundreds of texts with one operator, which become one operation. A missing side counts as nothing.
 */
export function fromTheLeft(node: Node, { expression, sign, combined, joins = plus }: Reads): Expression {
  const spine: Node[] = []
  let first: Node | undefined = node
  while (first?.kind === node.kind) {
    spine.push(first)
    first = field(first, 'left')
  }
  const nothing: Expression = { kind: 'plain', value: null, at: node.span }
  let value = first ? expression(first) : nothing
  let parts: Expression[] | null = null
  for (const each of spine.reverse()) {
    const right = field(each, 'right')
    if (!right) return nothing
    const written = sign(each)
    const next = expression(right)
    if (written !== joins.sign) parts = null
    else if (parts) parts.push(next)
    else parts = [value, next]
    value = parts
      ? { kind: 'operation', operator: joins.operator, of: parts, at: each.span }
      : combined(written, value, next, each)
  }
  return value
}

/** A method of a value that is written as an operator. */
export function methodOf(of: Expression, name: string, args: readonly Expression[], at: Span): Expression {
  return {
    kind: 'call',
    callee: { kind: 'member', of, name, nameAt: at, at },
    args: args.map(value => ({ value })),
    nameAt: at,
    at,
  }
}
