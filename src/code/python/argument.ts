import { field, type Node, named } from '../node.ts'
import { none } from '../reading.ts'
import type { Argument } from '../syntax.ts'
import type { Reading } from './reading.ts'

/** The field of a node that holds its left side, for the nodes that have one. */
const ownersOf: ReadonlyMap<string, string> = new Map([
  ['attribute', 'object'],
  ['call', 'function'],
  ['subscript', 'value'],
])

export function items(nodes: readonly Node[], reading: Reading): Argument[] {
  const { expression } = reading
  return nodes.map(each => {
    const inner = spread(each)
    return inner ? { value: expression(inner), spread: 'list' } : { value: expression(each) }
  })
}

/** The value after a star. In the grammar's tree the star of `*a.b` belongs to `a`. Undefined: there is no star. */
function spread(node: Node): Node | undefined {
  if (node.kind === 'list_splat') return named(node)[0]
  const first = ownersOf.get(node.kind)
  const owner = first === undefined ? undefined : field(node, first)
  const bare = owner && spread(owner)
  if (!owner || !bare) return undefined
  return { ...node, children: node.children.map(each => (each === owner ? { ...bare, field: owner.field } : each)) }
}

export function argumentsOf(node: Node | undefined, reading: Reading): Argument[] {
  const { text, expression } = reading
  if (!node) return []
  if (node.kind === 'generator_expression') return [{ value: expression(node) }]
  return named(node).map((each): Argument => {
    const [inner] = named(each)
    const bare = spread(each)
    if (bare) return { value: expression(bare), spread: 'list' }
    switch (each.kind) {
      case 'keyword_argument': {
        const value = field(each, 'value')
        return { value: value ? expression(value) : none(each), name: text(field(each, 'name')) }
      }
      case 'dictionary_splat':
        return { value: inner ? expression(inner) : none(each), spread: 'record' }
      default:
        return { value: expression(each) }
    }
  })
}
