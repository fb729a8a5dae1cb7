import type { Span } from '../parse/span.ts'
import { type Unknown, unknown, type Value } from './value.ts'

/** True for the tool's own objects, and for values that contain one or may be one. `levels`: how deep lists and objects are searched. */
export function reaches(value: Value, levels = 4): boolean {
  if (value.kind === 'host') return value.isInert !== true
  if (value.kind === 'unknown') return value.mayReach === true
  if (levels === 0) return false
  if (value.kind === 'list') return value.items.some(item => reaches(item, levels - 1))
  return value.kind === 'record' && [...value.entries.values()].some(item => reaches(item, levels - 1))
}

/** An unknown value that is one of these values or a part of one. It remembers whether it may be one of the tool's own objects. */
export function oneOf(values: readonly Value[], why: string, at: Span): Unknown {
  const mayReach = values.some(value => value.kind === 'callable' || reaches(value))
  return { ...unknown(why, at), ...(mayReach && { mayReach }) }
}
