import type { Span } from '../../parse/span.ts'
import { field, has, type Node, named } from '../node.ts'
import { operatorsOfC } from '../operators.ts'
import { leaving, none, unread } from '../reading.ts'
import type { Expression } from '../syntax.ts'
import { functionOf, pattern, together } from './expression.ts'
import { embeddedFiles, embeddedText } from './files.ts'
import type { Reading } from './reading.ts'

export function statementOf(node: Node, reading: Reading): Expression[] {
  const { expression, block } = reading
  switch (node.kind) {
    case 'package_clause':
    case 'type_declaration':
    case 'empty_statement':
    case 'ERROR':
      return []
    case 'import_declaration':
      return named(node)
        .flatMap(each => (each.kind === 'import_spec_list' ? named(each) : [each]))
        .flatMap(each => imported(each, reading))
    case 'const_declaration':
    case 'var_declaration':
      return named(node)
        .flatMap(each =>
          each.kind === 'var_spec_list' ? named(each).map(spec => [spec, spec] as const) : [[each, node] as const],
        )
        .flatMap(([each, from]) => declared(each, embedded(from.span[0], reading), reading))
    case 'short_var_declaration':
    case 'assignment_statement':
      return assigned(node, reading)
    case 'function_declaration':
    case 'method_declaration':
      return [{ kind: 'definition', definition: functionOf(node, reading), at: node.span }]
    case 'expression_statement':
    case 'labeled_statement':
      return named(node)
        .filter(({ kind }) => kind !== 'label_name')
        .flatMap(each => statementOf(each, reading))
    case 'block':
      return [block(node, node)]
    case 'if_statement':
      return conditional(node, reading)
    case 'for_statement':
      return [loop(node, reading)]
    case 'expression_switch_statement':
      return [switched(node, reading)]
    case 'return_statement': {
      const [values] = named(node)
      return [{ kind: 'leave', how: 'return', ...(values && { value: together(values, reading) }), at: node.span }]
    }
    case 'break_statement':
    case 'continue_statement':
      return [leaving(node, reading)]
    case 'inc_statement':
    case 'dec_statement': {
      const [of] = named(node)
      if (!of) return []
      const one: Expression = { kind: 'plain', value: 1, at: node.span }
      const operator = has(node, '++') ? '+' : '-'
      const value: Expression = { kind: 'operation', operator, of: [expression(of), one], at: node.span }
      return [{ kind: 'assignment', to: pattern(of, reading), value, at: node.span }]
    }
    // Deferred calls usually close or roll back; they may also do more, at the end.
    case 'defer_statement':
    case 'go_statement':
      return [unread('it runs at another time', node, reading)]
    default:
      return [expression(node)]
  }
}

/** `import name "path"`: without a name, it is the last part of the path, without a version. */
function imported(node: Node, reading: Reading): Expression[] {
  const { text } = reading
  const path = field(node, 'path')
  if (!path) return []
  const module = text(path).slice(1, -1)
  const alias = field(node, 'name')
  const parts = module.split('/').filter(part => !/^v\d+$/.test(part))
  return [{ kind: 'import', module, name: alias ? text(alias) : (parts.at(-1) ?? module), at: node.span }]
}

function declared(node: Node, embeds: Embedded | null, reading: Reading): Expression[] {
  const names = node.children.filter(each => each.field === 'name')
  const value = field(node, 'value')
  const [name] = names
  if (embeds && name && !value) {
    const isText = /^(?:string|\[\]byte)$/.test(reading.text(field(node, 'type')))
    const { path, at } = embeds
    const parts = [{ kind: 'text' as const, pieces: [{ text: path, at, isVerbatim: false }] }]
    const read: Expression = {
      kind: 'call',
      callee: { kind: 'name', name: isText ? embeddedText : embeddedFiles, at },
      args: [{ value: { kind: 'text', parts, at } }],
      nameAt: at,
      at,
    }
    return [{ kind: 'assignment', to: pattern(name, reading), value: read, isDeclaration: true, at: node.span }]
  }
  return assignment(names, value ? named(value) : [], node, true, reading)
}

/** `//go:embed sql/a.sql` */
interface Embedded {
  readonly path: string
  readonly at: Span
}

