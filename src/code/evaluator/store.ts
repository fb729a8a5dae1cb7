import { oneOf } from '../reach.ts'
import type { Pattern } from '../syntax.ts'
import type { Scope, Value } from '../value.ts'
import type { Machine } from './machine.ts'
import { keyOf } from './value.ts'

/** Assigns a value to an entry or a member. */
export function store(
  place: Extract<Pattern, { kind: 'place' }>['place'],
  value: Value,
  scope: Scope,
  machine: Machine,
): void {
  const owner = machine.evaluate(place.of, scope)
  const key = place.kind === 'member' ? place.name : keyOf(machine.evaluate(place.by, scope))
  if (owner.kind === 'list') owner.isOpen = true
  else if (owner.kind === 'host') {
    if (key === null || owner.ignores?.(String(key)) !== true)
      machine.run.unread(place.at, 'it gets another value, which is not read', owner.onlyRows)
  } else if (owner.kind === 'record' || owner.kind === 'callable') {
    if (key === null) {
      if (owner.kind === 'record') owner.isOpen = true
      return
    }
    machine.run.weigh([value], owner)
    const isSure = machine.run.conditions === 0
    const old = machine.member(owner, String(key), place.at)
    owner.entries.set(String(key), isSure ? value : oneOf([value, old], 'it is set under a condition', place.at))
  }
}
