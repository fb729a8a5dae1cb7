import { field, type Node, named } from '../node.ts'
import { comparisons, fromTheLeft, methodOf } from '../operators.ts'
import type { Argument, Expression, Operator, Pattern } from '../syntax.ts'
import { argumentsOf, called, entriesOf } from './call.ts'
import { documentOf, stringOf, symbolOf, wordOf } from './literal.ts'
import { blockOf, callOf, none, type Reading, unread } from './reading.ts'

export function expressionOf(node: Node, reading: Reading): Expression {
  const { text, expression, variables } = reading
  const at = node.span
  switch (node.kind) {
    case 'string':
    case 'delimited_symbol':
    case 'bare_string':
    case 'bare_symbol':
      return stringOf(node, reading)
    case 'chained_string':
      return { kind: 'text', parts: named(node).map(expression), at }
    case 'simple_symbol':
    case 'hash_key_symbol':
      return symbolOf(node, reading)
    case 'character':
      return { kind: 'unread', why: 'it is a character', inside: [], at }
    case 'heredoc_beginning':
      return documentOf(node, reading) ?? unread(reading, 'its text is not there', node)
    case 'string_array':
    case 'symbol_array': {
      const mark = text(node.children[0])
      return { kind: 'list', items: named(node).map(each => ({ value: wordOf(each, mark, reading) })), at }
    }
    case 'integer':
    case 'float':
      return numberOf(node, reading)
    case 'true':
    case 'false':
      return { kind: 'plain', value: node.kind === 'true', at }
    case 'nil':
      return none(at)
    case 'self':
      return { kind: 'self', at }
    case 'identifier': {
      const name = text(node)
      if ((name === 'raise' || name === 'fail') && !variables.has(name)) return { kind: 'leave', how: 'throw', at }
      return { kind: 'name', name, ...(!variables.has(name) && { isCall: true }), at }
    }
    case 'constant':
    case 'global_variable':
      return { kind: 'name', name: text(node), at }
    case 'instance_variable':
    case 'class_variable':
      return { kind: 'member', of: { kind: 'self', at }, name: text(node), nameAt: at, at }
    case 'scope_resolution': {
      const [scope, name] = [field(node, 'scope'), field(node, 'name')]
      if (!name) return none(at)
      if (!scope) return { kind: 'name', name: text(name), at }
      return { kind: 'member', of: expression(scope), name: text(name), nameAt: name.span, at }
    }
    case 'array':
      return { kind: 'list', items: argumentsOf(named(node), reading).args.map(asItem), at }
    case 'hash':
      return { kind: 'record', entries: entriesOf(named(node), reading), at }
    case 'call':
    case 'yield':
    case 'super':
      return called(node, reading)
    case 'element_reference': {
      const of = field(node, 'object')
      const [by, ...others] = named(node).filter(each => each !== of)
      if (!of || !by || others.length > 0) return unread(reading, 'only a part of it is taken', node)
      return { kind: 'index', of: expression(of), by: expression(by), at }
    }
    case 'lambda':
      return reading.functionOf(node, { isBlock: true, isLambda: true })
    case 'binary':
      return fromTheLeft(node, {
        expression,
        sign: each => text(field(each, 'operator')),
        combined: operated,
      })
    case 'unary':
      return unary(node, reading)
    case 'range': {
      const [begin, end] = [field(node, 'begin'), field(node, 'end')]
      const name = text(field(node, 'operator')) === '...' ? '&range...' : '&range'
      return begin && end
        ? callOf(name, [expression(begin), expression(end)], at)
        : unread(reading, 'it is a range without an end', node)
    }
    case 'regex':
      return unread(reading, 'it is a pattern', node)
    case 'expression_statement':
    case 'pattern':
    case 'argument_list':
      return blockOf(named(node).map(expression), at)
    default:
      return unread(reading, 'this kind of expression is not read', node)
  }
}

