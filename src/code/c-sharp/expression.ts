import { field, type Node, named } from '../node.ts'
import { fromTheLeft, operatorsOfC } from '../operators.ts'
import { none, unread } from '../reading.ts'
import type { Argument, Expression, Pattern, RecordExpression } from '../syntax.ts'
import { interpolated, plainString, rawString, verbatimString } from './literal.ts'
import type { Reading } from './reading.ts'

/** Expressions of C#. */
export function expressionOf(node: Node, reading: Reading): Expression {
  const { text, expression } = reading
  const at = node.span
  switch (node.kind) {
    case 'parenthesized_expression':
    case 'await_expression':
    case 'checked_expression':
    case 'ref_expression': {
      const [inner] = named(node)
      return inner ? expression(inner) : none(node)
    }
    case 'string_literal':
    case 'character_literal':
      return plainString(node, reading)
    case 'verbatim_string_literal':
      return verbatimString(node, reading)
    case 'raw_string_literal':
      return rawString(node, reading)
    case 'interpolated_string_expression':
      return interpolated(node, reading)
    case 'integer_literal':
    case 'real_literal':
      return { kind: 'plain', value: numberOf(text(node)), at }
    case 'boolean_literal':
      return { kind: 'plain', value: text(node) === 'true', at }
    case 'null_literal':
    case 'default_expression':
      return none(node)
    case 'this':
    case 'this_expression':
      return { kind: 'self', at }
    case 'base':
    case 'base_expression':
      return { kind: 'name', name: 'base', at }
    case 'identifier':
      return { kind: 'name', name: text(node), at }
    case 'predefined_type':
      return { kind: 'name', name: text(node), at }
    case 'generic_name':
      return { kind: 'name', name: text(named(node)[0]), at }
    case 'qualified_name':
    case 'member_access_expression':
      return member(node, reading)
    case 'conditional_access_expression': {
      const of = field(node, 'condition')
      const [, binding] = named(node)
      const name = binding && named(binding)[0]
      if (!of || binding?.kind !== 'member_binding_expression' || !name)
        return unread('this kind of expression is not read', node, reading)
      return {
        kind: 'member',
        of: expression(of),
        name: nameOf(name, reading),
        nameAt: name.span,
        isOptional: true,
        at,
      }
    }
    case 'element_access_expression': {
      const [of, by] = [field(node, 'expression'), field(node, 'subscript')]
      const [given] = by ? named(by).flatMap(named) : []
      return of && given
        ? { kind: 'index', of: expression(of), by: expression(given), at }
        : unread('only a part of it is taken', node, reading)
    }
    case 'invocation_expression':
      return call(node, reading)
    case 'object_creation_expression':
    case 'implicit_object_creation_expression':
      return creation(node, reading)
    case 'anonymous_object_creation_expression':
      return { kind: 'record', entries: entriesOf(node, reading), at }
    case 'array_creation_expression':
    case 'implicit_array_creation_expression': {
      const list = named(node).find(({ kind }) => kind === 'initializer_expression')
      return list ? expression(list) : sizedArray(node, reading)
    }
    case 'initializer_expression':
      return { kind: 'list', items: named(node).map(each => ({ value: expression(each) })), at }
    case 'collection_expression':
    case 'element_binding_expression':
      return { kind: 'list', items: named(node).map(each => item(each, reading)), at }
    case 'lambda_expression':
    case 'anonymous_method_expression':
      return reading.functionOf(node)
    case 'assignment_expression': {
      const [left, right] = [field(node, 'left'), field(node, 'right')]
      if (!left || !right) return none(node)
      const sign = text(field(node, 'operator')).slice(0, -1)
      const value = sign === '' ? expression(right) : combined(sign, expression(left), expression(right), node)
      return { kind: 'assignment', to: patternOf(left, reading), value, at }
    }
    case 'binary_expression':
      return binary(node, reading)
    case 'prefix_unary_expression':
    case 'postfix_unary_expression':
      return unary(node, reading)
    case 'conditional_expression': {
      const [test, yes, no] = [field(node, 'condition'), field(node, 'consequence'), field(node, 'alternative')]
      if (!test || !yes || !no) return none(node)
      return { kind: 'choice', test: expression(test), yes: expression(yes), no: expression(no), at }
    }
    case 'cast_expression': {
      const value = field(node, 'value')
      return value ? expression(value) : none(node)
    }
    case 'as_expression': {
      const value = field(node, 'left')
      return value ? expression(value) : none(node)
    }
    case 'typeof_expression': {
      const type = text(field(node, 'type') ?? named(node)[0])
      return { kind: 'text', parts: [{ kind: 'text', pieces: [{ text: type, at, isVerbatim: false }] }], at }
    }
    case 'throw_expression': {
      const [value] = named(node)
      return { kind: 'leave', how: 'throw', ...(value && { value: expression(value) }), at }
    }
    default:
      return unread('this kind of expression is not read', node, reading)
  }
}

