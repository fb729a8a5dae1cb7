import { field, has, type Node, named } from '../node.ts'
import { leaving, none, unread } from '../reading.ts'
import type { Expression, ImportExpression, Pattern } from '../syntax.ts'
import { classOf, functionOf } from './definition.ts'
import type { Reading } from './reading.ts'

export function statementOf(node: Node, reading: Reading): Expression[] {
  const { text, expression, block, bodyOf } = reading
  const at = node.span
  switch (node.kind) {
    case 'package_declaration':
    case 'ERROR':
    case 'interface_declaration':
    case 'annotation_type_declaration':
    case 'assert_statement':
      return []
    case 'import_declaration':
      return imported(node, reading)
    case 'class_declaration':
    case 'enum_declaration':
    case 'record_declaration':
      return [classOf(node, reading)]
    case 'block':
      return [block(named(node), node)]
    case 'method_declaration':
    case 'constructor_declaration':
      return [{ kind: 'definition', definition: functionOf(node, reading), at }]
    case 'field_declaration':
    case 'local_variable_declaration':
      return named(node)
        .filter(({ kind }) => kind === 'variable_declarator')
        .flatMap(each => declared(each, reading))
    case 'expression_statement':
    case 'static_initializer':
    case 'labeled_statement':
      return named(node).flatMap(each => statementOf(each, reading))
    case 'if_statement': {
      const [test, yes, no] = ['condition', 'consequence', 'alternative'].map(name => field(node, name))
      return [
        {
          kind: 'choice',
          test: test ? expression(test) : none(node),
          yes: bodyOf(yes, node),
          ...(no && { no: bodyOf(no, no) }),
          at,
        },
      ]
    }
    case 'enhanced_for_statement': {
      const [name, of] = [field(node, 'name'), field(node, 'value')]
      const item: Pattern = { kind: 'name', name: text(name) }
      return of ? [{ kind: 'each', of: expression(of), item, body: bodyOf(field(node, 'body'), node), at }] : []
    }
    case 'for_statement': {
      const [start, test, next] = ['init', 'condition', 'update'].map(name => field(node, name))
      const step = next && block([next], next)
      return [
        ...(start ? statementOf(start, reading) : []),
        {
          kind: 'loop',
          ...(test && { test: expression(test) }),
          body: bodyOf(field(node, 'body'), node),
          ...(step && { step }),
          at,
        },
      ]
    }
    case 'while_statement':
    case 'do_statement': {
      const test = field(node, 'condition')
      const isTestedAfter = node.kind === 'do_statement' && { isTestedAfter: true as const }
      const body = bodyOf(field(node, 'body'), node)
      return [{ kind: 'loop', ...(test && { test: expression(test) }), body, ...isTestedAfter, at }]
    }
    case 'try_statement':
    case 'try_with_resources_statement':
      return [tried(node, reading)]
    case 'synchronized_statement':
      return [bodyOf(field(node, 'body'), node)]
    case 'return_statement':
    case 'throw_statement':
    case 'break_statement':
    case 'continue_statement':
      return [leaving(node, reading)]
    case 'switch_expression':
      return [unread('a `switch` is not read', node, reading, labelled(node))]
    default:
      return [expression(node)]
  }
}

/** The code in the branches of a `switch`, as far as these are expressions. */
function labelled(node: Node): Node[] {
  return named(field(node, 'body') ?? node)
    .flatMap(named)
    .filter(({ kind }) => kind === 'expression_statement')
    .flatMap(named)
}

/** `import a.b.C` gives the name `C`; the names that `import a.b.*` gives are unknown. */
function imported(node: Node, reading: Reading): ImportExpression[] {
  const { text } = reading
  if (has(node, 'asterisk')) return []
  const [path] = named(node)
  const module = text(path).replace(/\s/g, '')
  return [{ kind: 'import', module, name: module.split('.').at(-1) ?? module, at: node.span }]
}

function declared(node: Node, reading: Reading): Expression[] {
  const { text, expression } = reading
  const [name, value] = [field(node, 'name'), field(node, 'value')]
  // A field without a value gets one in the constructor, which a framework calls.
  const given: Expression = value
    ? expression(value)
    : { kind: 'unread', why: 'it gets its value elsewhere', inside: [], at: node.span }
  return [
    { kind: 'assignment', to: { kind: 'name', name: text(name) }, value: given, isDeclaration: true, at: node.span },
  ]
}

function tried(node: Node, reading: Reading): Expression {
  const { text, expression, block, bodyOf } = reading
  const resources = named(field(node, 'resources') ?? { ...node, children: [] }).flatMap((each): Expression[] => {
    const [name, value] = [field(each, 'name'), field(each, 'value')]
    if (!name || !value) return named(each).map(expression)
    return [
      {
        kind: 'assignment',
        to: { kind: 'name', name: text(name) },
        value: expression(value),
        isDeclaration: true,
        at: each.span,
      },
    ]
  })
  const last = named(node).find(({ kind }) => kind === 'finally_clause')
  const body = field(node, 'body')
  return {
    kind: 'try',
    body: { kind: 'block', body: [...resources, ...bodyOf(body, node).body], at: (body ?? node).span },
    handlers: named(node)
      .filter(({ kind }) => kind === 'catch_clause')
      .map(each => bodyOf(field(each, 'body'), each)),
    ...(last && { last: block(named(last), last) }),
    at: node.span,
  }
}
