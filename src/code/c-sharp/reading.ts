import type { Node } from '../node.ts'
import type { Expression, FunctionExpression } from '../syntax.ts'

/** How the parts of a program in C# are read, for the files that read some of them. */
export interface Reading {
  readonly source: string
  readonly text: (node: Node | undefined) => string
  readonly expression: (node: Node) => Expression
  readonly statements: (nodes: readonly Node[], at: Node) => Expression
  readonly functionOf: (node: Node) => FunctionExpression
}

export function none(node: Node): Expression {
  return { kind: 'plain', value: null, at: node.span }
}
