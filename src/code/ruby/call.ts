import { field, type Node, named } from '../node.ts'
import type { Argument, Expression, RecordExpression } from '../syntax.ts'
import { functionByName } from './function.ts'
import { none, type Reading } from './reading.ts'

/** A call of a method, with or without a receiver, and `yield` and `super`. */
export function called(node: Node, reading: Reading): Expression {
  const { text, expression } = reading
  const at = node.span
  const [receiver, method, block] = [field(node, 'receiver'), field(node, 'method'), field(node, 'block')]
  const nameNode = method ?? node.children[0] ?? node
  const nameAt = nameNode.span
  const name = node.kind === 'yield' ? '&block' : method ? text(method) : receiver ? 'call' : text(nameNode)
  const list = field(node, 'arguments') ?? node.children.find(({ kind }) => kind === 'argument_list')
  if (!receiver && block && name === 'loop')
    return { kind: 'loop', body: reading.functionOf(block, { isBlock: true }).body, at }
  if (!receiver && block && name === 'lambda') return reading.functionOf(block, { isBlock: true, isLambda: true })
  if (!receiver && (name === 'raise' || name === 'fail')) return thrown(node, list, reading)
  const isOptional = node.children.some(({ kind }) => kind === '&.')
  const callee: Expression = receiver
    ? {
        kind: 'member',
        of: expression(receiver),
        name,
        nameAt,
        ...(isOptional && { isOptional }),
        at: [receiver.span[0], nameAt[1]],
      }
    : { kind: 'name', name, at: nameAt }
  const { args, block: given } = argumentsOf(list ? named(list) : [], reading)
  const written = block ? reading.functionOf(block, { isBlock: true }) : given
  return { kind: 'call', callee, args, nameAt, ...(written && { block: written }), at }
}

function thrown(node: Node, list: Node | undefined, { expression }: Reading): Expression {
  const [value] = list ? named(list) : []
  return { kind: 'leave', how: 'throw', ...(value && { value: expression(value) }), at: node.span }
}

/** Arguments in their order; pairs become named arguments. */
export function argumentsOf(
  nodes: readonly Node[],
  reading: Reading,
): { readonly args: Argument[]; readonly block?: Expression } {
  const args: Argument[] = []
  let block: Expression | undefined
  for (const node of nodes) {
    const [inner] = named(node)
    switch (node.kind) {
      case 'pair': {
        const [name, value] = [nameOf(node, reading), givenBy(node, reading)]
        if (name !== null) args.push({ name, value })
        else args.push({ value: recordOf(node, reading), spread: 'record' })
        break
      }
      case 'splat_argument':
        args.push({ value: inner ? reading.expression(inner) : nameAt('*', node), spread: 'list' })
        break
      case 'hash_splat_argument':
        args.push({ value: inner ? reading.expression(inner) : nameAt('**', node), spread: 'record' })
        break
      case 'forward_argument':
        args.push({
          value: { kind: 'unread', why: 'its arguments are unknown', inside: [], at: node.span },
          spread: 'list',
        })
        break
      case 'block_argument':
        block =
          inner?.kind === 'simple_symbol'
            ? functionByName(reading.text(inner).slice(1), node)
            : inner
              ? reading.expression(inner)
              : nameAt('&block', node)
        break
      case 'heredoc_body':
        break
      default:
        args.push({ value: reading.expression(node) })
    }
  }
  return { args, ...(block && { block }) }
}

function nameAt(name: string, node: Node): Expression {
  return { kind: 'name', name, at: node.span }
}

/** The name of an entry; null: it is computed. */
function nameOf(pair: Node, { text }: Reading): string | null {
  const key = field(pair, 'key')
  if (key?.kind === 'hash_key_symbol') return text(key)
  if (key?.kind === 'simple_symbol') return text(key).slice(1)
  const [content, ...others] = key?.kind === 'string' ? named(key) : []
  return content?.kind === 'string_content' && others.length === 0 && !text(content).includes('\\')
    ? text(content)
    : null
}

/** Without a value, a name stands for the variable or method of that name. */
function givenBy(pair: Node, reading: Reading): Expression {
  const value = field(pair, 'value')
  if (value) return reading.expression(value)
  const key = field(pair, 'key')
  if (!key) return none(pair.span)
  const name = reading.text(key)
  return { kind: 'name', name, ...(!reading.variables.has(name) && { isCall: true }), at: key.span }
}

export function entriesOf(nodes: readonly Node[], reading: Reading): RecordExpression['entries'] {
  return nodes.flatMap((node): RecordExpression['entries'] => {
    const [inner] = named(node)
    if (node.kind === 'hash_splat_argument') return inner ? [{ key: null, value: reading.expression(inner) }] : []
    const key = field(node, 'key')
    return key ? [{ key: reading.expression(key), value: givenBy(node, reading) }] : []
  })
}

function recordOf(pair: Node, reading: Reading): RecordExpression {
  return { kind: 'record', entries: entriesOf([pair], reading), at: pair.span }
}
