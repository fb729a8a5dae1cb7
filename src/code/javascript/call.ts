import { field, has, type Node, named } from '../node.ts'
import { known, record, type Scope, unknown, type Value } from '../value.ts'
import { templateOf } from './literal.ts'
import type { Machine } from './machine.ts'

export function call(node: Node, scope: Scope, machine: Machine): Value {
  const [callee, given] = [field(node, 'function'), field(node, 'arguments')]
  if (!callee || !given) return unknown('this kind of expression is not read', node.span)
  const isMember = callee.kind === 'member_expression' || callee.kind === 'subscript_expression'
  const of = isMember ? field(callee, 'object') : undefined
  const property = field(callee, 'property')
  const self = of ? machine.evaluate(of, scope) : undefined
  if (
    self?.kind === 'plain' &&
    (self.value === undefined || self.value === null) &&
    isMember &&
    has(callee, 'optional_chain')
  )
    return known(undefined, node.span)
  const value =
    self && property ? machine.member(self, machine.source(property), callee.span) : machine.evaluate(callee, scope)
  const nameAt = (isMember ? property : undefined)?.span ?? callee.span
  if (given.kind === 'template_string') return tagged(value, given, node, nameAt, scope, machine)
  const { args, argsAt } = argumentsOf(given, scope, machine)
  if (args === null) return machine.run.notRead(node.span, 'its arguments are unknown')
  return machine.call(value, args, { at: node.span, nameAt, argsAt, ...(self && { self }) })
}

function argumentsOf(given: Node, scope: Scope, machine: Machine) {
  const args: Value[] = []
  const argsAt: Node['span'][] = []
  for (const each of named(given)) {
    const value = machine.evaluate(each, scope)
    if (each.kind !== 'spread_element') {
      args.push(value)
      argsAt.push(each.span)
    } else if (value.kind === 'list' && !value.isOpen) {
      for (const item of value.items) {
        args.push(item)
        argsAt.push(each.span)
      }
    } else return { args: null, argsAt }
  }
  return { args, argsAt }
}

/** sql`…` */
function tagged(tag: Value, given: Node, node: Node, nameAt: Node['span'], scope: Scope, machine: Machine): Value {
  const { texts, holes } = templateOf(given, machine.text)
  const values = holes.map(each => {
    const [inner] = named(each)
    return inner ? machine.evaluate(inner, scope) : unknown('this kind of expression is not read', each.span)
  })
  machine.run.weigh(values)
  if (tag.kind === 'host' && tag.call)
    return tag.call({ args: values, at: node.span, nameAt, argsAt: holes.map(({ span }) => span), template: texts })
  return machine.call(tag, values, { at: node.span, nameAt, argsAt: holes.map(({ span }) => span) })
}

export function made(node: Node, scope: Scope, machine: Machine): Value {
  const [maker, given] = [field(node, 'constructor'), field(node, 'arguments')]
  if (!maker) return unknown('this kind of expression is not read', node.span)
  const value = machine.evaluate(maker, scope)
  const { args, argsAt } = given ? argumentsOf(given, scope, machine) : { args: [], argsAt: [] }
  if (value.kind === 'callable' || value.kind === 'host')
    return machine.call(value, args ?? [], { at: node.span, nameAt: maker.span, argsAt, self: record([], node.span) })
  const word = machine.source(maker)
  return word === 'Map' || word === 'Set' || word === 'Date'
    ? unknown(`a ${word} is not evaluated`, node.span)
    : unknown(value.kind === 'unknown' ? value.why : 'it is made of a class of another file', node.span, true)
}
