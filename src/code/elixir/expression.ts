import { field, type Node, named } from '../node.ts'
import { none, unread } from '../reading.ts'
import type { Argument, Expression } from '../syntax.ts'
import { inFull } from './alias.ts'
import { call, calleeOf } from './call.ts'
import { anonymous } from './clause.ts'
import { keywords, pairsOf } from './keywords.ts'
import { atom, partsOf, wordsOf } from './literal.ts'
import { binary, unary } from './operator.ts'
import type { Reading } from './reading.ts'

export function expressionOf(node: Node, reading: Reading): Expression {
  const { text, source, expression, block, isBound } = reading
  const at = node.span
  switch (node.kind) {
    case 'call':
      return call(node, reading)
    case 'identifier':
      if (isBound(text(node))) return { kind: 'name', name: text(node), at }
      return { kind: 'call', callee: calleeOf(node, reading), args: [], nameAt: at, at }
    case 'alias':
      return { kind: 'name', name: inFull(text(node), reading), at }
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
      return unread(`a sigil \`~${name}\` is not read`, node, reading, [])
    }
    case 'integer':
    case 'float':
      return { kind: 'plain', value: Number(text(node).replaceAll('_', '')), at }
    case 'boolean':
      return { kind: 'plain', value: text(node) === 'true', at }
    case 'nil':
      return none(node)
    case 'list': {
      const items = named(node)
      const [only] = items
      if (items.length === 1 && only?.kind === 'keywords') return keywords(only, reading)
      return {
        kind: 'list',
        items: items.flatMap(each => (each.kind === 'keywords' ? pairsOf(each, reading) : itemOf(each, reading))),
        at,
      }
    }
    case 'tuple':
      return { kind: 'list', items: named(node).flatMap(each => itemOf(each, reading)), at }
    case 'map':
      return mapOf(node, reading)
    case 'keywords':
      return keywords(node, reading)
    case 'block':
      return block(named(node), node)
    case 'anonymous_function':
      return anonymous(node, reading)
    case 'access_call': {
      const [of, by] = [field(node, 'target'), field(node, 'key')]
      return of && by
        ? { kind: 'index', of: expression(of), by: expression(by), at }
        : unread('this kind of expression is not read', node, reading)
    }
    case 'dot':
      return calleeOf(node, reading)
    case 'unary_operator':
      return unary(node, reading)
    case 'binary_operator':
      return binary(node, reading)
    case 'comment':
      return none(node)
    default:
      return unread('this kind of expression is not read', node, reading)
  }
}

function itemOf(node: Node, reading: Reading): Argument[] {
  const { expression } = reading
  return [{ value: expression(node) }]
}

function mapOf(node: Node, reading: Reading): Expression {
  const { expression } = reading
  const content = named(node).find(({ kind }) => kind === 'map_content')
  if (named(node).some(({ kind }) => kind === 'struct')) return unread('a struct is not read', node, reading, [])
  if (
    content &&
    named(content).some(({ kind, children }) => kind === 'binary_operator' && children.some(each => each.kind === '|'))
  )
    return unread('an updated map is not read', node, reading, [])
  const entries = content
    ? named(content).flatMap(each => {
        if (each.kind === 'keywords') {
          const inner = keywords(each, reading)
          return inner.kind === 'record' ? [...inner.entries] : []
        }
        const [key, value] = [field(each, 'left'), field(each, 'right')]
        return key && value ? [{ key: expression(key), value: expression(value) }] : []
      })
    : []
  return { kind: 'record', entries, at: node.span }
}
