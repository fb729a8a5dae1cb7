import type { Node } from '../node.ts'
import type { Reading as OfAll } from '../reading.ts'
import type { BlockExpression } from '../syntax.ts'

export interface Reading extends OfAll {
  /** The statements in a node, at the place of another one. */
  readonly block: (node: Node | undefined, at: Node) => BlockExpression
}
