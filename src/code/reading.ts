import { type Node, named } from './node.ts'
import type { Expression } from './syntax.ts'

/** What the parts of the reader of a language's syntax need from each other. */
export interface Reading {
  readonly source: string
  /** The source of a node; empty without one. */
  readonly text: (node: Node | undefined) => string
  readonly expression: (node: Node) => Expression
}

/** What is not read, with the expressions inside of it. */
export function unread(
  why: string,
  node: Node,
  { expression }: Reading,
  inside: readonly Node[] = named(node),
): Expression {
  return { kind: 'unread', why, inside: inside.map(expression), at: node.span }
}

export function none(node: Node): Expression {
  return { kind: 'plain', value: null, at: node.span }
}
