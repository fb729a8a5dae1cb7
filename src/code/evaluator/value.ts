import type { Span } from '../../parse/span.ts'
import { arithmetic, isOrdered, orders, whyNotCalculated } from '../calculation.ts'
import { boundedItems } from '../limit.ts'
import { oneOf } from '../reach.ts'
import { hole, joined, plain, type Text, textAt, unknownIn } from '../text.ts'
import { known, unknown, type Value } from '../value.ts'
import type { Language, Machine } from './machine.ts'

/** A property of a value. Methods of texts, lists, records and numbers are unknown values that know which value they belong to. */
export function memberOf(of: Value, name: string, at: Span, machine: Machine): Value {
  switch (of.kind) {
    case 'record': {
      const found = of.entries.get(name) ?? of.base?.get?.(name, at)
      if (found) return found
      // Instance variables of Ruby are `nil` until they are assigned.
      if (name.startsWith('@')) return known(null, at)
      if (of.base) return ofHost(of.base, name, at)
      if (machine.language.methodOf(of, name)) return method(of, name, at)
      if (of.isOpen && machine.language.impliesSelf) return machine.unresolved(name, at)
      return of.isOpen ? unknown('it belongs to an unknown value', at, true, name) : method(of, name, at)
    }
    case 'callable': {
      const found = of.entries.get(name)
      if (found) return found
      for (const base of of.bases ?? []) {
        const inherited = memberOf(base, name, at, machine)
        if (inherited.kind !== 'unknown' || inherited.mayReach) return inherited
      }
      return method(of, name, at)
    }
    case 'host':
      return of.get?.(name, at) ?? ofHost(of, name, at)
    case 'unknown':
      return {
        ...unknown(of.why, at, of.isForeign, of.name === undefined ? name : `${of.name}.${name}`),
        of,
        ...(of.mayReach && { mayReach: of.mayReach }),
      }
    default:
      return method(of, name, at)
  }
}

function method(of: Value, name: string, at: Span): Value {
  return { ...unknown(`\`${name}\` is not evaluated`, at, false, name), of }
}

function ofHost(of: Extract<Value, { kind: 'host' }>, name: string, at: Span): Value {
  return { ...unknown(`\`${name}\` of ${of.name} is not read yet`, at, true, name), of }
}

/** `a[b]` */
export function elementOf(of: Value, by: Value, at: Span, machine: Machine): Value {
  if (of.kind === 'host') return of.index?.(by, at) ?? oneOf([of], 'the key is unknown', at)
  const key = keyOf(by)
  if (key === null) return oneOf([of], by.kind === 'unknown' ? by.why : 'its name is computed', at)
  if (of.kind === 'record') {
    const found = of.entries.get(String(key))
    return found ?? (of.isOpen ? unknown('it belongs to an unknown value', at) : known(null, at))
  }
  if (of.kind === 'list' && typeof key === 'number') {
    if (of.isOpen) return oneOf(of.items, 'part of the list is unknown', at)
    return of.items.at(key) ?? known(null, at)
  }
  if (of.kind === 'unknown') return memberOf(of, String(key), at, machine)
  return unknown('only a part of it is taken', at)
}

/** A value as the name of an entry; null: unknown. */
export function keyOf(value: Value): string | number | null {
  if (value.kind === 'text') return unknownIn(value) === null ? plain(value) : null
  return value.kind === 'plain' && typeof value.value === 'number' ? value.value : null
}

/** A value as a language puts it into a text. `name`: how the program writes an unknown value. */
export function asText(value: Value, at: Span, language: Language, name?: string): Text {
  switch (value.kind) {
    case 'text':
      return value
    case 'plain':
      return textAt(language.written(value.value), at)
    case 'unknown':
      return hole(at, value.why, name ?? value.name)
    case 'host':
      return hole(at, `${value.name} is not text`, name)
    default:
      return hole(at, 'it is not text', name)
  }
}

/** The value to compare; undefined: unknown. */
function comparable(value: Value): { readonly is: string | number | boolean | null } | undefined {
  if (value.kind === 'plain') return { is: value.value ?? null }
  return value.kind === 'text' && unknownIn(value) === null ? { is: plain(value) } : undefined
}

/** Whether two values are the same; null: unknown. */
export function isSame(left: Value, right: Value): boolean | null {
  const [a, b] = [comparable(left), comparable(right)]
  if (a && b) return a.is === b.is
  // A value that exists differs from nothing, whatever it is.
  const isNothing = (value: Value) => value.kind === 'plain' && (value.value ?? null) === null
  if ((isNothing(left) && right.kind !== 'unknown') || (isNothing(right) && left.kind !== 'unknown')) return false
  return null
}

/** `+`, `-`, `<` and similar operators between two values. */
export function calculated(operator: string, left: Value, right: Value, at: Span, machine: Machine): Value {
  const own =
    (left.kind === 'host' && left.operation?.(operator, right, at, false)) ||
    (right.kind === 'host' && right.operation?.(operator, left, at, true))
  if (own) return own
  const isText = left.kind === 'text' || right.kind === 'text'
  if (operator === 'join' || (operator === '+' && isText))
    return joined([machine.asText(left, at), machine.asText(right, at)])
  if (operator === '+' && left.kind === 'list' && right.kind === 'list')
    return {
      ...left,
      items: boundedItems([...left.items, ...right.items]),
      ...((left.isOpen || right.isOpen) && { isOpen: true }),
    }
  if (operator === 'is' || operator === 'is not') {
    const same = isSame(left, right)
    return same === null ? unknown(whyNotCalculated(left, right), at) : known(operator === 'is' ? same : !same, at)
  }
  if (operator === 'in') return contained(left, right, at)
  const [a, b] = [comparable(left), comparable(right)]
  if (!a || !b) return unknown(whyNotCalculated(left, right), at)
  if (typeof a.is === 'string' && typeof b.is === 'string' && orders.has(operator))
    return known(isOrdered(operator, a.is, b.is), at)
  if (typeof a.is !== 'number' || typeof b.is !== 'number') return unknown('its value is calculated', at)
  if (orders.has(operator)) return known(isOrdered(operator, a.is, b.is), at)
  const calculate = arithmetic.get(operator)
  return calculate ? known(calculate(a.is, b.is), at) : unknown('its value is calculated', at)
}

/** Whether a value is an item of a list, a name of a record, or a part of a text. */
function contained(what: Value, of: Value, at: Span): Value {
  const key = keyOf(what)
  if (of.kind === 'record' && key !== null && (!of.isOpen || of.entries.has(String(key))))
    return known(of.entries.has(String(key)), at)
  if (of.kind === 'text' && what.kind === 'text' && unknownIn(of) === null && unknownIn(what) === null)
    return known(plain(of).includes(plain(what)), at)
  if (of.kind !== 'list') return unknown(whyNotCalculated(what, of), at)
  const same = of.items.map(item => isSame(item, what))
  if (same.includes(true)) return known(true, at)
  return same.includes(null) || of.isOpen ? unknown('part of the list is unknown', at) : known(false, at)
}

/** A clause that says what an unknown condition depends on. */
export function whyUnknown(value: Value): string {
  return value.kind === 'unknown' ? value.why : 'it depends on an unknown value'
}
