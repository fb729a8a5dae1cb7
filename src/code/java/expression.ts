import { field, has, type Node, named } from '../node.ts'
import { fromTheLeft, operationOfC, operatorsOfC } from '../operators.ts'
import { memberOf, none, unread } from '../reading.ts'
import type { Argument, Expression, Pattern } from '../syntax.ts'
import { textAt } from '../text.ts'
import { functionOf } from './definition.ts'
import { classLiteral } from './files.ts'
import { stringOf } from './literal.ts'
import type { Reading } from './reading.ts'

function pattern(node: Node, reading: Reading): Pattern {
  const { text, expression } = reading
  if (node.kind === 'identifier') return { kind: 'name', name: text(node) }
  const place = expression(node)
  return place.kind === 'member' || place.kind === 'index' ? { kind: 'place', place } : { kind: 'nothing' }
}

function argumentsOf(node: Node | undefined, reading: Reading): Argument[] {
  const { expression } = reading
  return node ? named(node).map(each => ({ value: expression(each) })) : []
}

export function expressionOf(node: Node, reading: Reading): Expression {
  const { text, source, expression } = reading
  const at = node.span
  switch (node.kind) {
    case 'parenthesized_expression': {
      const [inner] = named(node)
      return inner ? expression(inner) : none(node)
    }
    case 'string_literal':
      return stringOf(node, source)
    case 'character_literal':
      return { kind: 'text', parts: [textAt(text(node).slice(1, -1), at)], at }
    case 'decimal_integer_literal':
    case 'hex_integer_literal':
    case 'decimal_floating_point_literal':
      return { kind: 'plain', value: Number(text(node).replace(/[_lLdDfF]/g, '')), at }
    case 'true':
      return { kind: 'plain', value: true, at }
    case 'false':
      return { kind: 'plain', value: false, at }
    case 'null_literal':
      return none(node)
    case 'identifier':
    case 'type_identifier':
      return { kind: 'name', name: text(node), at }
    case 'this':
      return { kind: 'self', at }
    case 'field_access':
      return memberOf(node, field(node, 'object'), field(node, 'field'), reading)
    case 'array_access': {
      const [of, by] = [field(node, 'array'), field(node, 'index')]
      return of && by ? { kind: 'index', of: expression(of), by: expression(by), at } : none(node)
    }
    case 'method_invocation': {
      const [of, name] = [field(node, 'object'), field(node, 'name')]
      if (!name) return none(node)
      const callee: Expression =
        of && of.kind !== 'super'
          ? {
              kind: 'member',
              of: expression(of),
              name: text(name),
              nameAt: name.span,
              at: [of.span[0], name.span[1]],
            }
          : { kind: 'name', name: text(name), at: name.span }
      return { kind: 'call', callee, args: argumentsOf(field(node, 'arguments'), reading), nameAt: name.span, at }
    }
    case 'object_creation_expression': {
      const type = field(node, 'type')
      const name = type?.kind === 'generic_type' ? named(type)[0] : type
      if (!name) return none(node)
      const callee: Expression = { kind: 'name', name: text(name), at: name.span }
      return {
        kind: 'call',
        callee,
        args: argumentsOf(field(node, 'arguments'), reading),
        nameAt: name.span,
        isNew: true,
        at,
      }
    }
    case 'array_creation_expression': {
      const value = field(node, 'value')
      return value ? expression(value) : unread('its contents are unknown', node, reading, [])
    }
    case 'array_initializer':
      return { kind: 'list', items: named(node).map(each => ({ value: expression(each) })), at }
    case 'assignment_expression':
      return assignment(node, reading)
    case 'update_expression': {
      const [of] = named(node)
      if (!of) return none(node)
      const one: Expression = { kind: 'plain', value: 1, at }
      const value: Expression = {
        kind: 'operation',
        operator: has(node, '++') ? '+' : '-',
        of: [expression(of), one],
        at,
      }
      return { kind: 'assignment', to: pattern(of, reading), value, at }
    }
    case 'unary_expression': {
      const of = field(node, 'operand')
      if (!of) return none(node)
      if (has(node, '!')) return { kind: 'operation', operator: 'not', of: [expression(of)], at }
      return has(node, '-')
        ? { kind: 'operation', operator: '-', of: [expression(of)], at }
        : unread('its value is calculated', node, reading)
    }
    case 'binary_expression':
      return binary(node, reading)
    case 'ternary_expression': {
      const [test, yes, no] = ['condition', 'consequence', 'alternative'].map(name => field(node, name))
      return test && yes && no
        ? { kind: 'choice', test: expression(test), yes: expression(yes), no: expression(no), at }
        : none(node)
    }
    case 'cast_expression': {
      const value = field(node, 'value')
      return value ? expression(value) : none(node)
    }
    case 'lambda_expression':
      return functionOf(node, reading)
    case 'instanceof_expression':
      return unread('it depends on a type', node, reading, [])
    case 'class_literal':
      return { kind: 'name', name: classLiteral, at: node.span }
    default:
      return unread('this kind of expression is not read', node, reading)
  }
}

function assignment(node: Node, reading: Reading): Expression {
  const { text, expression } = reading
  const [left, right] = [field(node, 'left'), field(node, 'right')]
  if (!left || !right) return none(node)
  const at = node.span
  const sign = text(field(node, 'operator'))
  if (sign === '=') return { kind: 'assignment', to: pattern(left, reading), value: expression(right), at }
  const operator = operatorsOfC.get(sign.slice(0, -1))
  const of = [expression(left), expression(right)]
  const value: Expression = operator
    ? { kind: 'operation', operator, of, at }
    : { kind: 'unread', why: 'its value is calculated', inside: of, at }
  return { kind: 'assignment', to: pattern(left, reading), value, at }
}

function binary(node: Node, reading: Reading): Expression {
  const { text, expression } = reading
  return fromTheLeft(node, {
    expression,
    sign: each => text(field(each, 'operator')),
    combined: operationOfC,
  })
}
