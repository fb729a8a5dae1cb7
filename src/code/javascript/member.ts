import type { Span } from '../../parse/span.ts'
import { oneOf } from '../reach.ts'
import { lengthOf } from '../text.ts'
import { known, unknown, type Value } from '../value.ts'

/** A property of a value, as JavaScript has it. Methods of texts and lists are values of their own: see `builtin.ts`. */
export function memberOf(of: Value, name: string, at: Span): Value {
  switch (of.kind) {
    case 'record': {
      const found = of.entries.get(name)
      if (found) return found
      const inherited = of.base?.get?.(name, at)
      if (inherited) return inherited
      if (methodsOfRecords.has(name)) return method(of, name, at)
      return of.isOpen ? unknown('it belongs to an unknown value', at, true, name) : known(undefined, at)
    }
    case 'callable': {
      const found = of.entries.get(name)
      if (found) return found
      return name === 'name'
        ? { kind: 'text', pieces: [{ text: of.name, at, isVerbatim: false }] }
        : method(of, name, at)
    }
    case 'list': {
      const index = Number(name)
      if (Number.isInteger(index) && index >= 0)
        return of.isOpen
          ? oneOf(of.items, 'part of the list is unknown', at)
          : (of.items[index] ?? known(undefined, at))
      if (name === 'length') return of.isOpen ? unknown('part of the list is unknown', at) : known(of.items.length, at)
      return method(of, name, at)
    }
    case 'text':
      if (name === 'length') return known(lengthOf(of), at)
      return method(of, name, at)
    case 'host':
      return of.get?.(name, at) ?? hostMember(of, name, at)
    case 'plain':
      return method(of, name, at)
    case 'unknown':
      return { ...unknown(of.why, at, of.isForeign, name), of, ...(of.mayReach && { mayReach: of.mayReach }) }
  }
}

const methodsOfRecords = new Set(['hasOwnProperty', 'toString'])

function method(of: Value, name: string, at: Span): Value {
  return { ...unknown(`\`${name}\` is not evaluated`, at, false, name), of }
}

/** A host's `then`, `catch` and `finally` wait for it; its other unknown members are reported as unread when they are called. */
function hostMember(of: Extract<Value, { kind: 'host' }>, name: string, at: Span): Value {
  return /^(?:then|catch|finally|call|apply|bind)$/.test(name)
    ? method(of, name, at)
    : { ...unknown(`\`${name}\` of ${of.name} is not read yet`, at, true, name), of }
}
