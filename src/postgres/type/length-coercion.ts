import { lookUp } from '../../parse/look-up.ts'
import type { Backend } from '../backend.ts'
import type { ColumnType } from '../catalog/column.ts'
import { casts } from './builtin.generated.ts'
import { typeOf } from './type.ts'

type Modifiers = readonly number[] | null

/** Planner support functions that can prove a length coercion to do nothing (pg_proc.prosupport). */
const noops: Readonly<Record<string, (old: Modifiers, wanted: readonly number[]) => boolean>> = {
  varchar_support: (old, [length = 0]) => old !== null && (old[0] ?? 0) <= length,
  varbit_support: (old, [length = 0]) => old !== null && (old[0] ?? 0) <= length,
  numeric_support: (old, [precision = 0, scale = 0]) =>
    old !== null && (old[1] ?? 0) === scale && (old[0] ?? 0) <= precision,
  timestamp_support: isPreciser,
  time_support: isPreciser,
  interval_support: isIntervalNoop,
}

/** The highest precision is microseconds: timestamp(6) is timestamp (TemporalSimplify, datetime.c). */
const mostPrecise = 6

function isPreciser(old: Modifiers, [precision = mostPrecise]: readonly number[]): boolean {
  return precision >= mostPrecise || (old !== null && precision >= (old[0] ?? mostPrecise))
}

/** interval_support (timestamp.c): only the least significant field matters, and below it the precision of seconds. */
function isIntervalNoop(old: Modifiers, wanted: readonly number[]): boolean {
  const [oldField, newField] = [leastField(old), leastField(wanted)]
  const [oldPrecision, newPrecision] = [old?.[1] ?? fullPrecision, wanted[1] ?? fullPrecision]
  return oldField >= newField && (oldField > 0 || newPrecision >= mostPrecise || newPrecision >= oldPrecision)
}

const fullPrecision = 0xffff

/** Bits of the interval mask from the least significant field on: second, minute, hour, day, month, year. */
const fieldBits = [12, 11, 10, 3, 1, 2]

function leastField(modifiers: Modifiers): number {
  const mask = modifiers?.[0] ?? 0x7fff
  return fieldBits.findIndex(bit => mask & (1 << bit))
}

/**
 * How values of a type are converted to new modifiers: the name of the support function that may prove the conversion
 * needless; `compute` when there is none; null when the type has no modifiers; `unknown` for unknown types.
 */
export function lengthCoercion(backend: Backend, type: ColumnType): string | 'compute' | 'unknown' | null {
  if (type.schema !== 'pg_catalog') return typeOf(backend, type) === null ? null : 'unknown'
  const cast = casts.get(`${type.name} ${type.name}`)
  return cast ? (cast.support ?? 'compute') : null
}

/** True when the support function says that no value with the old modifiers is changed by the new ones. */
export function isLengthNoop(support: string, old: Modifiers, wanted: readonly number[]): boolean {
  return lookUp(noops, support)?.(old, wanted) ?? false
}
