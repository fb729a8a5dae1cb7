import type { Node, PartitionBoundSpec, PartitionSpec } from '@pgsql/types'
import type { Backend } from '../../backend.ts'
import type { Table } from '../../catalog/catalog.ts'
import type { ColumnType } from '../../catalog/column.ts'
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
  if (bound.kind === 'hash') {
    // transformPartitionBound in parse_utilcmd.c, before the bounds are compared.
    if (bound.modulus <= 0)
      backend.fail('42P16', 'modulus for hash partition must be an integer value greater than zero')
    if (bound.remainder >= bound.modulus)
      backend.fail('42P16', 'remainder for hash partition must be less than modulus')
  } else if (!boundPredicate(backend, parent, bound)) return
  const key = parent.columns.find(({ name }) => name === parent.partitioning?.keys[0]?.column)
  const overlaps = overlapping(bound, { backend, type: key?.type, isOnly: parent.partitioning?.keys.length === 1 })
  if (overlaps === 'is empty') backend.fail('42P17', `empty range bound specified for partition "${partition.name}"`)
  for (const oid of parent.children) {
    const other = backend.getTable(oid)
    if (other?.bound && overlaps(other.bound))
      backend.fail('42P17', `partition "${partition.name}" would overlap partition "${other.name}"`)
  }
}

/** The first key of a partitioned table. */
interface Key {
  readonly backend: Backend
  /** Undefined: it is an expression, or the column is not known. */
  readonly type: ColumnType | undefined
  readonly isOnly: boolean
}

type Limit = Constant | 1 | -1 | null

/** A limit of a range over one column: a constant, or one of MINVALUE (-1) and MAXVALUE (1); null: not known. */
function limit({ backend, type, isOnly }: Key, datum: Node | undefined): Limit {
  if (!datum || !type || !isOnly) return null
  if ('ColumnRef' in datum) {
    const word = strings(datum.ColumnRef.fields)[0]
    return word === 'minvalue' ? -1 : word === 'maxvalue' ? 1 : null
  }
  return constantOf(backend, datum, type)
}

function order(a: Limit, b: Limit): number | null {
  if (a === null || b === null) return null
  if (typeof a === 'number') return a === b ? null : a
  if (typeof b === 'number') return -b
  return compare(a, b)
}

/** Returns whether another bound certainly shares a value with this one, or that this one is empty. */
function overlapping(bound: PartitionBound, key: Key): ((other: PartitionBound) => boolean) | 'is empty' {
  if (bound.kind === 'range') {
    const [from, to] = [limit(key, bound.from[0]), limit(key, bound.to[0])]
    if ((order(from, to) ?? -1) >= 0) return 'is empty'
    return other =>
      other.kind === 'range' &&
      (order(from, limit(key, other.to[0])) ?? 0) < 0 &&
      (order(limit(key, other.from[0]), to) ?? 0) < 0
  }
  if (bound.kind === 'list') {
    const { backend, type } = key
    if (!type) return () => false
    const textOf = (node: Node) => {
      const constant = constantOf(backend, node, type)
      return constant && `${constant.kind} ${constant.value}`
    }
    // Constants are equal when kind and value are.
    const own = new Set(bound.values.flatMap(node => textOf(node) ?? []))
    return other => other.kind === 'list' && other.values.some(node => own.has(textOf(node) ?? ''))
  }
  return other => {
    if (bound.kind !== 'hash' || other.kind !== 'hash') return false
    // The greater modulus must be a multiple of the other.
    const modulus = Math.min(bound.modulus, other.modulus)
    return bound.remainder % modulus === other.remainder % modulus
  }
}
