import { field, type Node, named } from '../node.ts'
import type { BlockExpression } from '../syntax.ts'
import type { Reading } from './reading.ts'

const sections = new Set(['else_block', 'rescue_block', 'catch_block', 'after_block'])

export function argumentNodes(node: Node): Node[] {
  const own = node.children.find(({ kind }) => kind === 'arguments')
  return own ? named(own) : []
}

export function doBlock(node: Node): Node | undefined {
  return node.children.find(({ kind }) => kind === 'do_block')
}

export function bodyOf(node: Node, reading: Reading): BlockExpression {
  const { block } = reading
  return block(
    named(node).filter(({ kind }) => !sections.has(kind)),
    node,
  )
}

export function section(node: Node | undefined, kind: string): Node | undefined {
  return node && named(node).find(each => each.kind === kind)
}

/** Keywords at the end of arguments, by name. */
export function keywordsOf(nodes: readonly Node[], reading: Reading): Map<string, Node> {
  const last = nodes.at(-1)
  const found = new Map<string, Node>()
  if (last?.kind !== 'keywords') return found
  for (const pair of named(last)) {
    const value = field(pair, 'value')
    if (value) found.set(keyOf(pair, reading), value)
  }
  return found
}

export function keyOf(pair: Node, reading: Reading): string {
  const { text } = reading
  const key = field(pair, 'key')
  const inner = key && named(key).find(({ kind }) => kind === 'quoted_content')
  return inner ? text(inner) : text(key).replace(/:\s*$/, '')
}
