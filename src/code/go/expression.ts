import { field, has, type Node, named } from '../node.ts'
import { fromTheLeft, operationOfC } from '../operators.ts'
import { memberOf, none, unread } from '../reading.ts'
import type { Argument, Expression, FunctionExpression, Parameter, Pattern } from '../syntax.ts'
import { textAt } from '../text.ts'
import { stringOf } from './literal.ts'
import type { Reading } from './reading.ts'

export function functionOf(node: Node, reading: Reading): FunctionExpression {
  const { text, block } = reading
  const receiver = named(field(node, 'receiver') ?? { ...node, children: [] })[0]
  const self = receiver && field(receiver, 'name')
  return {
    kind: 'function',
    name: text(field(node, 'name')),
    parameters: named(field(node, 'parameters') ?? { ...node, children: [] }).flatMap(each =>
      parameters(each, reading),
    ),
    body: block(field(node, 'body'), node),
    givesLast: false,
    hasOwnSelf: node.kind === 'method_declaration',
    ...(self && { selfName: text(self) }),
    at: node.span,
  }
}

function parameters(node: Node, reading: Reading): Parameter[] {
  const { text } = reading
  const names = node.children.filter(each => each.field === 'name')
  const isRest = node.kind === 'variadic_parameter_declaration'
  return names.map(name => ({ pattern: { kind: 'name', name: text(name) }, ...(isRest && { rest: 'list' }) }))
}

export function pattern(node: Node, reading: Reading): Pattern {
  const { text, expression } = reading
  if (node.kind === 'identifier') return text(node) === '_' ? { kind: 'nothing' } : { kind: 'name', name: text(node) }
  const place = expression(node)
  return place.kind === 'member' || place.kind === 'index' ? { kind: 'place', place } : { kind: 'nothing' }
}

/** Several returned values become a list. */
export function together(node: Node, reading: Reading): Expression {
  const { expression } = reading
  const all = node.kind === 'expression_list' ? named(node) : [node]
  const [only] = all
  if (all.length === 1 && only) return expression(only)
  return { kind: 'list', items: all.map(each => ({ value: expression(each) })), at: node.span }
}

function argumentsOf(node: Node | undefined, reading: Reading): Argument[] {
  const { expression } = reading
  return (node ? named(node) : []).map((each): Argument => {
    const [inner] = each.kind === 'variadic_argument' ? named(each) : []
    return inner ? { value: expression(inner), spread: 'list' } : { value: expression(each) }
  })
}

export function expressionOf(node: Node, reading: Reading): Expression {
  const { text, source, expression } = reading
  const at = node.span
  switch (node.kind) {
    case 'parenthesized_expression':
    case 'expression_statement':
    case 'literal_element': {
      const [inner] = named(node)
      return inner ? expression(inner) : none(node)
    }
    case 'interpreted_string_literal':
    case 'raw_string_literal':
      return stringOf(node, source)
    case 'int_literal':
    case 'float_literal':
      return { kind: 'plain', value: Number(text(node).replaceAll('_', '')), at }
    case 'true':
      return { kind: 'plain', value: true, at }
    case 'false':
      return { kind: 'plain', value: false, at }
    case 'nil':
      return none(node)
    case 'identifier':
      return { kind: 'name', name: text(node), at }
    case 'selector_expression':
      return memberOf(node, field(node, 'operand'), field(node, 'field'), reading)
    case 'index_expression': {
      const [of, by] = [field(node, 'operand'), field(node, 'index')]
      return of && by ? { kind: 'index', of: expression(of), by: expression(by), at } : none(node)
    }
    case 'call_expression': {
      const callee = field(node, 'function')
      if (!callee) return none(node)
      const name = field(callee, 'field') ?? callee
      return {
        kind: 'call',
        callee: expression(callee),
        args: argumentsOf(field(node, 'arguments'), reading),
        nameAt: name.span,
        at,
      }
    }
    case 'unary_expression': {
      const of = field(node, 'operand')
      if (!of) return none(node)
      if (has(node, '!')) return { kind: 'operation', operator: 'not', of: [expression(of)], at }
      if (has(node, '-')) return { kind: 'operation', operator: '-', of: [expression(of)], at }
      // `&x` and `*x` are read as `x`.
      return has(node, '&') || has(node, '*') ? expression(of) : unread('its value is calculated', node, reading)
    }
    case 'binary_expression':
      return binary(node, reading)
    case 'func_literal':
      return functionOf(node, reading)
    case 'composite_literal': {
      const body = field(node, 'body')
      return body ? composed(body, reading) : none(node)
    }
    case 'literal_value':
      return composed(node, reading)
    default:
      return unread('this kind of expression is not read', node, reading)
  }
}

/** `[]string{"a"}`, `map[string]int{"a": 1}`, `Options{Name: "a"}` */
function composed(node: Node, reading: Reading): Expression {
  const { text, expression } = reading
  const all = named(node)
  if (!all.some(({ kind }) => kind === 'keyed_element'))
    return { kind: 'list', items: all.map(each => ({ value: expression(each) })), at: node.span }
  return {
    kind: 'record',
    entries: all.map(each => {
      const [key, value] = [field(each, 'key') ?? named(each)[0], field(each, 'value') ?? named(each)[1]]
      const [name] = key ? named(key) : []
      // The name of a field of a structure is not a variable.
      const said: Expression | null =
        name?.kind === 'identifier' || name?.kind === 'field_identifier'
          ? { kind: 'text', parts: [textAt(text(name), name.span)], at: name.span }
          : key
            ? expression(key)
            : null
      return { key: said, value: value ? expression(value) : none(each) }
    }),
    at: node.span,
  }
}

function binary(node: Node, reading: Reading): Expression {
  const { text, expression } = reading
  return fromTheLeft(node, {
    expression,
    sign: each => text(field(each, 'operator')),
    combined: operationOfC,
  })
}
