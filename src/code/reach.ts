import type { Span } from '../parse/span.ts'
import { type Unknown, unknown, type Value } from './value.ts'

/** How deep lists and objects are searched. */
const deepest = 4

/**
 * What a function may reach that gets a value: true for the tool's own objects, and for values that contain one or may be one; `rows` if what these
 * reach are rows alone; null: nothing. A list that is in many others is searched once for each depth: otherwise lists of the same lists
 * would take the power of their number.
 */
export type Reach = true | 'rows' | null

export function reachOf(value: Value): Reach {
  return reachBy(value, deepest, new Map())
}

export function reaches(value: Value): boolean {
  return reachOf(value) !== null
}

/** What all of these reach together. */
export function reachOfAll(values: Iterable<Value>): Reach {
  let found: Reach = null
  for (const value of values) {
    const own = reachOf(value)
    if (own === true) return true
    found ??= own
  }
  return found
}

/** `known`: how many levels of a value were searched already. */
function reachBy(value: Value, levels: number, known: Map<Value, number>): Reach {
  if (value.kind === 'host') return value.isInert ? null : value.onlyRows ? 'rows' : true
  if (value.kind === 'unknown') return value.mayReach ?? null
  if (levels === 0 || (value.kind !== 'list' && value.kind !== 'record')) return null
  if ((known.get(value) ?? 0) >= levels) return null
  known.set(value, levels)
  let found: Reach = null
  const inside = value.kind === 'list' ? value.items : value.entries.values()
  for (const item of inside) {
    const own = reachBy(item, levels - 1, known)
    if (own === true) return true
    found ??= own
  }
  return found
}

/** An unknown value that is one of these values or a part of one. It remembers whether it may be one of the tool's own objects. */
export function oneOf(values: readonly Value[], why: string, at: Span): Unknown {
  const known = new Map<Value, number>()
  let found: Reach = null
  for (const value of values) {
    const own = value.kind === 'callable' ? true : reachBy(value, deepest, known)
    if (own === true) return { ...unknown(why, at), mayReach: true }
    found ??= own
  }
  return { ...unknown(why, at), ...(found && { mayReach: found }) }
}
