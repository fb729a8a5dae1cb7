import { greatest } from '../../parse/list.ts'
import { field, type Node, named } from '../node.ts'
import type { Expression, FunctionExpression, Parameter } from '../syntax.ts'
import type { FunctionWay, Reading } from './reading.ts'

/** A method, a block or a lambda. */
export function functionOf(node: Node, { isBlock, isLambda }: FunctionWay, reading: Reading): FunctionExpression {
  const { text, variables } = reading
  return variables.within(isBlock, () => {
    // The parameters of a lambda stand outside of its block.
    const inner = node.kind === 'lambda' ? field(node, 'body') : node
    const written = field(node, 'parameters')
    const parameters = written ? named(written).flatMap(each => parameter(each, reading)) : []
    const body = inner && field(inner, 'body')
    const used = written || !isBlock ? [] : unnamed(text(body))
    for (const name of used) variables.add(name)
    return {
      kind: 'function',
      name: text(field(node, 'name')),
      parameters: written ? parameters : used.map(name => ({ pattern: { kind: 'name', name } })),
      body: reading.sequence(body, node),
      givesLast: true,
      hasOwnSelf: !isBlock,
      ...(isBlock && !isLambda && { isBlock }),
      at: node.span,
    }
  })
}

/** The implicit parameters of a block: `_1` and `it`. */
function unnamed(body: string): string[] {
  const most = greatest(
    [...body.matchAll(/\b_([1-9])\b/g)].map(([, digit]) => Number(digit)),
    0,
  )
  return most > 0 ? Array.from({ length: most }, (_, i) => `_${i + 1}`) : /\bit\b/.test(body) ? ['it'] : []
}

function parameter(node: Node, reading: Reading): Parameter[] {
  const { text, variables, expression } = reading
  const name = text(field(node, 'name'))
  const value = field(node, 'value')
  const otherwise: Expression | undefined = value && expression(value)
  const pattern = { kind: 'name', name } as const
  switch (node.kind) {
    case 'identifier':
    case 'destructured_parameter':
      return [{ pattern: reading.pattern(node) }]
    case 'optional_parameter':
      variables.add(name)
      return [{ pattern, ...(otherwise && { otherwise }) }]
    case 'keyword_parameter':
      variables.add(name)
      return [{ pattern, name, ...(otherwise && { otherwise }) }]
    case 'splat_parameter':
      variables.add(name)
      return [{ pattern: name === '' ? { kind: 'name', name: '*' } : pattern, rest: 'list' }]
    case 'hash_splat_parameter':
      variables.add(name)
      return [{ pattern: name === '' ? { kind: 'name', name: '**' } : pattern, rest: 'record' }]
    case 'block_parameter':
      variables.add(name)
      return [{ pattern: name === '' ? { kind: 'nothing' } : pattern, rest: 'block' }]
    default:
      return []
  }
}

/** `&:name`: a function that calls a method of what it is given. */
export function functionByName(name: string, node: Node): FunctionExpression {
  const at = node.span
  const item: Expression = { kind: 'name', name: '&item', at }
  return {
    kind: 'function',
    name: '',
    parameters: [{ pattern: { kind: 'name', name: '&item' } }],
    body: { kind: 'call', callee: { kind: 'member', of: item, name, nameAt: at, at }, args: [], nameAt: at, at },
    givesLast: true,
    hasOwnSelf: false,
    at,
  }
}
