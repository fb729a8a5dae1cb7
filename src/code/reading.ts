import { type Node, named } from './node.ts'
import type { BlockExpression, Expression, LeaveExpression } from './syntax.ts'

/** What the parts of the reader of a language's syntax need from each other. */
export interface Reading {
  readonly source: string
  /** The source of a node; empty without one. */
  readonly text: (node: Node | undefined) => string
  readonly expression: (node: Node) => Expression
}

/** The text of each node of a source; empty without a node. */
export function textIn(source: string): Reading['text'] {
  return node => (node ? source.slice(node.span[0], node.span[1]) : '')
}

/** Statements in order, at the place of a node. */
export function blockOf(
  nodes: readonly Node[],
  at: Node,
  statementOf: (node: Node) => readonly Expression[],
): BlockExpression {
  return { kind: 'block', body: nodes.flatMap(statementOf), at: at.span }
}

/** `return`, `throw`, `break` or `continue`, of a language that calls these nodes `return_statement` and so on. */
export function leaving(node: Node, { expression }: Pick<Reading, 'expression'>): Expression {
  const how = waysToLeave.get(node.kind)
  if (!how) throw new Error(`A "${node.kind}" does not leave anything.`)
  const value = how === 'return' || how === 'throw' ? named(node)[0] : undefined
  return { kind: 'leave', how, ...(value && { value: expression(value) }), at: node.span }
}

const waysToLeave: ReadonlyMap<string, LeaveExpression['how']> = new Map([
  ['return_statement', 'return'],
  ['throw_statement', 'throw'],
  ['break_statement', 'break'],
  ['continue_statement', 'continue'],
])

/** A member of an object, for instance `a.b`. Without an object, the code has an error there. */
export function memberOf(
  node: Node,
  of: Node | undefined,
  name: Node | undefined,
  { text, expression }: Reading,
): Expression {
  if (!of) return none(node)
  return { kind: 'member', of: expression(of), name: text(name), nameAt: (name ?? node).span, at: node.span }
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
