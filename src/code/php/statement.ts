import { below, field, type Node, named } from '../node.ts'
import { leaving, none } from '../reading.ts'
import type { Expression, ImportExpression, Pattern } from '../syntax.ts'
import { anyOf } from './choice.ts'
import { patternOf } from './pattern.ts'
import { compared, type Reading } from './reading.ts'

/** A statement of PHP; an empty list for one that does nothing. */
export function statementOf(node: Node, reading: Reading): Expression[] {
  const { expression } = reading
  const at = node.span
  switch (node.kind) {
    case 'expression_statement':
    case 'echo_statement':
    case 'exit_statement': {
      const body = named(node).map(expression)
      return node.kind === 'exit_statement' ? [...body, { kind: 'leave', how: 'throw', at }] : body
    }
    case 'compound_statement':
    case 'colon_block':
      return [reading.statements(named(node), node)]
    case 'namespace_definition': {
      const body = field(node, 'body')
      return body ? [reading.statements(named(body), body)] : []
    }
    case 'namespace_use_declaration':
      return importsOf(node, reading)
    case 'declare_statement':
      return [
        reading.statements(
          named(node).filter(({ kind }) => kind !== 'declare_directive'),
          node,
        ),
      ]
    case 'php_tag':
    case 'text_interpolation':
    case 'text':
    case 'empty_statement':
    case 'global_declaration':
    case 'unset_statement':
    case 'named_label_statement':
    case 'use_declaration':
    case 'interface_declaration':
    case 'ERROR':
      return []
    case 'goto_statement':
      return [{ kind: 'unread', why: 'a `goto` is not read', inside: [], at }]
    case 'class_declaration':
    case 'trait_declaration':
    case 'enum_declaration':
      return [reading.classOf(node)]
    case 'function_definition':
      return [{ kind: 'definition', definition: reading.functionOf(node), at }]
    case 'const_declaration':
    case 'function_static_declaration':
      return constants(node, reading)
    case 'if_statement':
      return [
        conditional(
          node,
          node.children.filter(each => each.field === 'alternative'),
          reading,
        ),
      ]
    case 'foreach_statement':
      return [each(node, reading)]
    case 'for_statement':
      return loop(node, reading)
    case 'while_statement':
    case 'do_statement': {
      const [test, body] = [field(node, 'condition'), field(node, 'body')]
      return [
        {
          kind: 'loop',
          ...(test && { test: expression(test) }),
          body: body ? bodyOf([body], node, reading) : none(node),
          ...(node.kind === 'do_statement' && { isTestedAfter: true }),
          at,
        },
      ]
    }
    case 'switch_statement':
      return [chosen(node, reading)]
    case 'try_statement':
      return [tried(node, reading)]
    case 'return_statement':
    case 'break_statement':
    case 'continue_statement':
      return [leaving(node, reading)]
    default:
      return [expression(node)]
  }
}

function bodyOf(nodes: readonly Node[], at: Node, reading: Reading): Expression {
  return reading.statements(nodes, at)
}

/** `use A\B, C as D;` and `use A\{B, C as D};`. Functions and constants of other files are unknown anyway. */
function importsOf(node: Node, reading: Reading): ImportExpression[] {
  if (node.children.some(({ kind }) => kind === 'function' || kind === 'const')) return []
  return importedNames(node, reading.text).map(([name, module, at]) => ({ kind: 'import', module, name, at: at.span }))
}

/** The names that a `use` makes, the classes that they stand for, and where. */
export function importedNames(node: Node, text: (node: Node | undefined) => string): [string, string, Node][] {
  const group = named(node).find(({ kind }) => kind === 'namespace_use_group')
  const prefix = group ? `${text(named(node).find(({ kind }) => kind === 'namespace_name')).replace(/^\\/, '')}\\` : ''
  return named(group ?? node)
    .filter(({ kind }) => kind === 'namespace_use_clause')
    .map(clause => {
      const [first] = named(clause)
      const full = `${prefix}${text(first).replace(/^\\/, '')}`
      const alias = field(clause, 'alias')
      return [alias ? text(alias) : (full.split('\\').at(-1) ?? full), full, clause]
    })
}

/** `const A = 1`, `static $a = 1`. */
function constants(node: Node, reading: Reading): Expression[] {
  return named(node).flatMap((element): Expression[] => {
    const [name, value] = named(element)
    if (!name || !value || !/^(?:const_element|static_variable_declaration)$/.test(element.kind)) return []
    return [
      {
        kind: 'assignment',
        to: { kind: 'name', name: reading.text(name) },
        value: reading.expression(value),
        isDeclaration: true,
        at: element.span,
      },
    ]
  })
}

