import { field, type Node } from '../node.ts'
import { none } from '../reading.ts'
import type { Argument, CallExpression, Expression, FunctionExpression } from '../syntax.ts'
import { argumentNodes, bodyOf, doBlock, keywordsOf } from './call-parts.ts'
import { asFunction } from './function.ts'
import { keywords } from './keywords.ts'
import { queryOf } from './query.ts'
import type { Reading } from './reading.ts'
import { choiceOf, specialForm } from './special-form.ts'

const ofBlocks = new Set(['do'])

const ofValues = new Set(['Enum', 'String', 'List', 'Map', 'Keyword'])

/** A `do` block or `do:` of a call, as a function without parameters. */
function blockFor(node: Node, reading: Reading): FunctionExpression | undefined {
  const { expression } = reading
  const own = doBlock(node)
  const short = keywordsOf(argumentNodes(node), reading).get('do')
  const body = own ? bodyOf(own, reading) : short && expression(short)
  return body && { kind: 'function', name: '', parameters: [], body, givesLast: true, hasOwnSelf: false, at: node.span }
}

export function call(node: Node, reading: Reading, before: readonly Expression[] = []): Expression {
  const { text, expression } = reading
  const target = field(node, 'target')
  const word = text(target)
  const special = before.length === 0 && target?.kind === 'identifier' ? specialForm(word, node, reading) : null
  if (special) return special
  const [piped] = before
  const choice = piped && word === 'case' && before.length === 1 ? choiceOf(piped, node, reading) : null
  if (choice) return choice
  const query = queryOf(node, before, reading)
  if (query) return query
  if (!target) return none(node)
  const nodes = argumentNodes(node)
  const hasDo = doBlock(node) !== undefined || keywordsOf(nodes, reading).has('do')
  const args: Argument[] = [
    ...before.map(value => ({ value })),
    ...nodes.flatMap((each): Argument[] => {
      if (each.kind !== 'keywords') return [{ value: expression(each) }]
      const value = keywords(each, reading, hasDo && !doBlock(node) ? ofBlocks : new Set())
      return value.kind === 'record' && value.entries.length === 0 ? [] : [{ value }]
    }),
  ]
  const own = hasDo ? blockFor(node, reading) : undefined
  const module = target.kind === 'dot' ? text(field(target, 'left')) : ''
  const [subject, ...others] = args
  const function_ = target.kind === 'dot' ? field(target, 'right') : undefined
  // A function of Elixir's own modules is read as a method of its first argument.
  if (ofValues.has(module) && subject && function_)
    return {
      kind: 'call',
      callee: {
        kind: 'member',
        of: subject.value,
        name: `${module}.${text(function_)}`,
        nameAt: function_.span,
        at: target.span,
      },
      args: others,
      nameAt: function_.span,
      at: node.span,
    }
  const callee = calleeOf(target, reading)
  // `a.b` without parentheses may be an entry of a map.
  const isBare = before.length === 0 && target.kind === 'dot' && !node.children.some(({ kind }) => kind === 'arguments')
  if (isBare && callee.kind === 'member' && !hasDo && field(target, 'left')?.kind !== 'alias') return callee
  const nameAt = (target.kind === 'dot' ? (field(target, 'right') ?? target) : target).span
  return { kind: 'call', callee, args, nameAt, ...(own && { block: own }), at: node.span } satisfies CallExpression
}

export function calleeOf(target: Node, reading: Reading): Expression {
  const { text, expression } = reading
  if (target.kind !== 'dot') return { kind: 'name', name: asFunction(text(target)), at: target.span }
  const [of, name] = [field(target, 'left'), field(target, 'right')]
  if (!of) return none(target)
  // `function.(…)`
  if (!name) return expression(of)
  return { kind: 'member', of: expression(of), name: text(name), nameAt: name.span, at: target.span }
}

/** `&foo(&1)`, `&foo/1` */
export function capture(operand: Node, node: Node, reading: Reading): Expression {
  const { text, expression } = reading
  if (operand.kind === 'integer') return { kind: 'name', name: `&${text(operand)}`, at: node.span }
  const isNamed = operand.kind === 'binary_operator' && text(field(operand, 'operator')) === '/'
  const of = isNamed ? field(operand, 'left') : undefined
  if (of)
    return of.kind === 'call'
      ? calleeOf(field(of, 'target') ?? of, reading)
      : { kind: 'name', name: asFunction(text(of)), at: of.span }
  const parameters = ['&1', '&2', '&3'].map(name => ({ pattern: { kind: 'name', name } as const }))
  return {
    kind: 'function',
    name: '',
    parameters,
    body: expression(operand),
    givesLast: true,
    hasOwnSelf: false,
    at: node.span,
  }
}
