import type { Node } from '../node.ts'
import type { Expression, FunctionExpression } from '../syntax.ts'

/** What the files that read parts of a C# program share. */
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
