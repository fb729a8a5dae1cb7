import { field, has, type Node, named } from '../node.ts'
import { none } from '../reading.ts'
import type { ClassExpression, Expression, FunctionExpression, Parameter } from '../syntax.ts'
import type { Reading } from './reading.ts'

export function functionOf(node: Node, reading: Reading): FunctionExpression {
  const body = field(node, 'body')
  const isArrow = node.kind === 'arrow_function'
  const isMethod = node.kind === 'method_declaration'
  const name = field(node, 'name')
  return {
    kind: 'function',
    name: reading.text(name),
    parameters: named(field(node, 'parameters') ?? { ...node, children: [] }).flatMap(each => parameter(each, reading)),
    body: body ? (isArrow ? reading.expression(body) : reading.statements([body], node)) : none(node),
    givesLast: isArrow,
    hasOwnSelf: isMethod,
    ...(isMethod && isStatic(node) && { isStatic: true }),
    at: node.span,
  }
}

function isStatic(node: Node): boolean {
  return node.children.some(({ kind }) => kind === 'static_modifier') || has(node, 'static')
}

function parameter(node: Node, reading: Reading): Parameter[] {
  const found = field(node, 'name')
  // `public function __construct(private &$name)`
  const variable = found?.kind === 'by_ref' ? named(found)[0] : found
  const name = reading.text(variable)
  if (!name.startsWith('$')) return []
  const otherwise = field(node, 'default_value')
  return [
    {
      pattern: { kind: 'name', name },
      ...(node.kind === 'variadic_parameter' ? { rest: 'list' } : { name: name.slice(1) }),
      ...(otherwise && { otherwise: reading.expression(otherwise) }),
    },
  ]
}

export function classOf(node: Node, reading: Reading): ClassExpression {
  const name = field(node, 'name')
  const body = field(node, 'body')
  const bases = named(node)
    .filter(({ kind }) => kind === 'base_clause')
    .flatMap(named)
  return {
    kind: 'class',
    name: reading.text(name),
    nameAt: (name ?? node).span,
    bases: bases.map(reading.expression),
    body: named(body ?? { ...node, children: [] }).flatMap(each => part(each, reading)),
    at: node.span,
  }
}

/** Methods, properties and constants; the members that traits add are unknown. */
function part(node: Node, reading: Reading): Expression[] {
  switch (node.kind) {
    case 'method_declaration':
      return [{ kind: 'definition', definition: reading.functionOf(node), at: node.span }]
    case 'property_declaration':
    case 'const_declaration':
      return named(node).flatMap((element): Expression[] => {
        if (!/^(?:property|const)_element$/.test(element.kind)) return []
        const [first, second] = named(element)
        const name = field(element, 'name') ?? first
        const value = field(element, 'default_value') ?? (element.kind === 'const_element' ? second : undefined)
        return [
          {
            kind: 'assignment',
            to: { kind: 'name', name: reading.text(name).replace(/^\$/, '') },
            value: value ? reading.expression(value) : none(element),
            isDeclaration: true,
            at: element.span,
          },
        ]
      })
    case 'enum_case': {
      const [name, value] = [field(node, 'name'), field(node, 'value')]
      if (!name) return []
      const parts = value ? [{ key: keyed('value', node), value: reading.expression(value) }] : []
      return [
        {
          kind: 'assignment',
          to: { kind: 'name', name: reading.text(name) },
          value: { kind: 'record', entries: parts, at: node.span },
          isDeclaration: true,
          at: node.span,
        },
      ]
    }
    default:
      return []
  }
}

function keyed(name: string, { span }: Node): Expression {
  return { kind: 'text', parts: [{ kind: 'text', pieces: [{ text: name, at: span, isVerbatim: false }] }], at: span }
}
