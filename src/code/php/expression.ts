import { field, type Node, named } from '../node.ts'
import { none, unread } from '../reading.ts'
import type { Argument, Expression, RecordExpression } from '../syntax.ts'
import { conditional, match } from './choice.ts'
import { subjectOf } from './function.ts'
import { heredoc, plainString, stringWithValues } from './literal.ts'
import { calculation } from './operator.ts'
import { assignment, patternOf } from './pattern.ts'
import type { Reading } from './reading.ts'

/** Expressions of PHP. Variables keep their `$`, because functions, classes and constants may have the same names. */
export function expressionOf(node: Node, reading: Reading): Expression {
  const { text, expression } = reading
  const at = node.span
  switch (node.kind) {
    case 'parenthesized_expression':
    case 'error_suppression_expression':
    case 'clone_expression': {
      const [inner] = named(node)
      return inner ? expression(inner) : none(node)
    }
    case 'string':
      return plainString(node, reading)
    case 'encapsed_string':
      return stringWithValues(node, reading)
    case 'heredoc':
    case 'nowdoc':
      return heredoc(node, reading)
    case 'integer':
    case 'float':
      return { kind: 'plain', value: numberOf(text(node)), at }
    case 'boolean':
      return { kind: 'plain', value: /^true$/i.test(text(node)), at }
    case 'null':
      return none(node)
    case 'variable_name':
      return text(node) === '$this' ? { kind: 'self', at } : { kind: 'name', name: text(node), at }
    case 'relative_scope':
      return text(node) === 'parent' ? { kind: 'name', name: 'parent', at } : { kind: 'self', at }
    case 'name':
      return { kind: 'name', name: text(node), at }
    case 'qualified_name':
    case 'relative_name':
      return imported(reading.className(text(node)), node)
    case 'array_creation_expression':
      return array(node, reading)
    case 'member_access_expression':
    case 'nullsafe_member_access_expression':
    case 'scoped_property_access_expression':
    case 'class_constant_access_expression':
      return member(node, reading)
    case 'subscript_expression': {
      const [of, by] = named(node)
      if (!of) return none(node)
      return by
        ? { kind: 'index', of: expression(of), by: expression(by), at }
        : unread('only a part of it is taken', node, reading)
    }
    case 'function_call_expression':
    case 'member_call_expression':
    case 'nullsafe_member_call_expression':
    case 'scoped_call_expression':
      return call(node, reading)
    case 'object_creation_expression':
      return instance(node, reading)
    case 'anonymous_function':
    case 'arrow_function':
      return reading.functionOf(node)
    case 'assignment_expression':
    case 'reference_assignment_expression':
      return assignment(node, reading)
    case 'augmented_assignment_expression':
    case 'update_expression':
    case 'binary_expression':
    case 'unary_op_expression':
      return calculation(node, reading, to => patternOf(to, reading))
    case 'conditional_expression':
      return conditional(node, reading)
    case 'cast_expression': {
      const value = field(node, 'value')
      const type = text(field(node, 'type'))
      if (!value) return none(node)
      const inner = expression(value)
      if (/^bool/i.test(type)) return negated(negated(inner))
      return /^(?:string|array|object|int|integer|float|double)$/i.test(type.trim())
        ? inner
        : unread('it is made another type', node, reading)
    }
    case 'match_expression':
      return match(node, reading)
    case 'throw_expression': {
      const [value] = named(node)
      return { kind: 'leave', how: 'throw', ...(value && { value: expression(value) }), at }
    }
    case 'include_expression':
    case 'include_once_expression':
    case 'require_expression':
    case 'require_once_expression':
      return {
        kind: 'call',
        callee: { kind: 'name', name: 'require', at },
        args: named(node).map(each => ({ value: expression(each) })),
        nameAt: at,
        at,
      }
    case 'print_intrinsic':
      return { kind: 'block', body: named(node).map(expression), at }
    case 'sequence_expression':
      return { kind: 'block', body: named(node).map(expression), at }
    default:
      return unread('this kind of expression is not read', node, reading)
  }
}

/** A class by its full name needs no `use`. */
function imported(name: string, { span }: Node): Expression {
  return { kind: 'import', module: name, name, at: span }
}

