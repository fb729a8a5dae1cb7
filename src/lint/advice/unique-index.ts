import type { Index, IndexKey } from '../../postgres/catalog/catalog.ts'
import { shape } from '../../postgres/statements/index/index-build.ts'

/**
 * True when an ON CONFLICT that finds one unique index also finds the other: it has the same columns and expressions,
 * in any order, and no condition that the first one lacks. Source: infer_arbiter_indexes in plancat.c.
 */
export function servesConflicts(other: Index, dropped: Index): boolean {
  if (!other.unique || other.keys.length !== dropped.keys.length) return false
  if (other.predicate !== null && shape(other.predicate) !== shape(dropped.predicate)) return false
  return dropped.keys.every(key => other.keys.some(each => sameKey(each, key)))
}

/**
 * True when no two rows can be equal for the dropped index as long as the other one is there: its columns are among those of the
 * dropped one. `cannotBeNull`: two rows with NULL in a column are not equal, unless the dropped index takes them for equal.
 */
export function keepsDuplicatesOut(other: Index, dropped: Index, cannotBeNull: (column: string) => boolean): boolean {
  if (!other.unique || !other.valid || other.keys.length === 0) return false
  if (other.predicate !== null && shape(other.predicate) !== shape(dropped.predicate)) return false
  const isStrict = !dropped.nullsNotDistinct || other.nullsNotDistinct
  return other.keys.every(
    key =>
      dropped.keys.some(each => sameKey(each, key)) && (isStrict || (key.column !== null && cannotBeNull(key.column))),
  )
}

function sameKey(a: IndexKey, b: IndexKey): boolean {
  return a.column === b.column && shape(a.expression) === shape(b.expression)
}
