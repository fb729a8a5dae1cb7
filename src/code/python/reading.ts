import type { Node } from '../node.ts'
import type { Reading as OfAll } from '../reading.ts'
import type { BlockExpression } from '../syntax.ts'

export interface Reading extends OfAll {
  /** Statements in order, at the place of a node. */
  readonly block: (nodes: readonly Node[], at: Node) => BlockExpression
  /** The statements in a node. */
  readonly bodyOf: (node: Node | undefined, at: Node) => BlockExpression
}
