import type { Node } from '../node.ts'
import type { Reading as OfAll } from '../reading.ts'
import type { BlockExpression, Expression, Pattern } from '../syntax.ts'
import type { Shape } from './function.ts'

export interface Reading extends OfAll {
  /** Statements in order, at the place of a node. */
  readonly block: (nodes: readonly Node[], at: Node) => BlockExpression
  /** Statements in order; the clauses of one function become one definition. */
  readonly statements: (nodes: readonly Node[]) => Expression[]
  readonly pattern: (node: Node) => Pattern
  readonly shape: (node: Node) => Shape
  /** Whether a name belongs to a variable, anywhere in the code that was read before. */
  readonly isBound: (name: string) => boolean
  /** The modules of other files that the code before has given shorter names. */
  readonly aliases: Map<string, string>
  /** The modules around the code that is read, the outer ones first. */
  readonly modules: string[]
}
