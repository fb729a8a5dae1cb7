import { field, has, type Node, named, type Program } from '../node.ts'
import { fromTheLeft, operationOfC, operatorsOfC } from '../operators.ts'
import type {
  Argument,
  BlockExpression,
  Expression,
  FunctionExpression,
  ImportExpression,
  Parameter,
  Pattern,
} from '../syntax.ts'
import { textAt } from '../text.ts'
import { stringOf } from './literal.ts'

/** A program in Java as expressions, by the nodes of tree-sitter-java. */
export function syntaxOfJava(program: Program, source: string): Expression {
  const text = (node: Node | undefined): string => (node ? source.slice(node.span[0], node.span[1]) : '')

  function none(node: Node): Expression {
    return { kind: 'plain', value: null, at: node.span }
  }

  function unread(why: string, node: Node, inside: readonly Node[] = named(node)): Expression {
    return { kind: 'unread', why, inside: inside.map(expression), at: node.span }
  }

  function block(nodes: readonly Node[], at: Node): BlockExpression {
    return { kind: 'block', body: nodes.flatMap(statement), at: at.span }
  }

  function bodyOf(node: Node | undefined, at: Node): BlockExpression {
    if (!node) return { kind: 'block', body: [], at: at.span }
    return /^(?:block|constructor_body)$/.test(node.kind) ? block(named(node), node) : block([node], node)
  }

  function statement(node: Node): Expression[] {
    const at = node.span
    switch (node.kind) {
      case 'package_declaration':
      case 'ERROR':
      case 'interface_declaration':
      case 'annotation_type_declaration':
      case 'assert_statement':
        return []
      case 'import_declaration':
        return imported(node)
      case 'class_declaration':
      case 'enum_declaration':
      case 'record_declaration':
        return [classOf(node)]
      case 'block':
        return [block(named(node), node)]
      case 'method_declaration':
      case 'constructor_declaration':
        return [{ kind: 'definition', definition: functionOf(node), at }]
      case 'field_declaration':
      case 'local_variable_declaration':
        return named(node)
          .filter(({ kind }) => kind === 'variable_declarator')
          .flatMap(declared)
      case 'expression_statement':
      case 'static_initializer':
      case 'labeled_statement':
        return named(node).flatMap(statement)
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
          ...(start ? statement(start) : []),
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
        return [tried(node)]
      case 'synchronized_statement':
        return [bodyOf(field(node, 'body'), node)]
      case 'return_statement':
      case 'throw_statement': {
        const [value] = named(node)
        const how = node.kind === 'return_statement' ? 'return' : 'throw'
        return [{ kind: 'leave', how, ...(value && { value: expression(value) }), at }]
      }
      case 'break_statement':
        return [{ kind: 'leave', how: 'break', at }]
      case 'continue_statement':
        return [{ kind: 'leave', how: 'continue', at }]
      case 'switch_expression':
        return [unread('a `switch` is not read', node, labelled(node))]
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
  function imported(node: Node): ImportExpression[] {
    if (has(node, 'asterisk')) return []
    const [path] = named(node)
    const module = text(path).replace(/\s/g, '')
    return [{ kind: 'import', module, name: module.split('.').at(-1) ?? module, at: node.span }]
  }

  function classOf(node: Node): Expression {
    const name = field(node, 'name')
    const [base] = named(field(node, 'superclass') ?? { ...node, children: [] })
    return {
      kind: 'class',
      name: text(name),
      nameAt: (name ?? node).span,
      bases: base ? [{ kind: 'name', name: text(base).replace(/<.*$/s, ''), at: base.span }] : [],
      body: named(field(node, 'body') ?? { ...node, children: [] }).flatMap(statement),
      at: node.span,
    }
  }

  function declared(node: Node): Expression[] {
    const [name, value] = [field(node, 'name'), field(node, 'value')]
    // A field without a value gets one in the constructor, which a framework calls.
    const given: Expression = value
      ? expression(value)
      : { kind: 'unread', why: 'it gets its value elsewhere', inside: [], at: node.span }
    return [
      { kind: 'assignment', to: { kind: 'name', name: text(name) }, value: given, isDeclaration: true, at: node.span },
    ]
  }

  function tried(node: Node): Expression {
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

  function functionOf(node: Node): FunctionExpression {
    const parameters = field(node, 'parameters')
    const body = field(node, 'body')
    const isLambda = node.kind === 'lambda_expression'
    const isBlock = !body || body.kind === 'block' || body.kind === 'constructor_body'
    const modifiers = named(node).find(({ kind }) => kind === 'modifiers')
    return {
      kind: 'function',
      name: node.kind === 'constructor_declaration' ? '<init>' : text(field(node, 'name')),
      parameters: parameters ? parametersOf(parameters) : [],
      body: isBlock ? bodyOf(body, node) : expression(body),
      givesLast: !isBlock,
      hasOwnSelf: !isLambda,
      ...(modifiers && has(modifiers, 'static') && { isStatic: true }),
      at: node.span,
    }
  }

  function parametersOf(node: Node): Parameter[] {
    if (node.kind === 'identifier') return [{ pattern: { kind: 'name', name: text(node) } }]
    return named(node).flatMap((each): Parameter[] => {
      if (each.kind === 'receiver_parameter') return []
      const declarator = named(each).find(({ kind }) => kind === 'variable_declarator')
      const name = field(each, 'name') ?? (declarator && field(declarator, 'name')) ?? each
      return [
        { pattern: { kind: 'name', name: text(name) }, ...(each.kind === 'spread_parameter' && { rest: 'list' }) },
      ]
    })
  }

  function pattern(node: Node): Pattern {
    if (node.kind === 'identifier') return { kind: 'name', name: text(node) }
    const place = expression(node)
    return place.kind === 'member' || place.kind === 'index' ? { kind: 'place', place } : { kind: 'nothing' }
  }

  function argumentsOf(node: Node | undefined): Argument[] {
    return node ? named(node).map(each => ({ value: expression(each) })) : []
  }

  function expression(node: Node): Expression {
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
      case 'field_access': {
        const [of, name] = [field(node, 'object'), field(node, 'field')]
        return of
          ? { kind: 'member', of: expression(of), name: text(name), nameAt: (name ?? node).span, at }
          : none(node)
      }
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
        return { kind: 'call', callee, args: argumentsOf(field(node, 'arguments')), nameAt: name.span, at }
      }
      case 'object_creation_expression': {
        const type = field(node, 'type')
        const name = type?.kind === 'generic_type' ? named(type)[0] : type
        if (!name) return none(node)
        const callee: Expression = { kind: 'name', name: text(name), at: name.span }
        return { kind: 'call', callee, args: argumentsOf(field(node, 'arguments')), nameAt: name.span, isNew: true, at }
      }
      case 'array_creation_expression': {
        const value = field(node, 'value')
        return value ? expression(value) : unread('its contents are unknown', node, [])
      }
      case 'array_initializer':
        return { kind: 'list', items: named(node).map(each => ({ value: expression(each) })), at }
      case 'assignment_expression':
        return assignment(node)
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
        return { kind: 'assignment', to: pattern(of), value, at }
      }
      case 'unary_expression': {
        const of = field(node, 'operand')
        if (!of) return none(node)
        if (has(node, '!')) return { kind: 'operation', operator: 'not', of: [expression(of)], at }
        return has(node, '-')
          ? { kind: 'operation', operator: '-', of: [expression(of)], at }
          : unread('its value is calculated', node)
      }
      case 'binary_expression':
        return binary(node)
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
        return functionOf(node)
      case 'instanceof_expression':
        return unread('it depends on a type', node, [])
      default:
        return unread('this kind of expression is not read', node)
    }
  }

  function assignment(node: Node): Expression {
    const [left, right] = [field(node, 'left'), field(node, 'right')]
    if (!left || !right) return none(node)
    const at = node.span
    const sign = text(field(node, 'operator'))
    if (sign === '=') return { kind: 'assignment', to: pattern(left), value: expression(right), at }
    const operator = operatorsOfC.get(sign.slice(0, -1))
    const of = [expression(left), expression(right)]
    const value: Expression = operator
      ? { kind: 'operation', operator, of, at }
      : { kind: 'unread', why: 'its value is calculated', inside: of, at }
    return { kind: 'assignment', to: pattern(left), value, at }
  }

  function binary(node: Node): Expression {
    return fromTheLeft(node, {
      expression,
      sign: each => text(field(each, 'operator')),
      combined: operationOfC,
    })
  }

  return block(named(program.root), program.root)
}