/** Named items of a list become a record at its end. */
function asItem(argument: Argument): Argument {
  if (argument.name === undefined && argument.spread !== 'record') return argument
  const { value } = argument
  const key: Expression | null =
    argument.name === undefined ? null : { kind: 'text', parts: [textPart(argument.name, value.at)], at: value.at }
  return { value: { kind: 'record', entries: [{ key, value }], at: value.at } }
}

function textPart(text: string, at: Node['span']) {
  return { kind: 'text', pieces: [{ text, at, isVerbatim: false }] } as const
}

function numberOf(node: Node, reading: Reading): Expression {
  const digits = reading.text(node).replaceAll('_', '').toLowerCase()
  const value = /^0[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number(digits.replace(/^0d/, ''))
  if (Number.isNaN(value) || (node.kind === 'integer' && !Number.isSafeInteger(value)))
    return unread(reading, 'the number is too large', node)
  return { kind: 'plain', value, at: node.span }
}

function unary(node: Node, reading: Reading): Expression {
  const operand = field(node, 'operand')
  const sign = reading.text(field(node, 'operator'))
  if (!operand || sign === 'defined?') return unread(reading, 'it asks what is defined', node, [])
  const of = [reading.expression(operand)]
  if (sign === '!' || sign === 'not') return { kind: 'operation', operator: 'not', of, at: node.span }
  if (sign === '-') return { kind: 'operation', operator: '-', of, at: node.span }
  return sign === '+' ? (of[0] ?? none(node.span)) : unread(reading, 'its value is calculated', node)
}

const operators: ReadonlyMap<string, Operator> = new Map([
  ['+', '+'],
  ['-', '-'],
  ['*', '*'],
  ['**', '**'],
  ...comparisons,
])

function operated(sign: string, left: Expression, right: Expression, { span: at }: Node): Expression {
  if (sign === '&&' || sign === 'and') return { kind: 'short', operator: 'and', left, right, at }
  if (sign === '||' || sign === 'or') return { kind: 'short', operator: 'or', left, right, at }
  // `a << b` changes a text in place, so its name gets the longer text.
  if (sign === '<<') {
    const value = methodOf(left, '<<', [right], at)
    return left.kind === 'name' && !left.isCall
      ? { kind: 'assignment', to: { kind: 'name', name: left.name }, value, at }
      : value
  }
  if (sign === '%' || sign === '/' || sign === '-') return methodOf(left, sign, [right], at)
  const operator = operators.get(sign)
  if (!operator) return { kind: 'unread', why: 'its value is calculated', inside: [left, right], at }
  return { kind: 'operation', operator, of: [left, right], at }
}

/** `a = b`, `a, b = c`, `a += b`, `a ||= b`. */
export function assignmentOf(node: Node, reading: Reading): Expression {
  const [left, right] = [field(node, 'left'), field(node, 'right')]
  const at = node.span
  if (!left || !right) return none(at)
  const isNew = left.kind === 'constant' || (left.kind === 'identifier' && !reading.variables.has(reading.text(left)))
  if (node.kind === 'operator_assignment') return changed(node, left, right, isNew, reading)
  const value: Expression =
    right.kind === 'right_assignment_list'
      ? { kind: 'list', items: argumentsOf(named(right), reading).args, at: right.span }
      : reading.expression(right)
  const to = reading.pattern(left)
  return { kind: 'assignment', to, value, ...(isNew && { isDeclaration: true }), at }
}

function changed(node: Node, left: Node, right: Node, isNew: boolean, reading: Reading): Expression {
  const at = node.span
  const sign = reading.text(field(node, 'operator')).slice(0, -1)
  const to: Pattern = reading.pattern(left)
  // A new variable is `nil`.
  const before: Expression = isNew ? none(left.span) : reading.expression(left)
  return {
    kind: 'assignment',
    to,
    value: operated(sign, before, reading.expression(right), node),
    ...(isNew && { isDeclaration: true }),
    at,
  }
}
