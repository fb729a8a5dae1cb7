import { field, type Node, named } from '../node.ts'
import { none, unread } from '../reading.ts'
import type { Expression } from '../syntax.ts'
import { aliasOf } from './alias.ts'
import { argumentNodes, bodyOf, doBlock, keywordsOf, section } from './call-parts.ts'
import { clausesOf } from './clause.ts'
import { type Clause, chosen } from './function.ts'
import type { Reading } from './reading.ts'
import { schemaOf } from './schema.ts'

export function specialForm(word: string, node: Node, reading: Reading): Expression | null {
  const { text, expression, statements, block, pattern, modules } = reading
  const nodes = argumentNodes(node)
  const short = keywordsOf(nodes, reading)
  const body = doBlock(node)
  const at = node.span
  const [first] = nodes
  const bind = () => {
    for (const each of nodes) {
      const left = field(each, 'left')
      if (left && /^(?:<-|=)$/.test(text(field(each, 'operator')))) pattern(left)
    }
  }
  const yes = (): Expression =>
    body ? bodyOf(body, reading) : short.has('do') ? expression(short.get('do') as Node) : none(node)
  switch (word) {
    case 'defmodule':
    case 'defimpl':
    case 'defprotocol': {
      modules.push(text(first))
      const inside = body ? statements(named(body)) : []
      modules.pop()
      return { kind: 'class', name: text(first), nameAt: (first ?? node).span, bases: [], body: inside, at }
    }
    case 'use':
    case 'require':
    case 'import':
      return none(node)
    case 'alias':
      return aliasOf(node, reading)
    case 'if':
    case 'unless': {
      const other = section(body, 'else_block')
      const no = other ? bodyOf(other, reading) : short.has('else') ? expression(short.get('else') as Node) : undefined
      const test = first ? expression(first) : none(node)
      return {
        kind: 'choice',
        test: word === 'if' ? test : { kind: 'operation', operator: 'not', of: [test], at },
        yes: yes(),
        ...(no && { no }),
        at,
      }
    }
    case 'cond':
      if (!body) return none(node)
      return named(body)
        .filter(({ kind }) => kind === 'stab_clause')
        .reduceRight<Expression>(
          (no, each) => {
            const [test] = named(field(each, 'left') ?? { ...each, children: [] })
            const right = field(each, 'right')
            const then = right ? block(named(right), right) : none(each)
            return { kind: 'choice', test: test ? expression(test) : none(each), yes: then, no, at: each.span }
          },
          { kind: 'leave', how: 'throw', at },
        )
    case 'case':
      return first ? choiceOf(expression(first), node, reading) : null
    case 'for':
      // The names that it binds must be known before its body is read.
      bind()
      return comprehension(nodes, yes(), node, reading)
    case 'try': {
      const after = section(body, 'after_block')
      const handlers = ['rescue_block', 'catch_block'].flatMap(kind => {
        const own = section(body, kind)
        return own ? clausesOf(own, reading).map(clause => clause.body) : []
      })
      return { kind: 'try', body: yes(), handlers, ...(after && { last: bodyOf(after, reading) }), at }
    }
    case 'raise':
    case 'throw':
      return { kind: 'leave', how: 'throw', at }
    case 'schema':
      return schemaOf(node, reading)
    case 'embedded_schema':
      return none(node)
    case 'with':
      bind()
      return withClauses(nodes, yes(), body, node, reading)
    case 'receive':
    case 'quote':
      return unread(`\`${word}\` is not read`, node, reading, body ? named(body) : [])
    default:
      return null
  }
}

/** `case value do …`, also behind a pipe. Null: it has no clauses. */
export function choiceOf(value: Expression, node: Node, reading: Reading): Expression | null {
  const body = doBlock(node)
  return body ? matched(value, clausesOf(body, reading), node) : null
}

function matched(value: Expression, clauses: readonly Clause[], { span: at }: Node): Expression {
  const name = `case ${value.at[0]}`
  const given: Expression = { kind: 'name', name, at: value.at }
  return {
    kind: 'block',
    body: [
      { kind: 'assignment', to: { kind: 'name', name }, value, isDeclaration: true, at },
      chosen(clauses, [given], at),
    ],
    at,
  }
}

/** `with pattern <- value, … do … else … end`: the rest runs while the patterns match. */
function withClauses(
  nodes: readonly Node[],
  body: Expression,
  block: Node | undefined,
  node: Node,
  reading: Reading,
): Expression {
  const { text, expression, shape } = reading
  const parts = nodes.filter(({ kind }) => kind !== 'keywords')
  const other = section(block, 'else_block')
  const otherwise: Clause = {
    name: '',
    shapes: [{ pattern: { kind: 'nothing' }, fits: null }],
    body: none(node),
    at: node.span,
  }
  const failed = other ? clausesOf(other, reading) : [otherwise]
  return parts.reduceRight<Expression>((rest, part) => {
    const [left, right] = [field(part, 'left'), field(part, 'right')]
    const isMatch = part.kind === 'binary_operator' && text(field(part, 'operator')) === '<-'
    if (!isMatch || !left || !right) return { kind: 'block', body: [expression(part), rest], at: node.span }
    const first: Clause = { name: '', shapes: [shape(left)], body: rest, at: part.span }
    return matched(expression(right), [first, ...failed], part)
  }, body)
}

/** `for item <- list, condition, do: …` */
function comprehension(nodes: readonly Node[], body: Expression, node: Node, reading: Reading): Expression {
  const { text, expression, pattern } = reading
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
