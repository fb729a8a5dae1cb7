import { field, type Node, named } from '../node.ts'
import type { Argument, Expression } from '../syntax.ts'
import { keyOf } from './call-parts.ts'
import { atom } from './literal.ts'
import type { Reading } from './reading.ts'

export function keywords(node: Node, reading: Reading, without: ReadonlySet<string> = new Set()): Expression {
  const { expression } = reading
  return {
    kind: 'record',
    entries: named(node).flatMap(pair => {
      const value = field(pair, 'value')
      const name = keyOf(pair, reading)
      if (!value || without.has(name)) return []
      const at = (field(pair, 'key') ?? pair).span
      return [{ key: { kind: 'text', parts: [atom(name, at)], at }, value: expression(value) } as const]
    }),
    at: node.span,
  }
}

/** Keywords in a list with other items: each is a pair. */
export function pairsOf(node: Node, reading: Reading): Argument[] {
  const { expression } = reading
  return named(node).flatMap((pair): Argument[] => {
    const value = field(pair, 'value')
    const at = (field(pair, 'key') ?? pair).span
    if (!value) return []
    const key: Expression = { kind: 'text', parts: [atom(keyOf(pair, reading), at)], at }
    return [{ value: { kind: 'list', items: [{ value: key }, { value: expression(value) }], at: pair.span } }]
  })
}
