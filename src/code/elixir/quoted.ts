import { field, type Node, named } from '../node.ts'
import { none } from '../reading.ts'
import type { Expression } from '../syntax.ts'
import { argumentNodes, doBlock, keyOf } from './call-parts.ts'
import { atom } from './literal.ts'
import type { Reading } from './reading.ts'

/**
 * What macros get: code as data. It is a list whose first item says what it is, so that the evaluator carries it to the reader of the macro:
 *
 * - `name`, `call` and `field` have a name, and then quoted code: `x`, `count(x.id)` or `x == 1`, `x.id`;
 * - `list`, `tuple`, `map` and `keywords` have quoted items; those of the last two are each a `pair` of a name and a value;
 * - `value` has a literal, `float` the text of one, `module` the value of an alias, and `pin` and `subquery` that of code which runs: `^x`;
 * - `other` is code that is not read.
 */
export type Form =
  | 'name'
  | 'call'
  | 'field'
  | 'list'
  | 'tuple'
  | 'map'
  | 'keywords'
  | 'pair'
  | 'value'
  | 'float'
  | 'module'
  | 'pin'
  | 'subquery'
  | 'other'

const deepest = 60

export function quoted(node: Node, reading: Reading, depth = 0): Expression {
  const { text, expression } = reading
  const at = node.span
  const make = (form: Form, items: readonly Expression[] = []): Expression => ({
    kind: 'list',
    items: [textOf(form, node), ...items].map(value => ({ value })),
    at,
  })
  const inner = (each: Node) => quoted(each, reading, depth + 1)
  const pairs = (each: Node): Expression[] =>
    named(each).flatMap((pair): Expression[] => {
      const value = field(pair, 'value')
      const name = textOf(keyOf(pair, reading), field(pair, 'key') ?? pair)
      if (!value) return []
      return [
        {
          kind: 'list',
          items: [textOf('pair', pair), name, inner(value)].map(item => ({ value: item })),
          at: pair.span,
        },
      ]
    })
  const items = (each: Node) => named(each).flatMap(item => (item.kind === 'keywords' ? pairs(item) : [inner(item)]))
  if (depth > deepest) return make('other')
  switch (node.kind) {
    case 'identifier':
      return make('name', [textOf(text(node), node)])
    case 'alias':
      return make('module', [expression(node)])
    case 'float':
      return make('float', [textOf(text(node).replaceAll('_', ''), node)])
    case 'integer':
    case 'boolean':
    case 'nil':
    case 'atom':
    case 'string':
    case 'sigil':
      return make('value', [expression(node)])
    case 'keywords':
      return make('keywords', pairs(node))
    case 'list': {
      const [only] = named(node)
      return named(node).length === 1 && only?.kind === 'keywords'
        ? make('keywords', pairs(only))
        : make('list', items(node))
    }
    case 'block': {
      const [only, ...others] = named(node)
      return only && others.length === 0 ? inner(only) : make('other')
    }
    case 'tuple':
      return make('tuple', items(node))
    case 'map': {
      const content = named(node).find(({ kind }) => kind === 'map_content')
      const [only] = content ? named(content) : []
      return content && named(content).length === 1 && only?.kind === 'keywords'
        ? make('map', pairs(only))
        : make('other')
    }
    case 'unary_operator': {
      const operand = field(node, 'operand')
      const sign = text(field(node, 'operator'))
      if (!operand) return make('other')
      if (sign === '^') return make('pin', [expression(operand)])
      if (sign === '-' && operand.kind === 'integer') return make('value', [expression(node)])
      if (sign === '-' && operand.kind === 'float') return make('float', [textOf(text(node).replaceAll('_', ''), node)])
      return sign === 'not' ? make('call', [textOf(sign, node), inner(operand)]) : make('other')
    }
    case 'binary_operator': {
      const [left, right] = [field(node, 'left'), field(node, 'right')]
      const sign = text(field(node, 'operator'))
      if (!left || !right) return make('other')
      if (sign === '|>' && right.kind === 'call') return called(right, [inner(left)])
      if (sign === '|>' && right.kind === 'identifier') return make('call', [textOf(text(right), right), inner(left)])
      if (sign === 'not in')
        return make('call', [textOf('not', node), make('call', [textOf('in', node), inner(left), inner(right)])])
      return make('call', [textOf(sign, node), inner(left), inner(right)])
    }
    case 'call':
      return called(node, [])
    case 'dot':
      return asField(node)
    default:
      return make('other')
  }

  function asField(dot: Node): Expression {
    const [of, name] = [field(dot, 'left'), field(dot, 'right')]
    return of && name?.kind === 'identifier' ? make('field', [textOf(text(name), name), inner(of)]) : make('other')
  }

  function called(call: Node, before: readonly Expression[]): Expression {
    const target = field(call, 'target')
    if (!target || doBlock(call)) return make('other')
    const hasArguments = call.children.some(({ kind }) => kind === 'arguments')
    if (target.kind === 'dot') return before.length === 0 && !hasArguments ? asField(target) : make('other')
    if (target.kind !== 'identifier') return make('other')
    const word = text(target)
    const [first] = argumentNodes(call)
    if (word === 'subquery' && before.length === 0) return make('subquery', [first ? expression(first) : none(call)])
    return make('call', [textOf(word, target), ...before, ...argumentNodes(call).map(inner)])
  }
}

function textOf(word: string, node: Node): Expression {
  return { kind: 'text', parts: [atom(word, node.span)], at: node.span }
}