function numberOf(written: string): number {
  const digits = written.replaceAll('_', '').toLowerCase()
  return /^0[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number(digits)
}

function negated(of: Expression): Expression {
  return { kind: 'operation', operator: 'not', of: [of], at: of.at }
}

/** `['a', ...$b]` is a list; with keys it is a record, in which items without a key get numbers. */
function array(node: Node, { expression }: Reading): Expression {
  const elements = named(node).filter(({ kind }) => kind === 'array_element_initializer')
  const isRecord = elements.some(({ children }) => children.some(({ kind }) => kind === '=>'))
  const spreadOf = (element: Node): Node | undefined => {
    const [first] = named(element)
    return first?.kind === 'variadic_unpacking' ? named(first)[0] : undefined
  }
  if (!isRecord)
    return {
      kind: 'list',
      items: elements.flatMap((element): Argument[] => {
        const [spread, [value]] = [spreadOf(element), named(element)]
        if (spread) return [{ value: expression(spread), spread: 'list' }]
        return value ? [{ value: expression(value) }] : []
      }),
      at: node.span,
    }
  let count = 0
  return {
    kind: 'record',
    entries: elements.flatMap((element): RecordExpression['entries'][number][] => {
      const [spread, [first, second]] = [spreadOf(element), named(element)]
      if (spread) return [{ key: null, value: expression(spread) }]
      if (!first) return []
      if (second) return [{ key: expression(first), value: expression(second) }]
      return [{ key: { kind: 'plain', value: count++, at: first.span }, value: expression(first) }]
    }),
    at: node.span,
  }
}

/** `a->b`, `A::b`, `A::$b`, and `A::class`, which is the name of the class. */
function member(node: Node, reading: Reading): Expression {
  const at = node.span
  const [first, ...others] = named(node)
  const name = field(node, 'name') ?? others.at(-1)
  if (!first || !name) return none(node)
  if (node.kind === 'class_constant_access_expression' && reading.text(name) === 'class' && isName(first)) {
    const full = reading.className(reading.text(first))
    return { kind: 'text', parts: [{ kind: 'text', pieces: [{ text: full, at, isVerbatim: false }] }], at }
  }
  const isProperty = node.kind === 'scoped_property_access_expression'
  if (name.kind !== 'name' && !isProperty)
    return { kind: 'index', of: reading.expression(first), by: reading.expression(name), at }
  return {
    kind: 'member',
    of: reading.expression(first),
    name: reading.text(name).replace(/^\$/, ''),
    nameAt: name.span,
    ...(node.kind.startsWith('nullsafe') && { isOptional: true }),
    at,
  }
}

function isName({ kind }: Node): boolean {
  return kind === 'name' || kind === 'qualified_name'
}

function call(node: Node, reading: Reading): Expression {
  const at = node.span
  const args = argumentsOf(field(node, 'arguments'), reading)
  const [called, name] = [field(node, 'function'), field(node, 'name')]
  // `strlen(...)` is the function itself.
  if (args === null) return { kind: 'unread', why: 'a function is made of a name', inside: [], at }
  if (called) {
    const isPlain = isName(called)
    const own = reading.text(called).replace(/^\\/, '')
    const about = isPlain ? subjectOf(own, args) : null
    if (about) {
      const of = about.subject.value
      const callee: Expression = { kind: 'member', of, name: own.toLowerCase(), nameAt: called.span, at: called.span }
      return { kind: 'call', callee, args: about.others, nameAt: called.span, at }
    }
    const callee: Expression = isPlain ? { kind: 'name', name: own, at: called.span } : reading.expression(called)
    return { kind: 'call', callee, args, nameAt: called.span, at }
  }
  const of = field(node, 'object') ?? field(node, 'scope')
  if (!of || !name) return none(node)
  if (name.kind !== 'name')
    return {
      kind: 'call',
      callee: { kind: 'index', of: reading.expression(of), by: reading.expression(name), at },
      args,
      nameAt: name.span,
      at,
    }
  return {
    kind: 'call',
    callee: {
      kind: 'member',
      of: reading.expression(of),
      name: reading.text(name),
      nameAt: name.span,
      ...(node.kind.startsWith('nullsafe') && { isOptional: true }),
      at: [of.span[0], name.span[1]],
    },
    args,
    nameAt: name.span,
    at,
  }
}

/** Null: three dots stand in the place of the arguments. */
function argumentsOf(node: Node | undefined, reading: Reading): Argument[] | null {
  if (!node) return []
  const given = named(node)
  if (given.some(({ kind }) => kind === 'variadic_placeholder')) return null
  return given.map((each): Argument => {
    const name = field(each, 'name')
    const value = named(each).find(child => child !== name)
    if (!value) return { value: none(each) }
    if (value.kind === 'variadic_unpacking') {
      const [inner] = named(value)
      return { value: inner ? reading.expression(inner) : none(value), spread: 'list' }
    }
    return { value: reading.expression(value), ...(name && { name: reading.text(name) }) }
  })
}

function instance(node: Node, reading: Reading): Expression {
  const [of, given] = named(node)
  if (!of) return none(node)
  const isAnonymous = of.kind === 'anonymous_class'
  const own = isAnonymous ? named(of).find(({ kind }) => kind === 'arguments') : given
  return {
    kind: 'call',
    callee: isAnonymous ? reading.classOf(of) : reading.expression(of),
    args: argumentsOf(own, reading) ?? [],
    nameAt: of.span,
    isNew: true,
    at: node.span,
  }
}
