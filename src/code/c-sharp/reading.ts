import type { Node } from '../node.ts'
import type { Reading as OfAll } from '../reading.ts'
import type { Expression, FunctionExpression } from '../syntax.ts'

export interface Reading extends OfAll {
  readonly statements: (nodes: readonly Node[], at: Node) => Expression
  readonly functionOf: (node: Node) => FunctionExpression
}
