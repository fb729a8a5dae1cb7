import type { Span } from '../../parse/span.ts'
import { field, has, type Node, named, type Program } from '../node.ts'
import { fromTheLeft } from '../operators.ts'
import type {
  Argument,
  BlockExpression,
  Expression,
  FunctionExpression,
  ImportExpression,
  Operator,
  Parameter,
  Pattern,
} from '../syntax.ts'
import { stringOf } from './literal.ts'

/** A program in Python as expressions, by the nodes of tree-sitter-python. */
export function syntaxOfPython(program: Program, source: string): Expression {
  const text = (node: Node | undefined): string => (node ? source.slice(node.span[0], node.span[1]) : '')

  function block(nodes: readonly Node[], at: Node): BlockExpression {
    return { kind: 'block', body: nodes.flatMap(statement), at: at.span }
  }

  function bodyOf(node: Node | undefined, at: Node): BlockExpression {
    return block(node ? named(node) : [], at)
  }

  function none(node: Node): Expression {
    return { kind: 'plain', value: null, at: node.span }
  }

  function unread(why: string, node: Node, inside: readonly Node[] = named(node)): Expression {
    return { kind: 'unread', why, inside: inside.map(expression), at: node.span }
  }

  function statement(node: Node): Expression[] {
    switch (node.kind) {
      case 'expression_statement': {
        return named(node).map(expression)
      }
      case 'import_statement':
        return named(node).map(each => imported(each))
      case 'import_from_statement':
        return importedFrom(node)
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
        return [classOf(node)]
      case 'function_definition':
        return [{ kind: 'definition', definition: functionOf(node), at: node.span }]
      case 'decorated_definition':
        return decorated(node)
      case 'if_statement':
        return [
          conditional(
            node,
            node.children.filter(each => each.field === 'alternative'),
          ),
        ]
      case 'for_statement': {
        const [left, right, body] = [field(node, 'left'), field(node, 'right'), field(node, 'body')]
        if (!left || !right) return []
        const loop: Expression = {
          kind: 'each',
          of: expression(right),
          item: pattern(left),
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
        return [withOf(node)]
      case 'try_statement':
        return [tried(node)]
      case 'return_statement':
        return [left('return', node)]
      case 'raise_statement':
        return [left('throw', node)]
      case 'break_statement':
        return [{ kind: 'leave', how: 'break', at: node.span }]
      case 'continue_statement':
        return [{ kind: 'leave', how: 'continue', at: node.span }]
      case 'match_statement':
        return [unread('a `match` is not read', node, [])]
      default:
        return [expression(node)]
    }
  }

  function left(how: 'return' | 'throw', node: Node): Expression {
    const [value] = named(node)
    return { kind: 'leave', how, ...(value && { value: expression(value) }), at: node.span }
  }

  function conditional(node: Node, others: readonly Node[]): Expression {
    const test = field(node, 'condition')
    const [next, ...rest] = others
    const no = next && (next.kind === 'elif_clause' ? conditional(next, rest) : bodyOf(field(next, 'body'), next))
    return {
      kind: 'choice',
      test: test ? expression(test) : none(node),
      yes: bodyOf(field(node, 'consequence'), node),
      ...(no && { no }),
      at: node.span,
    }
  }

  function withOf(node: Node): Expression {
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
        ...(isNamed && alias && { as: pattern(alias) }),
        body,
        at: node.span,
      }
    }
    return body
  }

  function tried(node: Node): Expression {
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

  function imported(node: Node): ImportExpression {
    const isRenamed = node.kind === 'aliased_import'
    const module = text(isRenamed ? field(node, 'name') : node)
    // `import a.b` gives the name `a`, which has `b`.
    const [first = module] = module.split('.')
    const name = isRenamed ? text(field(node, 'alias')) : first
    return { kind: 'import', module: isRenamed ? module : first, name, at: node.span }
  }

  function importedFrom(node: Node): Expression[] {
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

  function classOf(node: Node): Expression {
    const name = field(node, 'name')
    const bases = named(field(node, 'superclasses') ?? { ...node, children: [] }).filter(
      ({ kind }) => kind !== 'keyword_argument',
    )
    return {
      kind: 'class',
      name: text(name),
      nameAt: (name ?? node).span,
      bases: bases.map(expression),
      body: bodyOf(field(node, 'body'), node).body.map(asMethod),
      at: node.span,
    }
  }

  function decorated(node: Node): Expression[] {
    const inner = field(node, 'definition')
    if (!inner) return []
    const isStatic = named(node).some(
      each => each.kind === 'decorator' && /^@\s*(?:static|class)method$/.test(text(each)),
    )
    if (inner.kind === 'class_definition') return [classOf(inner)]
    return [
      { kind: 'definition', definition: { ...functionOf(inner), ...(isStatic && { isStatic: true }) }, at: node.span },
    ]
  }

  function asMethod(each: Expression): Expression {
    if (each.kind !== 'definition' || each.definition.isStatic) return each
    return { ...each, definition: withSelf(each.definition) }
  }

  /** The first parameter of a method is the instance. */
  function withSelf(definition: FunctionExpression): FunctionExpression {
    const [first, ...parameters] = definition.parameters
    if (first?.pattern.kind !== 'name') return definition
    return { ...definition, parameters, selfName: first.pattern.name }
  }

  function functionOf(node: Node): FunctionExpression {
    const parameters = named(field(node, 'parameters') ?? { ...node, children: [] }).flatMap(parameter)
    const body = field(node, 'body')
    const isLambda = node.kind === 'lambda'
    return {
      kind: 'function',
      name: text(field(node, 'name')),
      parameters,
      body: isLambda && body ? expression(body) : bodyOf(body, node),
      givesLast: isLambda,
      hasOwnSelf: !isLambda,
      at: node.span,
    }
  }

  function parameter(node: Node): Parameter[] {
    switch (node.kind) {
      case 'identifier':
        return [{ pattern: { kind: 'name', name: text(node) }, name: text(node) }]
      case 'default_parameter':
      case 'typed_default_parameter': {
        const [name, value] = [field(node, 'name'), field(node, 'value')]
        return [
          {
            pattern: { kind: 'name', name: text(name) },
            name: text(name),
            ...(value && { otherwise: expression(value) }),
          },
        ]
      }
      case 'typed_parameter': {
        const [inner] = named(node)
        return inner ? parameter(inner) : []
      }
      case 'list_splat_pattern':
        return [{ pattern: { kind: 'name', name: text(named(node)[0]) }, rest: 'list' }]
      case 'dictionary_splat_pattern':
        return [{ pattern: { kind: 'name', name: text(named(node)[0]) }, rest: 'record' }]
      default:
        return []
    }
  }

  function pattern(node: Node): Pattern {
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
        return { kind: 'list', items: items.map(pattern), ...(rest >= 0 && { rest }) }
      }
      case 'list_splat_pattern':
      case 'list_splat': {
        const [inner] = named(node)
        return inner ? pattern(inner) : { kind: 'nothing' }
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

  function items(nodes: readonly Node[]): Argument[] {
    return nodes.map(each => {
      const inner = spread(each)
      return inner ? { value: expression(inner), spread: 'list' } : { value: expression(each) }
    })
  }

  /** The value after a star. In the grammar's tree the star of `*a.b` belongs to `a`. Undefined: there is no star. */
  function spread(node: Node): Node | undefined {
    if (node.kind === 'list_splat') return named(node)[0]
    const first = ownersOf.get(node.kind)
    const owner = first === undefined ? undefined : field(node, first)
    const bare = owner && spread(owner)
    if (!owner || !bare) return undefined
    return { ...node, children: node.children.map(each => (each === owner ? { ...bare, field: owner.field } : each)) }
  }

  function argumentsOf(node: Node | undefined): Argument[] {
    if (!node) return []
    if (node.kind === 'generator_expression') return [{ value: expression(node) }]
    return named(node).map((each): Argument => {
      const [inner] = named(each)
      const bare = spread(each)
      if (bare) return { value: expression(bare), spread: 'list' }
      switch (each.kind) {
        case 'keyword_argument': {
          const value = field(each, 'value')
          return { value: value ? expression(value) : none(each), name: text(field(each, 'name')) }
        }
        case 'dictionary_splat':
          return { value: inner ? expression(inner) : none(each), spread: 'record' }
        default:
          return { value: expression(each) }
      }
    })
  }

  function expression(node: Node): Expression {
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
        return { kind: 'list', items: items(named(node)), at }
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
        return comprehension(node)
      case 'attribute': {
        const [of, name] = [field(node, 'object'), field(node, 'attribute')]
        return of
          ? { kind: 'member', of: expression(of), name: text(name), nameAt: (name ?? node).span, at }
          : none(node)
      }
      case 'subscript': {
        const [of, by] = [field(node, 'value'), field(node, 'subscript')]
        if (!of || !by || by.kind === 'slice') return unread('only a part of it is taken', node, of ? [of] : [])
        return { kind: 'index', of: expression(of), by: expression(by), at }
      }
      case 'call': {
        const callee = field(node, 'function')
        if (!callee) return none(node)
        const name = callee.kind === 'attribute' ? field(callee, 'attribute') : callee
        return {
          kind: 'call',
          callee: expression(callee),
          args: argumentsOf(field(node, 'arguments')),
          nameAt: (name ?? node).span,
          at,
        }
      }
      case 'binary_operator':
        return binary(node)
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
        if (of && has(node, '~')) return special('__invert__', expression(of), [], at)
        return of && has(node, '+') ? expression(of) : unread('its value is calculated', node)
      }
      case 'comparison_operator':
        return comparison(node)
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
        return { kind: 'assignment', to: pattern(left), value: expression(right), at }
      }
      case 'augmented_assignment': {
        const [left, right] = [field(node, 'left'), field(node, 'right')]
        const operator = operators.get(text(field(node, 'operator')).slice(0, -1))
        if (!left || !right) return none(node)
        const value: Expression = operator
          ? { kind: 'operation', operator, of: [expression(left), expression(right)], at }
          : { kind: 'unread', why: 'its value is calculated', inside: [expression(left), expression(right)], at }
        return { kind: 'assignment', to: pattern(left), value, at }
      }
      case 'lambda':
        return functionOf(node)
      default:
        return unread('this kind of expression is not read', node)
    }
  }

  /** The call of a method that an operator stands for. */
  function special(name: string, of: Expression, args: readonly Expression[], at: Span): Expression {
    return {
      kind: 'call',
      callee: { kind: 'member', of, name, nameAt: at, at },
      args: args.map(value => ({ value })),
      nameAt: at,
      at,
    }
  }

  /** `a % b` is read as a method, because it puts values into a text if `a` is one. */
  function binary(node: Node): Expression {
    return fromTheLeft(node, {
      expression,
      sign: each => text(field(each, 'operator')),
      combined: (sign, left, right, { span: at }) => {
        const method = methodsOfOperators.get(sign)
        if (method !== undefined) return special(method, left, [right], at)
        const operator = operators.get(sign)
        if (!operator) return { kind: 'unread', why: 'its value is calculated', inside: [left, right], at }
        return { kind: 'operation', operator, of: [left, right], at }
      },
    })
  }

  function comparison(node: Node): Expression {
    const operands = named(node)
    const signs = node.children.filter(each => each.field === 'operators').map(text)
    const compared = signs.map((sign, i): Expression => {
      const [left, right] = [operands[i], operands[i + 1]]
      if (!left || !right) return none(node)
      const of = [expression(left), expression(right)]
      const operator = comparisons.get(sign)
      if (operator) return { kind: 'operation', operator, of, at: node.span }
      if (sign === 'not in')
        return {
          kind: 'operation',
          operator: 'not',
          of: [{ kind: 'operation', operator: 'in', of, at: node.span }],
          at: node.span,
        }
      return { kind: 'unread', why: 'it is compared', inside: of, at: node.span }
    })
    return compared.reduce((left, right) => ({ kind: 'short', operator: 'and', left, right, at: node.span }))
  }

  /** `[body for item in list if test]` */
  function comprehension(node: Node): Expression {
    const body = field(node, 'body')
    if (!body) return none(node)
    const isRecord = node.kind === 'dictionary_comprehension'
    const [key, value] = [field(body, 'key'), field(body, 'value')]
    const clauses = named(node).filter(({ kind }) => kind === 'for_in_clause' || kind === 'if_clause')
    const loops = clauses.filter(({ kind }) => kind === 'for_in_clause')
    const [clause] = loops
    const [of, item] = [clause && field(clause, 'right'), clause && field(clause, 'left')]
    if (loops.length !== 1 || !of || !item) return unread('a loop in a loop is not read', node, [])
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
      item: pattern(item),
      body: inner,
      collects: isRecord ? 'record' : 'list',
      at: node.span,
    }
  }

  return block(named(program.root), program.root)
}

/** The field of a node that holds its left side, for the nodes that have one. */
const ownersOf: ReadonlyMap<string, string> = new Map([
  ['attribute', 'object'],
  ['call', 'function'],
  ['subscript', 'value'],
])

/** Operators that are methods of their left side: of texts, and of the tool's own objects. */
const methodsOfOperators: ReadonlyMap<string, string> = new Map([
  ['%', '%'],
  ['&', '__and__'],
  ['|', '__or__'],
  ['^', '__xor__'],
])

const operators: ReadonlyMap<string, Operator> = new Map([
  ['+', '+'],
  ['-', '-'],
  ['*', '*'],
  ['/', '/'],
  ['%', '%'],
  ['**', '**'],
])

const comparisons: ReadonlyMap<string, Operator> = new Map([
  ['==', 'is'],
  ['is', 'is'],
  ['!=', 'is not'],
  ['is not', 'is not'],
  ['<', '<'],
  ['<=', '<='],
  ['>', '>'],
  ['>=', '>='],
  ['in', 'in'],
])