/** Without the letters that say its type: `1.5m`, `5UL`. In a hexadecimal number `d` and `f` are digits. */
function numberOf(written: string): number {
  const digits = written.replaceAll('_', '').toLowerCase()
  return Number(/^0[xb]/.test(digits) ? digits.replace(/[ul]{1,2}$/, '') : digits.replace(/[ulmdf]{1,2}$/, ''))
}

/** `new object[0]` has no items; the items of other arrays are unknown. */
function sizedArray(node: Node, reading: Reading): Expression {
  const type = field(node, 'type')
  const rank = type && field(type, 'rank')
  const [size] = rank ? named(rank) : []
  if (size && reading.text(size) === '0') return { kind: 'list', items: [], at: node.span }
  return { kind: 'unread', why: 'the contents of the array are unknown', inside: [], at: node.span }
}

function item(node: Node, reading: Reading): Argument {
  const [inner] = node.kind === 'argument' || node.kind === 'expression_element' ? named(node) : [node]
  if (inner?.kind === 'range_expression' || inner?.kind === 'spread_element') {
    const [value] = named(inner)
    return { value: value ? reading.expression(value) : none(node), spread: 'list' }
  }
  return { value: inner ? reading.expression(inner) : none(node) }
}

function nameOf(node: Node, { text }: Reading): string {
  return text(node.kind === 'generic_name' ? named(node)[0] : node)
}

function member(node: Node, reading: Reading): Expression {
  const of = field(node, 'expression') ?? field(node, 'qualifier')
  const name = field(node, 'name')
  if (!of || !name) return none(node)
  return { kind: 'member', of: reading.expression(of), name: nameOf(name, reading), nameAt: name.span, at: node.span }
}

/** `{ A = 1, x.B }`: an entry without a name gets the name of its last part. */
function entriesOf(node: Node, reading: Reading): RecordExpression['entries'][number][] {
  const entries: RecordExpression['entries'][number][] = []
  const children = node.children.filter(({ kind }) => !kind.endsWith('comment'))
  for (let i = 0; i < children.length; i++) {
    const child = children[i]
    if (!child?.isNamed) continue
    const value = children[i + 1]?.kind === '=' ? children[i + 2] : undefined
    if (value) i += 2
    const name = value ? reading.text(child) : (reading.text(child).split('.').at(-1) ?? '')
    const key: Expression = {
      kind: 'text',
      parts: [{ kind: 'text', pieces: [{ text: name, at: child.span, isVerbatim: value !== undefined }] }],
      at: child.span,
    }
    entries.push({ key, value: reading.expression(value ?? child) })
  }
  return entries
}

function argumentsOf(node: Node | undefined, reading: Reading): Argument[] {
  return named(node ?? ({ children: [] } as unknown as Node)).map((each): Argument => {
    const name = field(each, 'name')
    const value = named(each).find(child => child !== name)
    return {
      value: value ? reading.expression(value) : none(each),
      ...(name && { name: reading.text(name) }),
    }
  })
}

