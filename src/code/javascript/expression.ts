import { boundedItems } from '../limit.ts'
import { field, type Node, named } from '../node.ts'
import { oneOf } from '../reach.ts'
import { joined, plain, type Text } from '../text.ts'
import {
  type Callable,
  entry,
  known,
  list,
  record,
  type Scope,
  spreadInto,
  truth,
  unknown,
  unknownName,
  type Value,
} from '../value.ts'
import { assignment, augmented, deleted, update } from './assignment.ts'
import { call, made } from './call.ts'
import { metaOf } from './files.ts'
import { numberOf, stringOf, templateOf } from './literal.ts'
import type { Machine } from './machine.ts'
import { asText, before, between } from './operator.ts'
import { shortened } from './short-circuit.ts'

type Read = (node: Node, scope: Scope, machine: Machine) => Value

/** The expression inside of parentheses and of TypeScript's type assertions. */
const inside: Read = (node, scope, machine) => {
  const [inner] = named(node)
  return inner ? machine.evaluate(inner, scope) : unknown('this kind of expression is not read', node.span)
}

/** Expressions by the kind of their node. */
export const expressions: ReadonlyMap<string, Read> = new Map<string, Read>([
  ['parenthesized_expression', inside],
  ['as_expression', inside],
  ['satisfies_expression', inside],
  ['non_null_expression', inside],
  ['instantiation_expression', inside],
  ['type_assertion', (node, scope, machine) => last(node, scope, machine)],
  ['sequence_expression', (node, scope, machine) => last(node, scope, machine)],
  ['string', (node, _, { text }) => stringOf(node, text)],
  ['number', (node, _, { text }) => known(numberOf(text.slice(node.span[0], node.span[1])), node.span)],
  ['true', node => known(true, node.span)],
  ['false', node => known(false, node.span)],
  ['null', node => known(null, node.span)],
  ['undefined', node => known(undefined, node.span)],
  ['template_string', template],
  ['identifier', name],
  ['shorthand_property_identifier', name],
  ['this', (node, scope) => lookedUp(scope, 'this') ?? unknown('it is `this` of nothing', node.span)],
  ['super', node => unknown('it belongs to a class of another file', node.span, true)],
  ['array', array],
  ['object', object],
  ['arrow_function', callable],
  ['function_expression', callable],
  ['function', callable],
  ['generator_function', callable],
  ['class', callable],
  ['binary_expression', binary],
  ['unary_expression', unary],
  ['ternary_expression', ternary],
  ['await_expression', awaited],
  ['member_expression', member],
  ['subscript_expression', subscript],
  ['call_expression', call],
  ['new_expression', made],
  ['assignment_expression', assignment],
  ['augmented_assignment_expression', augmented],
  ['update_expression', update],
  ['spread_element', inside],
  ['regex', node => unknown('it is a regular expression', node.span)],
  ['import', node => unknown('it comes from another file', node.span, true)],
  ['meta_property', (node, _, { run }) => metaOf(run, node.span)],
])

function last(node: Node, scope: Scope, machine: Machine): Value {
  const values = named(node)
    .filter(each => !isType(each))
    .map(each => machine.evaluate(each, scope))
  return values.at(-1) ?? unknown('this kind of expression is not read', node.span)
}

function isType(node: Node): boolean {
  return /type/.test(node.kind) && node.kind !== 'type_assertion'
}

function lookedUp(scope: Scope | null, name: string): Value | undefined {
  for (let at = scope; at; at = at.outer) {
    const found = at.names.get(name)
    if (found) return found
  }
  return undefined
}

function name(node: Node, scope: Scope, machine: Machine): Value {
  const word = machine.source(node)
  if (word === 'undefined') return known(undefined, node.span)
  return lookedUp(scope, word) ?? unknownName(word, node.span)
}

function template(node: Node, scope: Scope, machine: Machine): Value {
  const { texts, holes } = templateOf(node, machine.text)
  const parts: Text[] = []
  for (const [i, text] of texts.entries()) {
    parts.push(text)
    const [inner] = holes[i] ? named(holes[i]) : []
    if (inner) parts.push(asText(machine.evaluate(inner, scope), inner.span, machine.source(inner)))
  }
  return joined(parts)
}

function array(node: Node, scope: Scope, machine: Machine): Value {
  const made = list([], node.span)
  for (const item of named(node)) {
    const value = machine.evaluate(item, scope)
    if (item.kind !== 'spread_element') made.items.push(value)
    else spreadInto(value, made)
    boundedItems(made.items)
  }
  return made
}

function object(node: Node, scope: Scope, machine: Machine): Value {
  const made = record([], node.span)
  for (const item of named(node)) {
    switch (item.kind) {
      case 'pair': {
        const [key, value] = [field(item, 'key'), field(item, 'value')]
        if (!key || !value) break
        const name = keyOf(key, scope, machine)
        const found = machine.evaluate(value, scope)
        if (name === null) made.isOpen = true
        else made.entries.set(name, found)
        break
      }
      case 'shorthand_property_identifier':
        made.entries.set(machine.source(item), machine.evaluate(item, scope))
        break
      case 'method_definition': {
        const key = field(item, 'name')
        const name = key ? keyOf(key, scope, machine) : null
        if (name !== null) made.entries.set(name, { ...machine.callable(item, scope), self: made })
        break
      }
      case 'spread_element': {
        const value = machine.evaluate(item, scope)
        if (value.kind === 'record') {
          for (const [key, each] of value.entries) made.entries.set(key, each)
          if (value.isOpen) made.isOpen = true
        } else if (value.kind !== 'plain') made.isOpen = true
        break
      }
    }
  }
  return made
}

