import { field, has, type Node, named, type Program } from '../node.ts'
import { fromTheLeft, operationOfC, operatorsOfC } from '../operators.ts'
import type { Argument, BlockExpression, Expression, FunctionExpression, Parameter, Pattern } from '../syntax.ts'
import { textAt } from '../text.ts'
import { stringOf } from './literal.ts'

/** A program in Go as expressions, by the nodes of tree-sitter-go. Functions `init` run after everything else at the top. */
export function syntaxOfGo(program: Program, source: string): Expression {
  const text = (node: Node | undefined): string => (node ? source.slice(node.span[0], node.span[1]) : '')

  function none(node: Node): Expression {
    return { kind: 'plain', value: null, at: node.span }
  }

  function unread(why: string, node: Node, inside: readonly Node[] = named(node)): Expression {
    return { kind: 'unread', why, inside: inside.map(expression), at: node.span }
  }

  function block(node: Node | undefined, at: Node): BlockExpression {
    const inside = named(node ?? at).flatMap(each => (each.kind === 'statement_list' ? named(each) : [each]))
    return { kind: 'block', body: node ? inside.flatMap(statement) : [], at: at.span }
  }

  function statement(node: Node): Expression[] {
    switch (node.kind) {
      case 'package_clause':
      case 'type_declaration':
      case 'empty_statement':
      case 'ERROR':
        return []
      case 'import_declaration':
        return named(node)
          .flatMap(each => (each.kind === 'import_spec_list' ? named(each) : [each]))
          .flatMap(imported)
      case 'const_declaration':
      case 'var_declaration':
        return named(node)
          .flatMap(each => (each.kind === 'var_spec_list' ? named(each) : [each]))
          .flatMap(declared)
      case 'short_var_declaration':
      case 'assignment_statement':
        return assigned(node)
      case 'function_declaration':
      case 'method_declaration':
        return [{ kind: 'definition', definition: functionOf(node), at: node.span }]
      case 'expression_statement':
      case 'labeled_statement':
        return named(node)
          .filter(({ kind }) => kind !== 'label_name')
          .flatMap(statement)
      case 'block':
        return [block(node, node)]
      case 'if_statement':
        return conditional(node)
      case 'for_statement':
        return [loop(node)]
      case 'expression_switch_statement':
        return [switched(node)]
      case 'return_statement': {
        const [values] = named(node)
        return [{ kind: 'leave', how: 'return', ...(values && { value: together(values) }), at: node.span }]
      }
      case 'break_statement':
        return [{ kind: 'leave', how: 'break', at: node.span }]
      case 'continue_statement':
        return [{ kind: 'leave', how: 'continue', at: node.span }]
      case 'inc_statement':
      case 'dec_statement': {
        const [of] = named(node)
        if (!of) return []
        const one: Expression = { kind: 'plain', value: 1, at: node.span }
        const operator = has(node, '++') ? '+' : '-'
        const value: Expression = { kind: 'operation', operator, of: [expression(of), one], at: node.span }
        return [{ kind: 'assignment', to: pattern(of), value, at: node.span }]
      }
      // Deferred calls usually close or roll back; they may also do more, at the end.
      case 'defer_statement':
      case 'go_statement':
        return [unread('it runs at another time', node)]
      default:
        return [expression(node)]
    }
  }

  /** `import name "path"`: without a name, it is the last part of the path, without a version. */
  function imported(node: Node): Expression[] {
    const path = field(node, 'path')
    if (!path) return []
    const module = text(path).slice(1, -1)
    const alias = field(node, 'name')
    const parts = module.split('/').filter(part => !/^v\d+$/.test(part))
    return [{ kind: 'import', module, name: alias ? text(alias) : (parts.at(-1) ?? module), at: node.span }]
  }

  function declared(node: Node): Expression[] {
    const names = node.children.filter(each => each.field === 'name')
    const value = field(node, 'value')
    return assignment(names, value ? named(value) : [], node, true)
  }

  function assigned(node: Node): Expression[] {
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
      return [{ kind: 'assignment', to: pattern(to), value: sum, at: node.span }]
    }
    return assignment(named(left), named(right), node, node.kind === 'short_var_declaration')
  }

  function assignment(left: readonly Node[], right: readonly Node[], node: Node, isNew: boolean): Expression[] {
    const at = node.span
    const isDeclaration = isNew && { isDeclaration: true as const }
    if (left.length === right.length)
      return left.map((to, i) => {
        const value = right[i]
        return {
          kind: 'assignment',
          to: pattern(to),
          value: value ? expression(value) : none(to),
          ...isDeclaration,
          at,
        }
      })
    const [value] = right
    if (!value) return left.map(to => ({ kind: 'assignment', to: pattern(to), value: zero(to), ...isDeclaration, at }))
    return [
      {
        kind: 'assignment',
        to: { kind: 'list', items: left.map(pattern) },
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
  function conditional(node: Node): Expression[] {
    const [start, test, yes, no] = ['initializer', 'condition', 'consequence', 'alternative'].map(name =>
      field(node, name),
    )
    const before = start ? statement(start) : []
    const other = no && (no.kind === 'if_statement' ? conditional(no) : [block(no, no)])
    if (test && isErrorCheck(test)) return [...before, ...(other ?? [])]
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

  function isErrorCheck(test: Node): boolean {
    const [left, right] = [field(test, 'left'), field(test, 'right')]
    return test.kind === 'binary_expression' && has(test, '!=') && right?.kind === 'nil' && /err/i.test(text(left))
  }

  function loop(node: Node): Expression {
    const [head] = named(node).filter(each => each.field !== 'body')
    const body = block(field(node, 'body'), node)
    if (head?.kind === 'range_clause') {
      const [left, right] = [field(head, 'left'), field(head, 'right')]
      const [key, item] = (left ? named(left) : []).map(pattern)
      const of = right ? expression(right) : none(head)
      return { kind: 'each', of, ...(key && { key }), item: item ?? { kind: 'nothing' }, body, at: node.span }
    }
    if (head?.kind !== 'for_clause')
      return { kind: 'loop', ...(head && { test: expression(head) }), body, at: node.span }
    const [start, test, next] = ['initializer', 'condition', 'update'].map(name => field(head, name))
    const step = next && ({ kind: 'block', body: statement(next), at: next.span } as const)
    const whole: Expression = {
      kind: 'loop',
      ...(test && { test: expression(test) }),
      body,
      ...(step && { step }),
      at: node.span,
    }
    return start ? { kind: 'block', body: [...statement(start), whole], at: node.span } : whole
  }

  function switched(node: Node): Expression {
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

  function functionOf(node: Node): FunctionExpression {
    const receiver = named(field(node, 'receiver') ?? { ...node, children: [] })[0]
    const self = receiver && field(receiver, 'name')
    return {
      kind: 'function',
      name: text(field(node, 'name')),
      parameters: named(field(node, 'parameters') ?? { ...node, children: [] }).flatMap(parameters),
      body: block(field(node, 'body'), node),
      givesLast: false,
      hasOwnSelf: node.kind === 'method_declaration',
      ...(self && { selfName: text(self) }),
      at: node.span,
    }
  }

  function parameters(node: Node): Parameter[] {
    const names = node.children.filter(each => each.field === 'name')
    const isRest = node.kind === 'variadic_parameter_declaration'
    return names.map(name => ({ pattern: { kind: 'name', name: text(name) }, ...(isRest && { rest: 'list' }) }))
  }

  function pattern(node: Node): Pattern {
    if (node.kind === 'identifier') return text(node) === '_' ? { kind: 'nothing' } : { kind: 'name', name: text(node) }
    const place = expression(node)
    return place.kind === 'member' || place.kind === 'index' ? { kind: 'place', place } : { kind: 'nothing' }
  }

  /** Several returned values become a list. */
  function together(node: Node): Expression {
    const all = node.kind === 'expression_list' ? named(node) : [node]
    const [only] = all
    if (all.length === 1 && only) return expression(only)
    return { kind: 'list', items: all.map(each => ({ value: expression(each) })), at: node.span }
  }

  function argumentsOf(node: Node | undefined): Argument[] {
    return named(node ?? program.root).map(each => {
      const [inner] = each.kind === 'variadic_argument' ? named(each) : []
      return inner ? { value: expression(inner), spread: 'list' } : { value: expression(each) }
    })
  }

  function expression(node: Node): Expression {
    const at = node.span
    switch (node.kind) {
      case 'parenthesized_expression':
      case 'expression_statement':
      case 'literal_element': {
        const [inner] = named(node)
        return inner ? expression(inner) : none(node)
      }
      case 'interpreted_string_literal':
      case 'raw_string_literal':
        return stringOf(node, source)
      case 'int_literal':
      case 'float_literal':
        return { kind: 'plain', value: Number(text(node).replaceAll('_', '')), at }
      case 'true':
        return { kind: 'plain', value: true, at }
      case 'false':
        return { kind: 'plain', value: false, at }
      case 'nil':
        return none(node)
      case 'identifier':
        return { kind: 'name', name: text(node), at }
      case 'selector_expression': {
        const [of, name] = [field(node, 'operand'), field(node, 'field')]
        return of
          ? { kind: 'member', of: expression(of), name: text(name), nameAt: (name ?? node).span, at }
          : none(node)
      }
      case 'index_expression': {
        const [of, by] = [field(node, 'operand'), field(node, 'index')]
        return of && by ? { kind: 'index', of: expression(of), by: expression(by), at } : none(node)
      }
      case 'call_expression': {
        const callee = field(node, 'function')
        if (!callee) return none(node)
        const name = field(callee, 'field') ?? callee
        return {
          kind: 'call',
          callee: expression(callee),
          args: argumentsOf(field(node, 'arguments')),
          nameAt: name.span,
          at,
        }
      }
      case 'unary_expression': {
        const of = field(node, 'operand')
        if (!of) return none(node)
        if (has(node, '!')) return { kind: 'operation', operator: 'not', of: [expression(of)], at }
        if (has(node, '-')) return { kind: 'operation', operator: '-', of: [expression(of)], at }
        // `&x` and `*x` are read as `x`.
        return has(node, '&') || has(node, '*') ? expression(of) : unread('its value is calculated', node)
      }
      case 'binary_expression':
        return binary(node)
      case 'func_literal':
        return functionOf(node)
      case 'composite_literal': {
        const body = field(node, 'body')
        return body ? composed(body) : none(node)
      }
      case 'literal_value':
        return composed(node)
      default:
        return unread('this kind of expression is not read', node)
    }
  }

  /** `[]string{"a"}`, `map[string]int{"a": 1}`, `Options{Name: "a"}` */
  function composed(node: Node): Expression {
    const all = named(node)
    if (!all.some(({ kind }) => kind === 'keyed_element'))
      return { kind: 'list', items: all.map(each => ({ value: expression(each) })), at: node.span }
    return {
      kind: 'record',
      entries: all.map(each => {
        const [key, value] = [field(each, 'key') ?? named(each)[0], field(each, 'value') ?? named(each)[1]]
        const [name] = key ? named(key) : []
        // The name of a field of a structure is not a variable.
        const said: Expression | null =
          name?.kind === 'identifier' || name?.kind === 'field_identifier'
            ? { kind: 'text', parts: [textAt(text(name), name.span)], at: name.span }
            : key
              ? expression(key)
              : null
        return { key: said, value: value ? expression(value) : none(each) }
      }),
      at: node.span,
    }
  }

  function binary(node: Node): Expression {
    return fromTheLeft(node, {
      expression,
      sign: each => text(field(each, 'operator')),
      combined: operationOfC,
    })
  }

  const all = named(program.root).flatMap(statement)
  const isInit = (each: Expression) => each.kind === 'definition' && each.definition.name === 'init'
  const starts = all
    .filter(isInit)
    .flatMap((each): Expression[] =>
      each.kind === 'definition'
        ? [{ kind: 'call', callee: each.definition, args: [], nameAt: each.at, at: each.at }]
        : [],
    )
  return { kind: 'block', body: [...all.filter(each => !isInit(each)), ...starts], at: program.root.span }
}
