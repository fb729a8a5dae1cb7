import { field, type Node, named } from '../node.ts'
import { none } from '../reading.ts'
import type { ClassExpression, Expression, FunctionExpression, Parameter } from '../syntax.ts'
import type { Reading } from './reading.ts'

export function functionOf(node: Node, reading: Reading): FunctionExpression {
  const found = field(node, 'body')
  // `void Up(…) => a();`
  const body = found?.kind === 'arrow_expression_clause' ? named(found)[0] : found
  const isBlock = body?.kind === 'block'
  const isMethod = /_declaration$/.test(node.kind)
  const parameters = field(node, 'parameters')
  return {
    kind: 'function',
    name: reading.text(field(node, 'name')),
    parameters:
      parameters?.kind === 'implicit_parameter' || parameters?.kind === 'identifier'
        ? [{ pattern: { kind: 'name', name: reading.text(parameters) } }]
        : named(parameters ?? { ...node, children: [] }).flatMap(each => parameter(each, reading)),
    body: body ? (isBlock ? reading.statements([body], body) : reading.expression(body)) : none(node),
    givesLast: !isBlock,
    hasOwnSelf: isMethod,
    ...(isMethod && hasModifier(node, 'static', reading) && { isStatic: true }),
    at: node.span,
  }
}

function hasModifier(node: Node, word: string, { text }: Reading): boolean {
  return node.children.some(child => child.kind === 'modifier' && text(child) === word)
}

function parameter(node: Node, reading: Reading): Parameter[] {
  const name = reading.text(field(node, 'name') ?? node)
  if (!/^@?\w+$/.test(name)) return []
  const at = node.children.findIndex(({ kind }) => kind === '=')
  const otherwise = at < 0 ? undefined : node.children[at + 1]
  const isRest = /^\s*params\b/.test(reading.text(node))
  return [
    {
      pattern: { kind: 'name', name },
      ...(isRest ? { rest: 'list' } : { name }),
      ...(otherwise && { otherwise: reading.expression(otherwise) }),
    },
  ]
}

export function classOf(node: Node, reading: Reading): ClassExpression {
  const name = field(node, 'name')
  const bases = named(node).find(({ kind }) => kind === 'base_list')
  return {
    kind: 'class',
    name: reading.text(name),
    nameAt: (name ?? node).span,
    bases: bases ? named(bases).map(reading.expression) : [],
    body: named(field(node, 'body') ?? { ...node, children: [] }).flatMap(each => part(each, reading)),
    at: node.span,
  }
}

function part(node: Node, reading: Reading): Expression[] {
  switch (node.kind) {
    case 'method_declaration':
      return [{ kind: 'definition', definition: reading.functionOf(node), at: node.span }]
    case 'field_declaration': {
      const block = reading.statements([node], node)
      return block.kind === 'block' ? [...block.body] : [block]
    }
    case 'property_declaration': {
      const value = field(node, 'value')
      const given = value?.kind === 'arrow_expression_clause' ? named(value)[0] : value
      if (!given) return []
      return [
        {
          kind: 'assignment',
          to: { kind: 'name', name: reading.text(field(node, 'name')) },
          value: reading.expression(given),
          isDeclaration: true,
          at: node.span,
        },
      ]
    }
    case 'class_declaration':
      return [classOf(node, reading)]
    default:
      return []
  }
}
