import { field, has, type Node, named } from '../node.ts'
import type { Expression, FunctionExpression, Parameter } from '../syntax.ts'
import type { Reading } from './reading.ts'

export function classOf(node: Node, reading: Reading): Expression {
  const { text, block } = reading
  const name = field(node, 'name')
  const [base] = named(field(node, 'superclass') ?? { ...node, children: [] })
  return {
    kind: 'class',
    name: text(name),
    nameAt: (name ?? node).span,
    bases: base ? [{ kind: 'name', name: text(base).replace(/<.*$/s, ''), at: base.span }] : [],
    body: block(named(field(node, 'body') ?? { ...node, children: [] }), node).body,
    at: node.span,
  }
}

export function functionOf(node: Node, reading: Reading): FunctionExpression {
  const { text, expression, bodyOf } = reading
  const parameters = field(node, 'parameters')
  const body = field(node, 'body')
  const isLambda = node.kind === 'lambda_expression'
  const isBlock = !body || body.kind === 'block' || body.kind === 'constructor_body'
  const modifiers = named(node).find(({ kind }) => kind === 'modifiers')
  return {
    kind: 'function',
    name: node.kind === 'constructor_declaration' ? '<init>' : text(field(node, 'name')),
    parameters: parameters ? parametersOf(parameters, reading) : [],
    body: isBlock ? bodyOf(body, node) : expression(body),
    givesLast: !isBlock,
    hasOwnSelf: !isLambda,
    ...(modifiers && has(modifiers, 'static') && { isStatic: true }),
    at: node.span,
  }
}

function parametersOf(node: Node, reading: Reading): Parameter[] {
  const { text } = reading
  if (node.kind === 'identifier') return [{ pattern: { kind: 'name', name: text(node) } }]
  return named(node).flatMap((each): Parameter[] => {
    if (each.kind === 'receiver_parameter') return []
    const declarator = named(each).find(({ kind }) => kind === 'variable_declarator')
    const name = field(each, 'name') ?? (declarator && field(declarator, 'name')) ?? each
    return [{ pattern: { kind: 'name', name: text(name) }, ...(each.kind === 'spread_parameter' && { rest: 'list' }) }]
  })
}
