import { field, type Node } from '../node.ts'
import { none } from '../reading.ts'
import type { Expression } from '../syntax.ts'
import { argumentNodes } from './call-parts.ts'
import { quoted } from './quoted.ts'
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

/**
 * A call of such a macro: it gets the source of the query, which is evaluated, and then its other arguments as code (`src/code/elixir/quoted.ts`). The first
 * of these is for `from` the names that it gives to its sources: `x in "orders"`. Null: it is another call.
 */
export function queryOf(node: Node, before: readonly Expression[], reading: Reading): Expression | null {
  const { expression, source, text } = reading
  const target = field(node, 'target')
  const isRemote = target?.kind === 'dot' && text(field(target, 'left')) === 'Ecto.Query'
  const word = text(isRemote ? field(target, 'right') : target)
  if (!target || !macros.has(word) || !(isRemote || (target.kind === 'identifier' && imports.test(source)))) return null
  const nodes = argumentNodes(node)
  const isPiped = before.length > 0
  const first = isPiped ? undefined : nodes[0]
  const rest = isPiped ? nodes : nodes.slice(1)
  const isIn = first?.kind === 'binary_operator' && text(field(first, 'operator')) === 'in'
  const [names, of] = isIn ? [field(first, 'left'), field(first, 'right')] : [undefined, first]
  const given = word === 'dynamic' ? [] : isPiped ? before : of ? [expression(of)] : []
  const code = (word === 'dynamic' ? nodes : rest).map(each => quoted(each, reading))
  const bound = word === 'from' ? [names ? quoted(names, reading) : none(node)] : []
  return {
    kind: 'call',
    callee: { kind: 'name', name: `Ecto.Query.${word}`, at: node.span },
    args: [...given, ...bound, ...code].map(value => ({ value })),
    nameAt: target.span,
    at: node.span,
  }
}
