import type { Node } from '../node.ts'
import type { ClassExpression, Expression, FunctionExpression } from '../syntax.ts'

/** What the files that read parts of a PHP program share. */
export interface Reading {
  readonly source: string
  readonly text: (node: Node | undefined) => string
  readonly expression: (node: Node) => Expression
  readonly statements: (nodes: readonly Node[], at: Node) => Expression
  readonly functionOf: (node: Node) => FunctionExpression
  readonly classOf: (node: Node) => ClassExpression
  /** The full name of a class, without the first backslash, as `use` and `namespace` of the file make it. */
  readonly className: (name: string) => string
}

export function none(node: Node): Expression {
  return { kind: 'plain', value: null, at: node.span }
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