/** The comment of this kind on the lines before a declaration. */
function embedded(start: number, { source }: Reading): Embedded | null {
  let end = source.lastIndexOf('\n', start - 1)
  while (end > 0) {
    const from = source.lastIndexOf('\n', end - 1) + 1
    const line = source.slice(from, end).trim()
    if (!line.startsWith('//')) return null
    if (line.startsWith(`${embeddedText} `)) {
      const path = line
        .slice(embeddedText.length)
        .trim()
        .replace(/^(["`])(.*)\1$/, '$2')
      return { path, at: [from, end] }
    }
    end = from - 1
  }
  return null
}

function assigned(node: Node, reading: Reading): Expression[] {
  const { text, expression } = reading
  const [left, right] = [field(node, 'left'), field(node, 'right')]
  if (!left || !right) return []
  const sign = text(field(node, 'operator'))
  const operator = operatorsOfC.get(sign.slice(0, -1))
  const [to, value] = [named(left)[0], named(right)[0]]
  if (node.kind === 'assignment_statement' && sign !== '=' && to && value) {
    const of = [expression(to), expression(value)]
    const sum: Expression = operator
      ? { kind: 'operation', operator, of, at: node.span }
      : { kind: 'unread', why: 'its value is calculated', inside: of, at: node.span }
    return [{ kind: 'assignment', to: pattern(to, reading), value: sum, at: node.span }]
  }
  return assignment(named(left), named(right), node, node.kind === 'short_var_declaration', reading)
}

function assignment(
  left: readonly Node[],
  right: readonly Node[],
  node: Node,
  isNew: boolean,
  reading: Reading,
): Expression[] {
  const { expression } = reading
  const at = node.span
  const isDeclaration = isNew && { isDeclaration: true as const }
  if (left.length === right.length)
    return left.map((to, i) => {
      const value = right[i]
      return {
        kind: 'assignment',
        to: pattern(to, reading),
        value: value ? expression(value) : none(to),
        ...isDeclaration,
        at,
      }
    })
  const [value] = right
  if (!value)
    return left.map(to => ({ kind: 'assignment', to: pattern(to, reading), value: zero(to), ...isDeclaration, at }))
  return [
    {
      kind: 'assignment',
      to: { kind: 'list', items: left.map(each => pattern(each, reading)) },
      value: expression(value),
      ...isDeclaration,
      at,
    },
  ]
}

/** The value of a variable that is declared without one depends on its type. */
function zero(node: Node): Expression {
  return { kind: 'unread', why: 'it has no value yet', inside: [], at: node.span }
}

/** Code that handles an error runs only when the migration fails, and its transaction is rolled back. */
function conditional(node: Node, reading: Reading): Expression[] {
  const { expression, block } = reading
  const [start, test, yes, no] = ['initializer', 'condition', 'consequence', 'alternative'].map(name =>
    field(node, name),
  )
  const before = start ? statementOf(start, reading) : []
  const other = no && (no.kind === 'if_statement' ? conditional(no, reading) : [block(no, no)])
  if (test && isErrorCheck(test, reading)) return [...before, ...(other ?? [])]
  return [
    ...before,
    {
      kind: 'choice',
      test: test ? expression(test) : none(node),
      yes: block(yes, yes ?? node),
      ...(other && { no: { kind: 'block', body: other, at: node.span } }),
      at: node.span,
    },
  ]
}

function isErrorCheck(test: Node, reading: Reading): boolean {
  const { text } = reading
  const [left, right] = [field(test, 'left'), field(test, 'right')]
  return test.kind === 'binary_expression' && has(test, '!=') && right?.kind === 'nil' && /err/i.test(text(left))
}

function loop(node: Node, reading: Reading): Expression {
  const { expression, block } = reading
  const [head] = named(node).filter(each => each.field !== 'body')
  const body = block(field(node, 'body'), node)
  if (head?.kind === 'range_clause') {
    const [left, right] = [field(head, 'left'), field(head, 'right')]
    const [key, item] = (left ? named(left) : []).map(each => pattern(each, reading))
    const of = right ? expression(right) : none(head)
    return { kind: 'each', of, ...(key && { key }), item: item ?? { kind: 'nothing' }, body, at: node.span }
  }
  if (head?.kind !== 'for_clause') return { kind: 'loop', ...(head && { test: expression(head) }), body, at: node.span }
  const [start, test, next] = ['initializer', 'condition', 'update'].map(name => field(head, name))
  const step = next && ({ kind: 'block', body: statementOf(next, reading), at: next.span } as const)
  const whole: Expression = {
    kind: 'loop',
    ...(test && { test: expression(test) }),
    body,
    ...(step && { step }),
    at: node.span,
  }
  return start ? { kind: 'block', body: [...statementOf(start, reading), whole], at: node.span } : whole
}

function switched(node: Node, reading: Reading): Expression {
  const { expression, block } = reading
  const of = field(node, 'value')
  const cases = named(node).filter(({ kind }) => kind === 'expression_case' || kind === 'default_case')
  const bodyOf = (each: Node): Expression =>
    block({ ...each, children: each.children.filter(({ field: part }) => part !== 'value') }, each)
  let chain: Expression | undefined
  const other = cases.find(({ kind }) => kind === 'default_case')
  if (other) chain = bodyOf(other)
  for (const each of cases.filter(({ kind }) => kind === 'expression_case').reverse()) {
    const values = named(field(each, 'value') ?? { ...each, children: [] })
    const tests = values.map(
      (value): Expression =>
        of
          ? { kind: 'operation', operator: 'is', of: [expression(of), expression(value)], at: value.span }
          : expression(value),
    )
    const test = tests.reduce((left, right) => ({ kind: 'short', operator: 'or', left, right, at: each.span }))
    chain = { kind: 'choice', test, yes: bodyOf(each), ...(chain && { no: chain }), at: each.span }
  }
  return chain ?? none(node)
}
