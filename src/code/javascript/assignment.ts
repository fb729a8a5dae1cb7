import { field, has, type Node } from '../node.ts'
import { oneOf } from '../reach.ts'
import { plain, textAt } from '../text.ts'
import { known, type Scope, unknown, type Value } from '../value.ts'
import type { Machine } from './machine.ts'
import { between } from './operator.ts'
import { shortened } from './short-circuit.ts'

export function assignment(node: Node, scope: Scope, machine: Machine): Value {
  const [left, right] = [field(node, 'left'), field(node, 'right')]
  if (!left || !right) return unknown('this kind of expression is not read', node.span)
  const value = machine.evaluate(right, scope)
  store(left, value, scope, machine)
  return value
}

function store(left: Node, value: Value, scope: Scope, machine: Machine): void {
  if (left.kind === 'identifier') machine.assign(scope, machine.source(left), value)
  else if (left.kind === 'member_expression' || left.kind === 'subscript_expression') {
    const [of, property, index] = [field(left, 'object'), field(left, 'property'), field(left, 'index')]
    const owner = of ? machine.evaluate(of, scope) : undefined
    const key = property ? textAt(machine.source(property), property.span) : index && machine.evaluate(index, scope)
    const name = key?.kind === 'text' ? plain(key) : key?.kind === 'plain' ? String(key.value) : null
    if (owner?.kind === 'list') owner.isOpen = true
    else if (owner?.kind === 'record' || owner?.kind === 'callable') {
      machine.run.weigh([value], owner)
      const isSure = machine.run.conditions === 0
      if (name !== null)
        owner.entries.set(
          name,
          isSure
            ? value
            : oneOf([value, machine.member(owner, name, left.span)], 'it is set under a condition', left.span),
        )
      else if (owner.kind === 'record') owner.isOpen = true
    }
  } else machine.bind(left, value, scope)
}

/** `delete object.name` */
export function deleted(argument: Node, scope: Scope, machine: Machine): Value {
  store(argument, known(undefined, argument.span), scope, machine)
  const of = field(argument, 'object')
  const owner = of && machine.evaluate(of, scope)
  // The name itself is gone as well, which a list of the names would show.
  if (owner?.kind === 'record') owner.isOpen = true
  return known(true, argument.span)
}

export function augmented(node: Node, scope: Scope, machine: Machine): Value {
  const [left, right] = [field(node, 'left'), field(node, 'right')]
  if (!left || !right) return unknown('this kind of expression is not read', node.span)
  const operator = machine.source(field(node, 'operator') ?? node).slice(0, -1)
  const old = machine.evaluate(left, scope)
  const value = /^(?:&&|\|\||\?\?)$/.test(operator)
    ? shortened(operator, old, right, scope, machine)
    : between(operator, old, machine.evaluate(right, scope), node.span)
  store(left, value, scope, machine)
  return value
}

export function update(node: Node, scope: Scope, machine: Machine): Value {
  const argument = field(node, 'argument')
  if (!argument) return unknown('this kind of expression is not read', node.span)
  const old = machine.evaluate(argument, scope)
  const by = has(node, '++') ? 1 : -1
  const value =
    old.kind === 'plain' ? known(Number(old.value) + by, node.span) : unknown('its number is unknown', node.span)
  store(argument, value, scope, machine)
  // The value of `i++` is the old one.
  return node.children[0] === argument ? old : value
}
