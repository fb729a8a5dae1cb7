import { field, type Node, named } from '../node.ts'
import { leaving, none, unread } from '../reading.ts'
import type { Expression, ImportExpression } from '../syntax.ts'
import { classOf, decorated, functionOf } from './definition.ts'
import { pattern } from './expression.ts'
import type { Reading } from './reading.ts'

export function statementOf(node: Node, reading: Reading): Expression[] {
  const { expression, bodyOf } = reading
  switch (node.kind) {
    case 'expression_statement': {
      return named(node).map(expression)
    }
    case 'import_statement':
      return named(node).map(each => imported(each, reading))
    case 'import_from_statement':
      return importedFrom(node, reading)
    case 'future_import_statement':
    case 'pass_statement':
    case 'global_statement':
    case 'nonlocal_statement':
    case 'type_alias_statement':
    case 'assert_statement':
    case 'delete_statement':
    case 'ERROR':
      return []
    case 'class_definition':
      return [classOf(node, reading)]
    case 'function_definition':
      return [{ kind: 'definition', definition: functionOf(node, reading), at: node.span }]
    case 'decorated_definition':
      return decorated(node, reading)
    case 'if_statement':
      return [
        conditional(
          node,
          node.children.filter(each => each.field === 'alternative'),
          reading,
        ),
      ]
    case 'for_statement': {
      const [left, right, body] = [field(node, 'left'), field(node, 'right'), field(node, 'body')]
      if (!left || !right) return []
      const loop: Expression = {
        kind: 'each',
        of: expression(right),
        item: pattern(left, reading),
        body: bodyOf(body, node),
        at: node.span,
      }
      const after = field(node, 'alternative')
      return after ? [loop, bodyOf(field(after, 'body'), after)] : [loop]
    }
    case 'while_statement': {
      const test = field(node, 'condition')
      return [
        {
          kind: 'loop',
          ...(test && { test: expression(test) }),
          body: bodyOf(field(node, 'body'), node),
          at: node.span,
        },
      ]
    }
    case 'with_statement':
      return [withOf(node, reading)]
    case 'try_statement':
      return [tried(node, reading)]
    case 'return_statement':
      return [left('return', node, reading)]
    case 'raise_statement':
      return [left('throw', node, reading)]
    case 'break_statement':
    case 'continue_statement':
      return [leaving(node, reading)]
    case 'match_statement':
      return [unread('a `match` is not read', node, reading, [])]
    default:
      return [expression(node)]
  }
}

function left(how: 'return' | 'throw', node: Node, reading: Reading): Expression {
  const { expression } = reading
  const [value] = named(node)
  return { kind: 'leave', how, ...(value && { value: expression(value) }), at: node.span }
}

function conditional(node: Node, others: readonly Node[], reading: Reading): Expression {
  const { expression, bodyOf } = reading
  const test = field(node, 'condition')
  const [next, ...rest] = others
  const no =
    next && (next.kind === 'elif_clause' ? conditional(next, rest, reading) : bodyOf(field(next, 'body'), next))
  return {
    kind: 'choice',
    test: test ? expression(test) : none(node),
    yes: bodyOf(field(node, 'consequence'), node),
    ...(no && { no }),
    at: node.span,
  }
}

function withOf(node: Node, reading: Reading): Expression {
  const { expression, bodyOf } = reading
  const items = named(node)
    .filter(({ kind }) => kind === 'with_clause')
    .flatMap(named)
  let body: Expression = bodyOf(field(node, 'body'), node)
  for (const item of items.reverse()) {
    const value = field(item, 'value') ?? named(item)[0]
    if (!value) continue
    const isNamed = value.kind === 'as_pattern'
    const [inner] = isNamed ? named(value) : [value]
    const [alias] = isNamed ? named(field(value, 'alias') ?? value) : []
    body = {
      kind: 'with',
      value: inner ? expression(inner) : none(item),
      ...(isNamed && alias && { as: pattern(alias, reading) }),
      body,
      at: node.span,
    }
  }
  return body
}

function tried(node: Node, reading: Reading): Expression {
  const { block, bodyOf } = reading
  const handlers = named(node).filter(({ kind }) => /^except/.test(kind))
  const last = named(node).find(({ kind }) => kind === 'finally_clause')
  const otherwise = named(node).find(({ kind }) => kind === 'else_clause')
  const lastOf = (each: Node) =>
    bodyOf(
      named(each).find(({ kind }) => kind === 'block'),
      each,
    )
  return {
    kind: 'try',
    body: block(
      [...named(field(node, 'body') ?? node), ...(otherwise ? named(field(otherwise, 'body') ?? otherwise) : [])],
      node,
    ),
    handlers: handlers.map(lastOf),
    ...(last && { last: lastOf(last) }),
    at: node.span,
  }
}

function imported(node: Node, reading: Reading): ImportExpression {
  const { text } = reading
  const isRenamed = node.kind === 'aliased_import'
  const module = text(isRenamed ? field(node, 'name') : node)
  // `import a.b` gives the name `a`, which has `b`.
  const [first = module] = module.split('.')
  const name = isRenamed ? text(field(node, 'alias')) : first
  return { kind: 'import', module: isRenamed ? module : first, name, at: node.span }
}

function importedFrom(node: Node, reading: Reading): Expression[] {
  const { text } = reading
  const module = text(field(node, 'module_name'))
  if (named(node).some(({ kind }) => kind === 'wildcard_import'))
    return [{ kind: 'import', module, name: '*', at: node.span }]
  return node.children
    .filter(each => each.field === 'name')
    .map((each): ImportExpression => {
      const isRenamed = each.kind === 'aliased_import'
      const member = text(isRenamed ? field(each, 'name') : each)
      return { kind: 'import', module, member, name: isRenamed ? text(field(each, 'alias')) : member, at: each.span }
    })
}
