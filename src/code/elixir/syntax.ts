import { field, type Node, named, type Program } from '../node.ts'
import type { Argument, BlockExpression, CallExpression, Expression, FunctionExpression, Operator } from '../syntax.ts'
import { type Clause, chosen, functionOf } from './function.ts'
import { atom, partsOf, wordsOf } from './literal.ts'
import { patternsOf } from './pattern.ts'

/** A program in Elixir as expressions, by the nodes of tree-sitter-elixir. */
export function syntaxOfElixir(program: Program, source: string): Expression {
  const text = (node: Node | undefined): string => (node ? source.slice(node.span[0], node.span[1]) : '')
  const { pattern, shape, isBound } = patternsOf(text, node => expression(node))

  function nothing(node: Node): Expression {
    return { kind: 'plain', value: null, at: node.span }
  }

  function unread(why: string, node: Node, inside: readonly Node[] = named(node)): Expression {
    return { kind: 'unread', why, inside: inside.map(expression), at: node.span }
  }

  function block(nodes: readonly Node[], at: Node): BlockExpression {
    return { kind: 'block', body: statements(nodes), at: at.span }
  }

  /** Statements in order; the clauses of one function become one definition. */
  function statements(nodes: readonly Node[]): Expression[] {
    const found: Expression[] = []
    const clauses = new Map<string, Clause[]>()
    for (const node of nodes) {
      const clause = definition(node)
      if (clause === null) {
        if (!isSilent(node)) found.push(expression(node))
      } else if (clause) {
        const key = `${clause.name}/${clause.shapes.length}`
        clauses.set(key, [...(clauses.get(key) ?? []), clause])
      }
    }
    const arities = new Map<string, number>()
    for (const [first] of clauses.values()) if (first) arities.set(first.name, (arities.get(first.name) ?? 0) + 1)
    for (const all of clauses.values()) {
      const [first] = all
      if (!first) continue
      // Of functions that differ only in their number of arguments, the one with the most has the plain name: the others fill in its defaults.
      const isMost = ![...clauses.values()].some(
        ([other]) => other?.name === first.name && other.shapes.length > first.shapes.length,
      )
      const name = isMost || (arities.get(first.name) ?? 0) < 2 ? first.name : `${first.name}/${first.shapes.length}`
      found.push({ kind: 'definition', definition: functionOf(all, asFunction(name), first.at), at: first.at })
    }
    return found
  }

  function isSilent(node: Node): boolean {
    if (node.kind !== 'unary_operator' || !text(node).startsWith('@')) return false
    const operand = field(node, 'operand')
    return /^(?:moduledoc|doc|typedoc|spec|type|typep|opaque|callback|impl|behaviour|shortdoc|dialyzer)$/.test(
      text(operand && (field(operand, 'target') ?? operand)),
    )
  }

  /** A clause of `def` or `defp`; undefined: a macro or the like, which is not read; null: something else. */
  function definition(node: Node): Clause | undefined | null {
    if (node.kind !== 'call') return null
    const word = text(field(node, 'target'))
    if (/^(?:defmacro|defmacrop|defstruct|defdelegate|defguard|defguardp|defexception|deftype)$/.test(word))
      return undefined
    if (word !== 'def' && word !== 'defp') return null
    const [head, ...rest] = argumentNodes(node)
    if (!head) return undefined
    const isGuarded = head.kind === 'binary_operator' && text(field(head, 'operator')) === 'when'
    const signature = isGuarded ? field(head, 'left') : head
    const guard = isGuarded ? field(head, 'right') : undefined
    if (!signature) return undefined
    const isCall = signature.kind === 'call'
    const body = doBlock(node)
    const short = keywordsOf(rest).get('do')
    return {
      name: text(isCall ? field(signature, 'target') : signature),
      shapes: isCall ? argumentNodes(signature).map(shape) : [],
      ...(guard && { guard: expression(guard) }),
      body: body ? bodyOf(body) : short ? expression(short) : nothing(node),
      at: node.span,
    }
  }

  function argumentNodes(node: Node): Node[] {
    const own = node.children.find(({ kind }) => kind === 'arguments')
    return own ? named(own) : []
  }

  function doBlock(node: Node): Node | undefined {
    return node.children.find(({ kind }) => kind === 'do_block')
  }

  const sections = new Set(['else_block', 'rescue_block', 'catch_block', 'after_block'])

  function bodyOf(node: Node): BlockExpression {
    return block(
      named(node).filter(({ kind }) => !sections.has(kind)),
      node,
    )
  }

  function section(node: Node | undefined, kind: string): Node | undefined {
    return node && named(node).find(each => each.kind === kind)
  }

  /** Keywords at the end of arguments, by name. */
  function keywordsOf(nodes: readonly Node[]): Map<string, Node> {
    const last = nodes.at(-1)
    const found = new Map<string, Node>()
    if (last?.kind !== 'keywords') return found
    for (const pair of named(last)) {
      const value = field(pair, 'value')
      if (value) found.set(keyOf(pair), value)
    }
    return found
  }

  function keyOf(pair: Node): string {
    const key = field(pair, 'key')
    const inner = key && named(key).find(({ kind }) => kind === 'quoted_content')
    return inner ? text(inner) : text(key).replace(/:\s*$/, '')
  }

  function keywords(node: Node, without: ReadonlySet<string> = new Set()): Expression {
    return {
      kind: 'record',
      entries: named(node).flatMap(pair => {
        const value = field(pair, 'value')
        const name = keyOf(pair)
        if (!value || without.has(name)) return []
        const at = (field(pair, 'key') ?? pair).span
        return [{ key: { kind: 'text', parts: [atom(name, at)], at }, value: expression(value) } as const]
      }),
      at: node.span,
    }
  }

  function clausesOf(node: Node): Clause[] {
    return named(node)
      .filter(({ kind }) => kind === 'stab_clause')
      .map(each => {
        const left = field(each, 'left')
        const guarded = left && left.kind === 'binary_operator' && text(field(left, 'operator')) === 'when'
        const heads = guarded ? field(left, 'left') : left
        const guard = guarded ? field(left, 'right') : undefined
        const right = field(each, 'right')
        return {
          name: '',
          shapes: heads ? (heads.kind === 'arguments' ? named(heads) : [heads]).map(shape) : [],
          ...(guard && { guard: expression(guard) }),
          body: right ? block(named(right), right) : nothing(each),
          at: each.span,
        }
      })
  }

  /** A `do` block or `do:` of a call, as a function without parameters. */
  function blockFor(node: Node): FunctionExpression | undefined {
    const own = doBlock(node)
    const short = keywordsOf(argumentNodes(node)).get('do')
    const body = own ? bodyOf(own) : short && expression(short)
    return (
      body && { kind: 'function', name: '', parameters: [], body, givesLast: true, hasOwnSelf: false, at: node.span }
    )
  }

  const ofBlocks = new Set(['do'])

  function call(node: Node, before: readonly Expression[] = []): Expression {
    const target = field(node, 'target')
    const word = text(target)
    const special = before.length === 0 && target?.kind === 'identifier' ? specialForm(word, node) : null
    if (special) return special
    if (!target) return nothing(node)
    const nodes = argumentNodes(node)
    const hasDo = doBlock(node) !== undefined || keywordsOf(nodes).has('do')
    const args: Argument[] = [
      ...before.map(value => ({ value })),
      ...nodes.flatMap((each): Argument[] => {
        if (each.kind !== 'keywords') return [{ value: expression(each) }]
        const value = keywords(each, hasDo && !doBlock(node) ? ofBlocks : new Set())
        return value.kind === 'record' && value.entries.length === 0 ? [] : [{ value }]
      }),
    ]
    const own = hasDo ? blockFor(node) : undefined
    const module = target.kind === 'dot' ? text(field(target, 'left')) : ''
    const [subject, ...others] = args
    const function_ = target.kind === 'dot' ? field(target, 'right') : undefined
    // A function of Elixir's own modules is read as a method of its first argument.
    if (ofValues.has(module) && subject && function_)
      return {
        kind: 'call',
        callee: {
          kind: 'member',
          of: subject.value,
          name: `${module}.${text(function_)}`,
          nameAt: function_.span,
          at: target.span,
        },
        args: others,
        nameAt: function_.span,
        at: node.span,
      }
    const callee = calleeOf(target)
    // `a.b` without parentheses may be an entry of a map.
    const isBare =
      before.length === 0 && target.kind === 'dot' && !node.children.some(({ kind }) => kind === 'arguments')
    if (isBare && callee.kind === 'member' && !hasDo && field(target, 'left')?.kind !== 'alias') return callee
    const nameAt = (target.kind === 'dot' ? (field(target, 'right') ?? target) : target).span
    return { kind: 'call', callee, args, nameAt, ...(own && { block: own }), at: node.span } satisfies CallExpression
  }

  function calleeOf(target: Node): Expression {
    if (target.kind !== 'dot') return { kind: 'name', name: asFunction(text(target)), at: target.span }
    const [of, name] = [field(target, 'left'), field(target, 'right')]
    if (!of) return nothing(target)
    // `function.(…)`
    if (!name) return expression(of)
    return { kind: 'member', of: expression(of), name: text(name), nameAt: name.span, at: target.span }
  }

  function specialForm(word: string, node: Node): Expression | null {
    const nodes = argumentNodes(node)
    const short = keywordsOf(nodes)
    const body = doBlock(node)
    const at = node.span
    const [first] = nodes
    const yes = (): Expression =>
      body ? bodyOf(body) : short.has('do') ? expression(short.get('do') as Node) : nothing(node)
    switch (word) {
      case 'defmodule':
      case 'defimpl':
      case 'defprotocol':
        return {
          kind: 'class',
          name: text(first),
          nameAt: (first ?? node).span,
          bases: [],
          body: body ? statements(named(body)) : [],
          at,
        }
      case 'use':
      case 'require':
      case 'import':
        return nothing(node)
      case 'alias': {
        const module = text(first)
        const name = text(short.get('as')) || module.slice(module.lastIndexOf('.') + 1)
        return /^[\w.]+$/.test(module) ? { kind: 'import', module, name, at } : nothing(node)
      }
      case 'if':
      case 'unless': {
        const other = section(body, 'else_block')
        const no = other ? bodyOf(other) : short.has('else') ? expression(short.get('else') as Node) : undefined
        const test = first ? expression(first) : nothing(node)
        return {
          kind: 'choice',
          test: word === 'if' ? test : { kind: 'operation', operator: 'not', of: [test], at },
          yes: yes(),
          ...(no && { no }),
          at,
        }
      }
      case 'cond':
        if (!body) return nothing(node)
        return named(body)
          .filter(({ kind }) => kind === 'stab_clause')
          .reduceRight<Expression>(
            (no, each) => {
              const [test] = named(field(each, 'left') ?? { ...each, children: [] })
              const right = field(each, 'right')
              const then = right ? block(named(right), right) : nothing(each)
              return { kind: 'choice', test: test ? expression(test) : nothing(each), yes: then, no, at: each.span }
            },
            { kind: 'leave', how: 'throw', at },
          )
      case 'case': {
        if (!first || !body) return null
        const name = `case ${at[0]}`
        const given: Expression = { kind: 'name', name, at: first.span }
        return {
          kind: 'block',
          body: [
            { kind: 'assignment', to: { kind: 'name', name }, value: expression(first), isDeclaration: true, at },
            chosen(clausesOf(body), [given], at),
          ],
          at,
        }
      }
      case 'for':
        // The names that it binds must be known before its body is read.
        for (const each of nodes) {
          const left = field(each, 'left')
          if (left && text(field(each, 'operator')) === '<-') pattern(left)
        }
        return comprehension(nodes, yes(), node)
      case 'try': {
        const after = section(body, 'after_block')
        const handlers = ['rescue_block', 'catch_block'].flatMap(kind => {
          const own = section(body, kind)
          return own ? clausesOf(own).map(clause => clause.body) : []
        })
        return { kind: 'try', body: yes(), handlers, ...(after && { last: bodyOf(after) }), at }
      }
      case 'raise':
      case 'throw':
        return { kind: 'leave', how: 'throw', at }
      case 'from':
      case 'dynamic':
        return unread('a query is not read', node, [])
      case 'schema':
      case 'embedded_schema':
        return nothing(node)
      case 'with':
      case 'receive':
      case 'quote':
        return unread(`\`${word}\` is not read`, node, body ? named(body) : [])
      default:
        return null
    }
  }

  /** `for item <- list, condition, do: …` */
  function comprehension(nodes: readonly Node[], body: Expression, node: Node): Expression {
    const parts = nodes.filter(({ kind }) => kind !== 'keywords')
    return parts.reduceRight<Expression>((inner, part) => {
      const isGenerator = part.kind === 'binary_operator' && text(field(part, 'operator')) === '<-'
      const [left, right] = [field(part, 'left'), field(part, 'right')]
      if (!isGenerator || !left || !right)
        return {
          kind: 'choice',
          test: expression(part),
          yes: inner,
          no: { kind: 'leave', how: 'continue', at: part.span },
          at: part.span,
        }
      const callee: Expression = {
        kind: 'member',
        of: expression(right),
        name: 'Enum.to_list',
        nameAt: right.span,
        at: right.span,
      }
      const of: Expression = { kind: 'call', callee, args: [], nameAt: right.span, at: right.span }
      return { kind: 'each', of, item: pattern(left), body: inner, collects: 'list', at: node.span }
    }, body)
  }

  function anonymous(node: Node): Expression {
    return functionOf(clausesOf(node), '', node.span)
  }

  /** `&foo(&1)`, `&foo/1` */
  function capture(operand: Node, node: Node): Expression {
    if (operand.kind === 'integer') return { kind: 'name', name: `&${text(operand)}`, at: node.span }
    const isNamed = operand.kind === 'binary_operator' && text(field(operand, 'operator')) === '/'
    const of = isNamed ? field(operand, 'left') : undefined
    if (of)
      return of.kind === 'call'
        ? calleeOf(field(of, 'target') ?? of)
        : { kind: 'name', name: asFunction(text(of)), at: of.span }
    const parameters = ['&1', '&2', '&3'].map(name => ({ pattern: { kind: 'name', name } as const }))
    return {
      kind: 'function',
      name: '',
      parameters,
      body: expression(operand),
      givesLast: true,
      hasOwnSelf: false,
      at: node.span,
    }
  }

  let depth = 0

  function expression(node: Node): Expression {
    if (depth >= deepest) return { kind: 'unread', why: 'it is nested too deeply', inside: [], at: node.span }
    depth++
    try {
      return expressionOf(node)
    } finally {
      depth--
    }
  }

  function expressionOf(node: Node): Expression {
    const at = node.span
    switch (node.kind) {
      case 'call':
        return call(node)
      case 'identifier':
        if (isBound(text(node))) return { kind: 'name', name: text(node), at }
        return { kind: 'call', callee: calleeOf(node), args: [], nameAt: at, at }
      case 'alias':
        return { kind: 'name', name: text(node), at }
      case 'atom':
        return { kind: 'text', parts: [atom(text(node).slice(1), [at[0] + 1, at[1]])], at }
      case 'quoted_atom':
        return {
          kind: 'text',
          parts: named(node).map(each =>
            each.kind === 'quoted_content' ? atom(text(each), each.span) : expression(each),
          ),
          at,
        }
      case 'string':
      case 'charlist':
        return { kind: 'text', parts: partsOf(node, source, expression), at }
      case 'sigil': {
        const name = text(node.children.find(({ kind }) => kind === 'sigil_name'))
        if (/^[sS]$/.test(name)) return { kind: 'text', parts: partsOf(node, source, expression), at }
        if (/^[wW]$/.test(name) && !node.children.some(({ kind }) => kind === 'interpolation'))
          return { kind: 'list', items: wordsOf(node, source), at }
        return unread(`a sigil \`~${name}\` is not read`, node, [])
      }
      case 'integer':
      case 'float':
        return { kind: 'plain', value: Number(text(node).replaceAll('_', '')), at }
      case 'boolean':
        return { kind: 'plain', value: text(node) === 'true', at }
      case 'nil':
        return nothing(node)
      case 'list': {
        const items = named(node)
        const [only] = items
        if (items.length === 1 && only?.kind === 'keywords') return keywords(only)
        return {
          kind: 'list',
          items: items.flatMap(each => (each.kind === 'keywords' ? pairsOf(each) : itemOf(each))),
          at,
        }
      }
      case 'tuple':
        return { kind: 'list', items: named(node).flatMap(itemOf), at }
      case 'map':
        return mapOf(node)
      case 'keywords':
        return keywords(node)
      case 'block':
        return block(named(node), node)
      case 'anonymous_function':
        return anonymous(node)
      case 'access_call': {
        const [of, by] = [field(node, 'target'), field(node, 'key')]
        return of && by
          ? { kind: 'index', of: expression(of), by: expression(by), at }
          : unread('this kind of expression is not read', node)
      }
      case 'dot':
        return calleeOf(node)
      case 'unary_operator':
        return unary(node)
      case 'binary_operator':
        return binary(node)
      case 'comment':
        return nothing(node)
      default:
        return unread('this kind of expression is not read', node)
    }
  }

  function itemOf(node: Node): Argument[] {
    return [{ value: expression(node) }]
  }

  /** Keywords in a list with other items: each is a pair. */
  function pairsOf(node: Node): Argument[] {
    return named(node).flatMap((pair): Argument[] => {
      const value = field(pair, 'value')
      const at = (field(pair, 'key') ?? pair).span
      if (!value) return []
      const key: Expression = { kind: 'text', parts: [atom(keyOf(pair), at)], at }
      return [{ value: { kind: 'list', items: [{ value: key }, { value: expression(value) }], at: pair.span } }]
    })
  }

  function mapOf(node: Node): Expression {
    const content = named(node).find(({ kind }) => kind === 'map_content')
    if (named(node).some(({ kind }) => kind === 'struct')) return unread('a struct is not read', node, [])
    if (
      content &&
      named(content).some(
        ({ kind, children }) => kind === 'binary_operator' && children.some(each => each.kind === '|'),
      )
    )
      return unread('an updated map is not read', node, [])
    const entries = content
      ? named(content).flatMap(each => {
          if (each.kind === 'keywords') {
            const inner = keywords(each)
            return inner.kind === 'record' ? [...inner.entries] : []
          }
          const [key, value] = [field(each, 'left'), field(each, 'right')]
          return key && value ? [{ key: expression(key), value: expression(value) }] : []
        })
      : []
    return { kind: 'record', entries, at: node.span }
  }

  function unary(node: Node): Expression {
    const operand = field(node, 'operand')
    const at = node.span
    if (!operand) return nothing(node)
    switch (text(field(node, 'operator'))) {
      case '@': {
        const target = operand.kind === 'call' ? field(operand, 'target') : undefined
        if (!target) return { kind: 'name', name: `@${text(operand)}`, at }
        const [value] = argumentNodes(operand)
        const to = { kind: 'name', name: `@${text(target)}` } as const
        return { kind: 'assignment', to, value: value ? expression(value) : nothing(node), isDeclaration: true, at }
      }
      case '&':
        return capture(operand, node)
      case '-':
        return { kind: 'operation', operator: '-', of: [expression(operand)], at }
      case '!':
      case 'not':
        return { kind: 'operation', operator: 'not', of: [expression(operand)], at }
      default:
        return expression(operand)
    }
  }

  function binary(node: Node): Expression {
    const [left, right] = [field(node, 'left'), field(node, 'right')]
    const at = node.span
    if (!left || !right) return nothing(node)
    const sign = text(field(node, 'operator'))
    switch (sign) {
      case '|>':
        if (right.kind === 'call') return call(right, [expression(left)])
        return {
          kind: 'call',
          callee: { kind: 'name', name: asFunction(text(right)), at: right.span },
          args: [{ value: expression(left) }],
          nameAt: right.span,
          at,
        }
      case '=':
        return { kind: 'assignment', to: pattern(left), value: expression(right), isDeclaration: true, at }
      case '&&':
      case 'and':
        return { kind: 'short', operator: 'and', left: expression(left), right: expression(right), at }
      case '||':
      case 'or':
        return { kind: 'short', operator: 'or', left: expression(left), right: expression(right), at }
      case 'not in':
        return {
          kind: 'operation',
          operator: 'not',
          of: [{ kind: 'operation', operator: 'in', of: [expression(left), expression(right)], at }],
          at,
        }
      default: {
        const operator = operators.get(sign)
        const of = [expression(left), expression(right)]
        return operator
          ? { kind: 'operation', operator, of, at }
          : { kind: 'unread', why: 'this kind of expression is not read', inside: of, at }
      }
    }
  }

  return block(named(program.root), program.root)
}

/** Functions have their own names, which no variable hides. */
function asFunction(name: string): string {
  return `${name}()`
}

/** The deepest nesting of expressions that is read: well below what the stack allows. */
const deepest = 300

const ofValues = new Set(['Enum', 'String', 'List', 'Map', 'Keyword'])

const operators: ReadonlyMap<string, Operator> = new Map([
  ['+', '+'],
  ['++', '+'],
  ['-', '-'],
  ['*', '*'],
  ['/', '/'],
  ['<>', 'join'],
  ['==', 'is'],
  ['===', 'is'],
  ['!=', 'is not'],
  ['!==', 'is not'],
  ['<', '<'],
  ['<=', '<='],
  ['>', '>'],
  ['>=', '>='],
  ['in', 'in'],
])