function call(node: Node, reading: Reading): Expression {
  const callee = field(node, 'function')
  if (!callee) return none(node)
  const name = callee.kind === 'member_access_expression' ? field(callee, 'name') : callee
  const generic = name?.kind === 'generic_name' ? named(name)[1] : undefined
  const types = generic ? named(generic).map(reading.text) : undefined
  const args = argumentsOf(field(node, 'arguments'), reading)
  // `nameof(a.B)` is `B`.
  if (callee.kind === 'identifier' && reading.text(callee) === 'nameof') {
    const [given] = named(field(node, 'arguments') ?? node)
    const said = reading.text(given).split('.').at(-1) ?? ''
    return {
      kind: 'text',
      parts: [{ kind: 'text', pieces: [{ text: said, at: node.span, isVerbatim: false }] }],
      at: node.span,
    }
  }
  return {
    kind: 'call',
    callee: reading.expression(callee),
    args,
    nameAt: (name ?? callee).span,
    ...(types && { types }),
    at: node.span,
  }
}

/** `new A(…) { B = 1 }`. Braces with items make a list, also those after a `List`. */
function creation(node: Node, reading: Reading): Expression {
  const type = field(node, 'type')
  const list = named(node).find(({ kind }) => kind === 'initializer_expression')
  const isNamed = list ? named(list).some(({ kind }) => kind === 'assignment_expression') : false
  if (list && !isNamed) return reading.expression(list)
  const args = field(node, 'arguments') ?? named(node).find(({ kind }) => kind === 'argument_list')
  const made: Expression = {
    kind: 'call',
    callee: type ? reading.expression(type) : { kind: 'name', name: 'new', at: node.span },
    args: argumentsOf(args, reading),
    nameAt: (type ?? node).span,
    isNew: true,
    at: node.span,
  }
  if (!list) return made
  return { kind: 'unread', why: 'the values that it sets are not read', inside: [made], at: node.span }
}

const shorts: ReadonlyMap<string, 'and' | 'or' | 'otherwise'> = new Map([
  ['&&', 'and'],
  ['||', 'or'],
  ['??', 'otherwise'],
])

function combined(sign: string, left: Expression, right: Expression, node: Node): Expression {
  const at = node.span
  const short = shorts.get(sign)
  if (short) return { kind: 'short', operator: short, left, right, at }
  const operator = operatorsOfC.get(sign)
  if (!operator) return { kind: 'unread', why: 'its value is calculated', inside: [left, right], at }
  return { kind: 'operation', operator, of: [left, right], at }
}

function binary(node: Node, { expression, text }: Reading): Expression {
  return fromTheLeft(node, { expression, sign: each => text(field(each, 'operator')), combined })
}

function unary(node: Node, reading: Reading): Expression {
  const [inner] = named(node)
  const at = node.span
  if (!inner) return none(node)
  const sign = node.children.find(({ isNamed }) => !isNamed)?.kind ?? ''
  const of = reading.expression(inner)
  if (sign === '!' && node.kind === 'prefix_unary_expression')
    return { kind: 'operation', operator: 'not', of: [of], at }
  if (sign === '-') return { kind: 'operation', operator: '-', of: [of], at }
  if (sign === '++' || sign === '--') {
    const one: Expression = { kind: 'plain', value: 1, at }
    return { kind: 'assignment', to: patternOf(inner, reading), value: combined(sign.charAt(0), of, one, node), at }
  }
  return sign === '!' || sign === '+' ? of : { kind: 'unread', why: 'its value is calculated', inside: [of], at }
}

export function patternOf(node: Node, reading: Reading): Pattern {
  if (node.kind === 'identifier') return { kind: 'name', name: reading.text(node) }
  if (/tuple/.test(node.kind)) {
    const items = named(node).map(each => patternOf(named(each).at(-1) ?? each, reading))
    return { kind: 'list', items }
  }
  const place = reading.expression(node)
  return place.kind === 'member' || place.kind === 'index' ? { kind: 'place', place } : { kind: 'nothing' }
}
