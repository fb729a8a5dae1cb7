import type { Span } from '../parse/span.ts'
import { type Unknown, unknown, type Value } from './value.ts'

/** True for what the tool hands out, and for what holds it or may be it. `levels`: how deep lists and objects are looked into. */
export function reaches(value: Value, levels = 4): boolean {
  if (value.kind === 'host') return value.isInert !== true
  if (value.kind === 'unknown') return value.mayReach === true
  if (levels === 0) return false
  if (value.kind === 'list') return value.items.some(item => reaches(item, levels - 1))
  return value.kind === 'record' && [...value.entries.values()].some(item => reaches(item, levels - 1))
}

/** One of these values, or a part of one: which is not known. It is remembered whether it may be something that the tool hands out. */
export function oneOf(values: readonly Value[], why: string, at: Span): Unknown {
  const mayReach = values.some(value => value.kind === 'callable' || reaches(value))
  return { ...unknown(why, at), ...(mayReach && { mayReach }) }
}