function conditional(node: Node, others: readonly Node[], reading: Reading): Expression {
  const [test, body] = [field(node, 'condition'), field(node, 'body')]
  const [next, ...rest] = others
  const nextBody = next && field(next, 'body')
  const no =
    next &&
    (next.kind === 'else_if_clause' ? conditional(next, rest, reading) : nextBody && bodyOf([nextBody], next, reading))
  return {
    kind: 'choice',
    test: test ? reading.expression(test) : none(node),
    yes: body ? bodyOf([body], node, reading) : none(node),
    ...(no && { no }),
    at: node.span,
  }
}

/** `foreach ($of as $key => $item)` */
function each(node: Node, reading: Reading): Expression {
  const body = field(node, 'body')
  const [of, as] = named(node).filter(child => child !== body)
  if (!of || !as) return none(node)
  const [first, second] = as.kind === 'pair' ? named(as) : [undefined, as]
  const item: Pattern = second ? patternOf(second, reading) : { kind: 'nothing' }
  return {
    kind: 'each',
    of: reading.expression(of),
    ...(first && { key: patternOf(first, reading) }),
    item,
    body: body ? bodyOf([body], node, reading) : none(node),
    at: node.span,
  }
}

function loop(node: Node, reading: Reading): Expression[] {
  const [test, step, body] = [field(node, 'condition'), field(node, 'update'), field(node, 'body')]
  const starts = node.children.filter(child => child.field === 'initialize' && child.isNamed)
  return [
    ...starts.map(reading.expression),
    {
      kind: 'loop',
      ...(test && { test: reading.expression(test) }),
      body: body ? bodyOf([body], node, reading) : none(node),
      ...(step && { step: reading.expression(step) }),
      at: node.span,
    },
  ]
}

/** A `switch` without fall-through is a chain of conditions. */
function chosen(node: Node, reading: Reading): Expression {
  const [subject, block] = [field(node, 'condition'), field(node, 'body')]
  if (!subject || !block) return none(node)
  const name = `switch ${node.span[0]}`
  const value: Expression = { kind: 'name', name, at: subject.span }
  const ways: {
    readonly tests: Expression[]
    readonly isDefault: boolean
    readonly body: Node[]
    readonly at: Node
  }[] = []
  let tests: Expression[] = []
  let isDefault = false
  for (const way of named(block)) {
    const test = field(way, 'value')
    if (test) tests.push({ kind: 'operation', operator: 'is', of: [value, reading.expression(test)], at: test.span })
    else isDefault = true
    const body = named(way).filter(child => child !== test)
    if (body.length === 0) continue
    ways.push({ tests, isDefault, body, at: way })
    tests = []
    isDefault = false
  }
  const isApart = ways.every(({ body }, i) => i === ways.length - 1 || leaves(body.at(-1)))
  const ends = ways.map(({ body }) => (body.at(-1)?.kind === 'break_statement' ? body.slice(0, -1) : body))
  const isLeftElsewhere = ends.some(body => body.some(breaks))
  if (!isApart || isLeftElsewhere)
    return {
      kind: 'unread',
      why: 'a `switch` with fall-through is not read',
      inside: ends.map((body, i) => bodyOf(body, ways[i]?.at ?? node, reading)),
      at: node.span,
    }
  const last = ways.findIndex(way => way.isDefault)
  let chain: Expression = bodyOf(ends[last] ?? [], node, reading)
  for (const [i, way] of [...ways.entries()].reverse()) {
    const test = anyOf(way.tests)
    if (i !== last && test)
      chain = { kind: 'choice', test, yes: bodyOf(ends[i] ?? [], way.at, reading), no: chain, at: way.at.span }
  }
  return compared(subject, name, chain, node, reading)
}

function leaves(node: Node | undefined): boolean {
  const [inner] = node?.kind === 'expression_statement' ? named(node) : [node]
  return /^(?:break|continue|return|exit)_statement$|^throw_expression$/.test(inner?.kind ?? '')
}

function breaks(node: Node): boolean {
  return [...below(node)].some(({ kind }) => kind === 'break_statement')
}

function tried(node: Node, reading: Reading): Expression {
  const clauses = named(node)
  const last = clauses.find(({ kind }) => kind === 'finally_clause')
  const of = (each: Node): Expression => {
    const body = field(each, 'body')
    return body ? bodyOf([body], each, reading) : none(each)
  }
  return {
    kind: 'try',
    body: of(node),
    handlers: clauses.filter(({ kind }) => kind === 'catch_clause').map(of),
    ...(last && { last: of(last) }),
    at: node.span,
  }
}
