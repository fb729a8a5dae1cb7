import { field, type Node, named } from '../node.ts'
import type { Expression, FunctionExpression, Parameter } from '../syntax.ts'
import type { Reading } from './reading.ts'

export function classOf(node: Node, reading: Reading): Expression {
  const { text, expression, bodyOf } = reading
  const name = field(node, 'name')
  const bases = named(field(node, 'superclasses') ?? { ...node, children: [] }).filter(
    ({ kind }) => kind !== 'keyword_argument',
  )
  return {
    kind: 'class',
    name: text(name),
    nameAt: (name ?? node).span,
    bases: bases.map(expression),
    body: bodyOf(field(node, 'body'), node).body.map(asMethod),
    at: node.span,
  }
}

export function decorated(node: Node, reading: Reading): Expression[] {
  const { text } = reading
  const inner = field(node, 'definition')
  if (!inner) return []
  const isStatic = named(node).some(
    each => each.kind === 'decorator' && /^@\s*(?:static|class)method$/.test(text(each)),
  )
  if (inner.kind === 'class_definition') return [classOf(inner, reading)]
  return [
    {
      kind: 'definition',
      definition: { ...functionOf(inner, reading), ...(isStatic && { isStatic: true }) },
      at: node.span,
    },
  ]
}

function asMethod(each: Expression): Expression {
  if (each.kind !== 'definition' || each.definition.isStatic) return each
  return { ...each, definition: withSelf(each.definition) }
}

/** The first parameter of a method is the instance. */
function withSelf(definition: FunctionExpression): FunctionExpression {
  const [first, ...parameters] = definition.parameters
  if (first?.pattern.kind !== 'name') return definition
  return { ...definition, parameters, selfName: first.pattern.name }
}

export function functionOf(node: Node, reading: Reading): FunctionExpression {
  const { text, expression, bodyOf } = reading
  const parameters = named(field(node, 'parameters') ?? { ...node, children: [] }).flatMap(each =>
    parameter(each, reading),
  )
  const body = field(node, 'body')
  const isLambda = node.kind === 'lambda'
  return {
    kind: 'function',
    name: text(field(node, 'name')),
    parameters,
    body: isLambda && body ? expression(body) : bodyOf(body, node),
    givesLast: isLambda,
    hasOwnSelf: !isLambda,
    at: node.span,
  }
}

function parameter(node: Node, reading: Reading): Parameter[] {
  const { text, expression } = reading
  switch (node.kind) {
    case 'identifier':
      return [{ pattern: { kind: 'name', name: text(node) }, name: text(node) }]
    case 'default_parameter':
    case 'typed_default_parameter': {
      const [name, value] = [field(node, 'name'), field(node, 'value')]
      return [
        {
          pattern: { kind: 'name', name: text(name) },
          name: text(name),
          ...(value && { otherwise: expression(value) }),
        },
      ]
    }
    case 'typed_parameter': {
      const [inner] = named(node)
      return inner ? parameter(inner, reading) : []
    }
    case 'list_splat_pattern':
      return [{ pattern: { kind: 'name', name: text(named(node)[0]) }, rest: 'list' }]
    case 'dictionary_splat_pattern':
      return [{ pattern: { kind: 'name', name: text(named(node)[0]) }, rest: 'record' }]
    default:
      return []
  }
}
