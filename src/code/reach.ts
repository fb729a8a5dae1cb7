import type { Span } from '../parse/span.ts'
import { type Unknown, unknown, type Value } from './value.ts'

/** How deep lists and objects are searched. */
const deepest = 4

/**
 * True for the tool's own objects, and for values that contain one or may be one. A list that is in many others is searched once for each
 * depth: otherwise lists of the same lists would take the power of their number.
 */
export function reaches(value: Value): boolean {
  return reachesBy(value, deepest, new Map())
}

/** `known`: how many levels of a value were searched already. */
function reachesBy(value: Value, levels: number, known: Map<Value, number>): boolean {
  if (value.kind === 'host') return value.isInert !== true
  if (value.kind === 'unknown') return value.mayReach === true
  if (levels === 0 || (value.kind !== 'list' && value.kind !== 'record')) return false
  if ((known.get(value) ?? 0) >= levels) return false
  known.set(value, levels)
  const inside = value.kind === 'list' ? value.items : value.entries.values()
  for (const item of inside) if (reachesBy(item, levels - 1, known)) return true
  return false
}

/** An unknown value that is one of these values or a part of one. It remembers whether it may be one of the tool's own objects. */
export function oneOf(values: readonly Value[], why: string, at: Span): Unknown {
  const known = new Map<Value, number>()
  const mayReach = values.some(value => value.kind === 'callable' || reachesBy(value, deepest, known))
  return { ...unknown(why, at), ...(mayReach && { mayReach }) }
}
