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

function sameKey(a: IndexKey, b: IndexKey): boolean {
  return a.column === b.column && shape(a.expression) === shape(b.expression)
}
