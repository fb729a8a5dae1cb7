import type { Node, PartitionBoundSpec, PartitionSpec } from '@pgsql/types'
import type { Backend } from '../../backend.ts'
import type { Table } from '../../catalog/catalog.ts'
import { strings } from '../../catalog/name.ts'
import type { PartitionBound, Partitioning } from '../../catalog/partitioning.ts'
import { type Constant, compare, constantOf } from '../../expression/constant.ts'
import { boundPredicate } from '../../expression/partition-constraint.ts'

/** FOR VALUES …, or DEFAULT. */
export function partitionBound(spec: PartitionBoundSpec): PartitionBound {
  if (spec.is_default) return { kind: 'default' }
  switch (spec.strategy) {
    case 'r':
      return { kind: 'range', from: spec.lowerdatums ?? [], to: spec.upperdatums ?? [] }
    case 'h':
      return { kind: 'hash', modulus: spec.modulus ?? 0, remainder: spec.remainder ?? 0 }
    default:
      return { kind: 'list', values: spec.listdatums ?? [] }
  }
}

export function partitioning(spec: PartitionSpec): Partitioning {
  const strategies = {
    PARTITION_STRATEGY_RANGE: 'range',
    PARTITION_STRATEGY_LIST: 'list',
    PARTITION_STRATEGY_HASH: 'hash',
  } as const
  return {
    strategy: strategies[(spec.strategy ?? 'PARTITION_STRATEGY_RANGE') as keyof typeof strategies],
    keys: (spec.partParams ?? []).flatMap(param =>
      'PartitionElem' in param
        ? [{ column: param.PartitionElem.name || null, expression: param.PartitionElem.expr ?? null }]
        : [],
    ),
  }
}

/** SQLSTATE 42P16 and 42P17: a bound that does not fit the table, is empty, or overlaps another. Source: check_new_partition_bound. */
export function requireBound(
  backend: Backend,
  parent: Table,
  partition: { readonly name: string },
  bound: PartitionBound,
): void {
  const strategy = parent.partitioning?.strategy
  if (!strategy || bound.kind === 'default') return
  if (bound.kind !== strategy) backend.fail('42P16', `invalid bound specification for a ${strategy} partition`)
  if (bound.kind !== 'hash' && !boundPredicate(backend, parent, bound)) return
  if (bound.kind === 'range' && isEmptyRange(backend, parent, bound)) {
    backend.fail('42P17', `empty range bound specified for partition "${partition.name}"`)
  }
  for (const oid of parent.children) {
    const other = backend.getTable(oid)
    const theirs = other?.bound && overlaps(backend, parent, bound, other.bound)
    if (other && theirs) backend.fail('42P17', `partition "${partition.name}" would overlap partition "${other.name}"`)
  }
}

type Range = Extract<PartitionBound, { kind: 'range' }>

/** A limit of a range over one column: a constant, or one of MINVALUE (-1) and MAXVALUE (1); null: not known. */
function limit(backend: Backend, parent: Table, datum: Node | undefined): Constant | 1 | -1 | null {
  const column = parent.columns.find(({ name }) => name === parent.partitioning?.keys[0]?.column)
  if (!datum || !column || parent.partitioning?.keys.length !== 1) return null
  if ('ColumnRef' in datum) {
    const word = strings(datum.ColumnRef.fields)[0]
    return word === 'minvalue' ? -1 : word === 'maxvalue' ? 1 : null
  }
  return constantOf(backend, datum, column.type)
}

function order(a: Constant | 1 | -1 | null, b: Constant | 1 | -1 | null): number | null {
  if (a === null || b === null) return null
  if (typeof a === 'number') return a === b ? null : a
  if (typeof b === 'number') return -b
  return compare(a, b)
}

function isEmptyRange(backend: Backend, parent: Table, bound: Range): boolean {
  const sign = order(limit(backend, parent, bound.from[0]), limit(backend, parent, bound.to[0]))
  return sign !== null && sign >= 0
}

/** True when the two bounds certainly share a value. */
function overlaps(backend: Backend, parent: Table, a: PartitionBound, b: PartitionBound): boolean {
  if (a.kind === 'range' && b.kind === 'range') {
    const below = order(limit(backend, parent, a.from[0]), limit(backend, parent, b.to[0]))
    const above = order(limit(backend, parent, b.from[0]), limit(backend, parent, a.to[0]))
    return (below ?? 0) < 0 && (above ?? 0) < 0
  }
  if (a.kind === 'list' && b.kind === 'list') {
    const column = parent.columns.find(({ name }) => name === parent.partitioning?.keys[0]?.column)
    if (!column) return false
    const values = (nodes: readonly Node[]) => nodes.flatMap(node => constantOf(backend, node, column.type) ?? [])
    return values(a.values).some(one => values(b.values).some(other => compare(one, other) === 0))
  }
  if (a.kind !== 'hash' || b.kind !== 'hash') return false
  // The greater modulus must be a multiple of the other.
  const modulus = Math.min(a.modulus, b.modulus)
  return a.remainder % modulus === b.remainder % modulus
}
