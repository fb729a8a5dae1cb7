import { field, type Node, named } from '../node.ts'
import { none } from '../reading.ts'
import type { Expression } from '../syntax.ts'
import { argumentNodes, doBlock, keywordsOf } from './call-parts.ts'
import { atom } from './literal.ts'
import type { Reading } from './reading.ts'

/** The name under which a module keeps its schema: its table, and whether all its columns are known, and these, in order. No code can have it. */
export const schemaName = 'schema of the module'

/** `schema "orders" do …`: the columns of Ecto.Schema (lib/ecto/schema.ex). */
export function schemaOf(node: Node, reading: Reading): Expression {
  const { text, expression } = reading
  const [table] = argumentNodes(node)
  const body = doBlock(node)
  if (!table) return none(node)
  const columns: Expression[] = []
  let isKnown = true
  const add = (name: string, at: Node) => columns.push(textOf(name, at))
  for (const each of body ? named(body) : []) {
    const target = field(each, 'target')
    const args = argumentNodes(each)
    const options = keywordsOf(args, reading)
    const name = args[0]?.kind === 'atom' ? text(args[0]).slice(1) : ''
    const isOdd = [
      'source',
      'load_in_query',
      'virtual',
      'define_field',
      'foreign_key',
      'inserted_at',
      'updated_at',
    ].some(option => options.has(option))
    switch (text(target)) {
      case 'field':
      case 'embeds_one':
      case 'embeds_many':
        if (text(options.get('virtual')) === 'true') break
        if (name === '' || isOdd) isKnown = false
        else add(name, each)
        break
      case 'belongs_to':
        if (name === '' || isOdd) isKnown = false
        else add(`${name}_id`, each)
        break
      case 'timestamps':
        if (isOdd) isKnown = false
        else for (const own of ['inserted_at', 'updated_at']) add(own, each)
        break
      case 'has_one':
      case 'has_many':
      case 'many_to_many':
        break
      default:
        isKnown = false
    }
  }
  const items: Expression[] = [expression(table), { kind: 'plain', value: isKnown, at: node.span }, ...columns]
  return {
    kind: 'assignment',
    to: { kind: 'name', name: schemaName },
    value: { kind: 'list', items: items.map(value => ({ value })), at: node.span },
    isDeclaration: true,
    at: node.span,
  }
}

function textOf(word: string, node: Node): Expression {
  return { kind: 'text', parts: [atom(word, node.span)], at: node.span }
}