/** The name of a property; null: it is computed from an unknown value. */
export function keyOf(node: Node, scope: Scope, machine: Machine): string | null {
  if (node.kind === 'string') return plain(stringOf(node, machine.text))
  if (node.kind !== 'computed_property_name') return machine.source(node)
  const [inner] = named(node)
  const value = inner ? machine.evaluate(inner, scope) : null
  if (value?.kind === 'plain') return String(value.value)
  if (value?.kind !== 'text' || value.pieces.some(piece => piece.unknown !== undefined)) return null
  return plain(value)
}

function callable(node: Node, scope: Scope, machine: Machine): Callable {
  return machine.callable(node, scope)
}

/** Sums of many texts are nested to the left, as deep as they are long, so they are read from the innermost one outwards. */
function binary(node: Node, scope: Scope, machine: Machine): Value {
  const spine: Node[] = []
  let left: Node | undefined = node
  while (left?.kind === 'binary_expression') {
    spine.push(left)
    left = field(left, 'left')
  }
  let value = left ? machine.evaluate(left, scope) : unknown('this kind of expression is not read', node.span)
  const texts: Text[] = []
  // Joins all of them at once, because one text for each `+` would take the square of their number.
  const together = (at: Node): Value =>
    texts.length === 0 ? value : joined([asText(value, at.span), ...texts.splice(0)])
  for (const each of spine.reverse()) {
    const operator = machine.source(field(each, 'operator') ?? each)
    const right = field(each, 'right')
    if (!right) return unknown('this kind of expression is not read', node.span)
    if (/^(?:&&|\|\||\?\?)$/.test(operator)) {
      value = shortened(operator, together(each), right, scope, machine)
      continue
    }
    const other = machine.evaluate(right, scope)
    if (operator === '+' && (value.kind === 'text' || texts.length > 0)) {
      texts.push(asText(other, right.span, machine.source(right)))
      continue
    }
    value = between(operator, together(each), other, each.span)
  }
  return together(node)
}

function unary(node: Node, scope: Scope, machine: Machine): Value {
  const argument = field(node, 'argument')
  if (!argument) return unknown('this kind of expression is not read', node.span)
  const operator = machine.source(field(node, 'operator') ?? node)
  if (operator === 'delete') return deleted(argument, scope, machine)
  return before(operator, machine.evaluate(argument, scope), node.span)
}

function ternary(node: Node, scope: Scope, machine: Machine): Value {
  const [condition, yes, no] = [field(node, 'condition'), field(node, 'consequence'), field(node, 'alternative')]
  if (!condition || !yes || !no) return unknown('this kind of expression is not read', node.span)
  const value = machine.evaluate(condition, scope)
  const isTrue = truth(value)
  if (isTrue !== null) return machine.evaluate(isTrue ? yes : no, scope)
  const why = value.kind === 'unknown' ? value.why : 'it depends on an unknown value'
  const values: Value[] = []
  const ways = [yes, no].map(way => () => void values.push(machine.evaluate(way, scope)))
  machine.perhaps(why, ways, condition.span)
  return oneOf(values, why, node.span)
}

function awaited(node: Node, scope: Scope, machine: Machine): Value {
  const value = inside(node, scope, machine)
  return machine.run.settle(value, node.span)
}

function member(node: Node, scope: Scope, machine: Machine): Value {
  const [of, property] = [field(node, 'object'), field(node, 'property')]
  if (!of || !property) return unknown('this kind of expression is not read', node.span)
  return machine.member(machine.evaluate(of, scope), machine.source(property), node.span)
}

function subscript(node: Node, scope: Scope, machine: Machine): Value {
  const [of, index] = [field(node, 'object'), field(node, 'index')]
  if (!of || !index) return unknown('this kind of expression is not read', node.span)
  const [value, key] = [machine.evaluate(of, scope), machine.evaluate(index, scope)]
  if (key.kind === 'plain' || (key.kind === 'text' && !key.pieces.some(piece => piece.unknown !== undefined)))
    return machine.member(value, key.kind === 'text' ? plain(key) : String(key.value), node.span)
  return oneOf([value], key.kind === 'unknown' ? key.why : 'its name is computed', node.span)
}

/** A default in a pattern, which counts where the value is missing. */
export function orDefault(value: Value, by: Node | undefined, scope: Scope, machine: Machine): Value {
  const isMissing = value.kind === 'plain' && value.value === undefined
  return isMissing && by ? machine.evaluate(by, scope) : value
}

/** The value of one name of a record, as destructuring takes it. */
export function part(value: Value, name: string, at: Node['span'], machine: Machine): Value {
  return entry(value, name) ?? machine.member(value, name, at)
}
