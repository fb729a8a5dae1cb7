import { append } from '../../parse/list.ts'
import { field, type Node, named } from '../node.ts'
import type { Expression } from '../syntax.ts'
import { argumentNodes } from './call-parts.ts'
import type { Reading } from './reading.ts'

/** Macros of Ecto.Query: names in their arguments are tables and columns, and nothing in them runs but what `^` pins (lib/ecto/query.ex). */
const macros = new Set(
  (
    'from where or_where select select_merge order_by prepend_order_by group_by having or_having join distinct update preload windows ' +
    'dynamic lock limit offset with_cte subquery'
  ).split(' '),
)

/** The text of a program that has these macros as its own functions. */
const imports = /\bimport\s+Ecto\.Query\b/

/** A call of such a macro: it only describes a query, of the source that it is given first. Null: it is another call. */
export function queryOf(node: Node, word: string, before: readonly Expression[], reading: Reading): Expression | null {
  const { expression, source } = reading
  if (!macros.has(word) || !imports.test(source)) return null
  const nodes = argumentNodes(node)
  const [first] = nodes
  const isIn = first?.kind === 'binary_operator' && reading.text(field(first, 'operator')) === 'in'
  const of = before.length > 0 ? undefined : isIn ? field(first, 'right') : first
  const pinned = (before.length > 0 ? nodes : nodes.slice(1)).flatMap(each => pinsIn(each, reading))
  const args = [...before, ...[...(of ? [of] : []), ...pinned].map(expression)]
  return {
    kind: 'call',
    callee: { kind: 'name', name: `Ecto.Query.${word}`, at: node.span },
    args: args.map(value => ({ value })),
    nameAt: node.span,
    at: node.span,
  }
}

/** What `^` has after it, anywhere in a node. */
function pinsIn(node: Node, reading: Reading): Node[] {
  const found: Node[] = []
  const open = [node]
  for (let each = open.pop(); each; each = open.pop()) {
    const operand = each.kind === 'unary_operator' ? field(each, 'operand') : undefined
    if (operand && reading.text(each).startsWith('^')) found.push(operand)
    else append(open, named(each))
  }
  return found
}
