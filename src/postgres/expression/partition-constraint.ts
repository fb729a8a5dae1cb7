import type { Node } from '@pgsql/types'
import type { Backend } from '../backend.ts'
import type { Table } from '../catalog/catalog.ts'
import type { ColumnType } from '../catalog/column.ts'
import type { PartitionBound } from '../catalog/partitioning.ts'
import { hasKnownType } from '../catalog/relation.ts'
import { type Constant, compare, constantOf } from './constant.ts'
import { withoutCasts } from './expression.ts'
import { and, type Comparison, keyOf, not, or, type Predicate } from './predicate.ts'

interface Key {
  readonly name: string
  readonly type: ColumnType
}

type Datum = { readonly value: Constant } | 'minvalue' | 'maxvalue'

/**
 * The condition that a bound puts on the rows of a partition (get_qual_from_partbound, partbounds.c). Null when
 * comparisons cannot express it: hash bounds, values that are not literals, key columns of unknown type.
 */
export function boundPredicate(backend: Backend, parent: Table, bound: PartitionBound): Predicate | null {
  const keys = keysOf(parent)
  if (!keys) return null
  switch (bound.kind) {
    case 'range':
      return rangePredicate(backend, keys, bound.from, bound.to)
    case 'list':
      return keys[0] ? listPredicate(backend, keys[0], bound.values) : null
    case 'default':
      return defaultPredicate(backend, parent)
    case 'hash':
      return null
  }
}

/** Types of key expressions, for reading conditions on them. */
function keysOf(parent: Table): Key[] | null {
  const keys: Key[] = []
  for (const { column } of parent.partitioning?.keys ?? []) {
    const known = parent.columns.find(({ name }) => name === column)
    // The type of a key expression is not known.
    if (column === null || !hasKnownType(known)) return null
    keys.push({ name: column, type: known.type })
  }
  return keys.length > 0 ? keys : null
}

/** The DEFAULT partition takes the rows that no other partition takes. */
function defaultPredicate(backend: Backend, parent: Table): Predicate | null {
  const others: Predicate[] = []
  for (const oid of parent.children) {
    const sibling = backend.getTable(oid)
    if (sibling?.bound?.kind === 'default') continue
    const predicate = sibling?.bound ? boundPredicate(backend, parent, sibling.bound) : null
    if (!predicate) return null
    others.push(predicate)
  }
  return not(or(others))
}

function listPredicate(backend: Backend, key: Key, values: readonly Node[]): Predicate | null {
  const parts: Predicate[] = []
  for (const value of values) {
    if (isNull(value)) continue
    const constant = constantOf(backend, value, key.type)
    if (!constant) return null
    parts.push({ kind: 'compare', key: key.name, comparison: '=', value: constant })
  }
  const nullTest = (isNull: boolean): Predicate => ({ kind: 'null', key: key.name, isNull })
  if (!values.some(isNull)) return and([nullTest(false), or(parts)])
  return or([nullTest(true), ...parts])
}

function isNull(node: Node): boolean {
  const value = withoutCasts(node)
  return 'A_Const' in value && value.A_Const.isnull === true
}

function datum(backend: Backend, node: Node | undefined, key: Key): Datum | null {
  if (!node) return null
  if ('ColumnRef' in node) {
    const word = keyOf(node).toLowerCase()
    return word === 'minvalue' || word === 'maxvalue' ? word : null
  }
  const value = constantOf(backend, node, key.type)
  return value && { value }
}

/** get_qual_for_range: rows between two rows, compared column by column. */
function rangePredicate(
  backend: Backend,
  keys: readonly Key[],
  from: readonly Node[],
  to: readonly Node[],
): Predicate | null {
  const data = (nodes: readonly Node[]) => keys.flatMap((key, i) => datum(backend, nodes[i], key) ?? [])
  const lower = data(from)
  const upper = data(to)
  if (lower.length < keys.length || upper.length < keys.length) return null
  const notNull = keys.map((key): Predicate => ({ kind: 'null', key: key.name, isNull: false }))
  const shared = leadingEquals(lower, upper)
  const equal = keys.slice(0, shared).map((key, i) => compared(key, '=', lower[i]))
  const rest = keys.slice(shared)
  return and([
    ...notNull,
    ...equal.flatMap(part => part ?? []),
    ...side(rest, lower.slice(shared), { beyond: '>', last: '>=', open: 'minvalue', opened: '>=' }),
    ...side(rest, upper.slice(shared), { beyond: '<', last: '<', open: 'maxvalue', opened: '<=' }),
  ])
}

/** How many leading columns have the same value in both bounds. */
function leadingEquals(lower: readonly Datum[], upper: readonly Datum[]): number {
  const differs = lower.findIndex((low, i) => {
    const high = upper[i]
    return typeof low === 'string' || !high || typeof high === 'string' || compare(low.value, high.value) !== 0
  })
  return differs < 0 ? lower.length : differs
}

interface Side {
  readonly beyond: Comparison
  readonly last: Comparison
  /** The end of the range on this side; a column before one without a limit is compared with `opened`. */
  readonly open: 'minvalue' | 'maxvalue'
  readonly opened: Comparison
}

/** `a > 1 OR (a = 1 AND b >= 2)`: one arm per column, up to the first one without a limit. */
function side(keys: readonly Key[], data: readonly Datum[], { beyond, last, open, opened }: Side): Predicate[] {
  const arms: Predicate[] = []
  for (let column = 0; column < keys.length; column++) {
    const key = keys[column]
    if (!key || typeof data[column] === 'string') break
    const isLast = column === keys.length - 1
    const comparison = data[column + 1] === open ? opened : isLast ? last : beyond
    const equal = keys.slice(0, column).map((each, i) => compared(each, '=', data[i]))
    arms.push(and([...equal, compared(key, comparison, data[column])].flatMap(part => part ?? [])))
  }
  return arms.length > 0 ? [or(arms)] : []
}

function compared(key: Key, comparison: Comparison, at: Datum | undefined): Predicate | null {
  return at === undefined || typeof at === 'string'
    ? null
    : { kind: 'compare', key: key.name, comparison, value: at.value }
}
