import type { Node } from '../node.ts'
import type { Reading as OfAll } from '../reading.ts'
import type { ClassExpression, Expression, FunctionExpression } from '../syntax.ts'

export interface Reading extends OfAll {
  readonly statements: (nodes: readonly Node[], at: Node) => Expression
  readonly functionOf: (node: Node) => FunctionExpression
  readonly classOf: (node: Node) => ClassExpression
  /** The full name of a class, without the first backslash, as `use` and `namespace` of the file make it. */
  readonly className: (name: string) => string
}

/** Reads a subject once, under a name of its own, before the expression that compares it. */
export function compared(subject: Node, name: string, by: Expression, node: Node, reading: Reading): Expression {
  const value = reading.expression(subject)
  const first: Expression = {
    kind: 'assignment',
    to: { kind: 'name', name },
    value,
    isDeclaration: true,
    at: subject.span,
  }
  return { kind: 'block', body: [first, by], at: node.span }
}
