import { field, has, type Node, named } from '../node.ts'
import { methodOf } from '../operators.ts'
import { memberOf, none, unread } from '../reading.ts'
import type { Expression, Pattern } from '../syntax.ts'
import { argumentsOf, items } from './argument.ts'
import { functionOf } from './definition.ts'
import { stringOf } from './literal.ts'
import { binary, comparison, operators } from './operator.ts'
import type { Reading } from './reading.ts'

export function pattern(node: Node, reading: Reading): Pattern {
  const { text, expression } = reading
  switch (node.kind) {
    case 'identifier':
      return { kind: 'name', name: text(node) }
    case 'pattern_list':
    case 'tuple_pattern':
    case 'list_pattern':
    case 'tuple':
    case 'list':
    case 'expression_list': {
      const items = named(node)
      const rest = items.findIndex(({ kind }) => /^list_splat/.test(kind))
      return { kind: 'list', items: items.map(each => pattern(each, reading)), ...(rest >= 0 && { rest }) }
    }
    case 'list_splat_pattern':
    case 'list_splat': {
      const [inner] = named(node)
      return inner ? pattern(inner, reading) : { kind: 'nothing' }
    }
    case 'attribute':
    case 'subscript': {
      const place = expression(node)
      return place.kind === 'member' || place.kind === 'index' ? { kind: 'place', place } : { kind: 'nothing' }
    }
    default:
      return { kind: 'nothing' }
  }
}

export function expressionOf(node: Node, reading: Reading): Expression {
  const { text, source, expression } = reading
  const at = node.span
  switch (node.kind) {
    case 'parenthesized_expression':
    case 'await':
    case 'type': {
      const [inner] = named(node)
      return inner ? expression(inner) : none(node)
    }
    case 'string':
      return stringOf(node, source, expression)
    case 'concatenated_string':
      return { kind: 'text', parts: named(node).map(expression), at }
    case 'integer':
    case 'float':
      return { kind: 'plain', value: Number(text(node).replaceAll('_', '')), at }
    case 'true':
      return { kind: 'plain', value: true, at }
    case 'false':
      return { kind: 'plain', value: false, at }
    case 'none':
    case 'ellipsis':
      return { kind: 'plain', value: null, at }
    case 'identifier':
      return { kind: 'name', name: text(node), at }
    case 'list':
    case 'tuple':
    case 'set':
    case 'expression_list':
      return { kind: 'list', items: items(named(node), reading), at }
    case 'dictionary':
      return {
        kind: 'record',
        entries: named(node).map(each => {
          const [key, value] = [field(each, 'key'), field(each, 'value') ?? named(each)[0]]
          return {
            key: each.kind === 'pair' && key ? expression(key) : null,
            value: value ? expression(value) : none(each),
          }
        }),
        at,
      }
    case 'list_comprehension':
    case 'generator_expression':
    case 'set_comprehension':
    case 'dictionary_comprehension':
      return comprehension(node, reading)
    case 'attribute':
      return memberOf(node, field(node, 'object'), field(node, 'attribute'), reading)
    case 'subscript': {
      const [of, by] = [field(node, 'value'), field(node, 'subscript')]
      if (!of || !by || by.kind === 'slice') return unread('only a part of it is taken', node, reading, of ? [of] : [])
      return { kind: 'index', of: expression(of), by: expression(by), at }
    }
    case 'call': {
      const callee = field(node, 'function')
      if (!callee) return none(node)
      const name = callee.kind === 'attribute' ? field(callee, 'attribute') : callee
      return {
        kind: 'call',
        callee: expression(callee),
        args: argumentsOf(field(node, 'arguments'), reading),
        nameAt: (name ?? node).span,
        at,
      }
    }
    case 'binary_operator':
      return binary(node, reading)
    case 'boolean_operator': {
      const [left, right] = [field(node, 'left'), field(node, 'right')]
      if (!left || !right) return none(node)
      const operator = text(field(node, 'operator')) === 'and' ? 'and' : 'or'
      return { kind: 'short', operator, left: expression(left), right: expression(right), at }
    }
    case 'not_operator': {
      const of = field(node, 'argument')
      return { kind: 'operation', operator: 'not', of: of ? [expression(of)] : [], at }
    }
    case 'unary_operator': {
      const of = field(node, 'argument')
      if (of && has(node, '-')) return { kind: 'operation', operator: '-', of: [expression(of)], at }
      if (of && has(node, '~')) return methodOf(expression(of), '__invert__', [], at)
      return of && has(node, '+') ? expression(of) : unread('its value is calculated', node, reading)
    }
    case 'comparison_operator':
      return comparison(node, reading)
    case 'conditional_expression': {
      const [yes, test, no] = named(node)
      if (!yes || !test || !no) return none(node)
      return { kind: 'choice', test: expression(test), yes: expression(yes), no: expression(no), at }
    }
    case 'named_expression':
    case 'assignment': {
      const [left, right] = [field(node, 'left') ?? field(node, 'name'), field(node, 'right') ?? field(node, 'value')]
      // A declaration of a type alone assigns no value.
      if (!left || !right) return none(node)
      return { kind: 'assignment', to: pattern(left, reading), value: expression(right), at }
    }
    case 'augmented_assignment': {
      const [left, right] = [field(node, 'left'), field(node, 'right')]
      const operator = operators.get(text(field(node, 'operator')).slice(0, -1))
      if (!left || !right) return none(node)
      const value: Expression = operator
        ? { kind: 'operation', operator, of: [expression(left), expression(right)], at }
        : { kind: 'unread', why: 'its value is calculated', inside: [expression(left), expression(right)], at }
      return { kind: 'assignment', to: pattern(left, reading), value, at }
    }
    case 'lambda':
      return functionOf(node, reading)
    default:
      return unread('this kind of expression is not read', node, reading)
  }
}

/** `[body for item in list if test]` */
function comprehension(node: Node, reading: Reading): Expression {
  const { expression } = reading
  const body = field(node, 'body')
  if (!body) return none(node)
  const isRecord = node.kind === 'dictionary_comprehension'
  const [key, value] = [field(body, 'key'), field(body, 'value')]
  const clauses = named(node).filter(({ kind }) => kind === 'for_in_clause' || kind === 'if_clause')
  const loops = clauses.filter(({ kind }) => kind === 'for_in_clause')
  const [clause] = loops
  const [of, item] = [clause && field(clause, 'right'), clause && field(clause, 'left')]
  if (loops.length !== 1 || !of || !item) return unread('a loop in a loop is not read', node, reading, [])
  let inner: Expression =
    isRecord && key && value
      ? { kind: 'list', items: [{ value: expression(key) }, { value: expression(value) }], at: body.span }
      : expression(body)
  for (const test of clauses.filter(({ kind }) => kind === 'if_clause').reverse()) {
    const [condition] = named(test)
    if (condition)
      inner = {
        kind: 'choice',
        test: expression(condition),
        yes: inner,
        no: { kind: 'leave', how: 'continue', at: test.span },
        at: node.span,
      }
  }
  return {
    kind: 'each',
    of: expression(of),
    item: pattern(item, reading),
    body: inner,
    collects: isRecord ? 'record' : 'list',
    at: node.span,
  }
}
