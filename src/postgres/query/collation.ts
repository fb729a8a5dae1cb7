import type { Backend } from '../backend.ts'
import type { Column } from '../catalog/column.ts'

/** The collation of an expression, and what it comes from. Source: assign_collations_walker in parse_collate.c. */
export interface Collation {
  /** `none`: the type has no collation. `conflict`: columns of different ones meet, which only fails where one is needed. */
  readonly strength: 'none' | 'implicit' | 'conflict' | 'explicit'
  /** Without its schema: `C`, `default`. */
  readonly name: string
}

export const none: Collation = { strength: 'none', name: '' }

/** Of a type that has collations, but without one. */
export const lost: Collation = { strength: 'none', name: '' }

export const collatable: ReadonlySet<string> = new Set(['text', 'varchar', 'bpchar'])
const notCollatable: ReadonlySet<string> = new Set([
  ...['int2', 'int4', 'int8', 'numeric', 'float4', 'float8', 'bool', 'date', 'timestamp', 'timestamptz', 'time'],
  ...['interval', 'uuid', 'json', 'jsonb', 'bytea', 'inet', 'oid'],
])

/** The collation of a column of this type; null: it is not known. */
export function collationOfColumn({ collation, type, complete, ...column }: Column): Collation | null {
  if (!complete || type.schema !== 'pg_catalog') return null
  if (notCollatable.has(type.name)) return none
  if (column.collationUnknown) return null
  return collatable.has(type.name) ? { strength: 'implicit', name: collation ?? 'default' } : null
}

/** The collation of what takes all of these. */
export function met(backend: Backend, all: readonly (Collation | null)[]): Collation | null {
  let found: Collation = none
  for (const each of all) {
    if (each === null) return null
    found = stronger(backend, found, each)
  }
  return found
}

function stronger(backend: Backend, one: Collation, other: Collation): Collation {
  if (one.strength === 'explicit' && other.strength === 'explicit' && one.name !== other.name) {
    const names = `"${one.name}" and "${other.name}"`
    return backend.fail('42P21', `collation mismatch between explicit collations ${names}`)
  }
  const order = ['none', 'implicit', 'conflict', 'explicit']
  const [weak, strong] = order.indexOf(one.strength) <= order.indexOf(other.strength) ? [one, other] : [other, one]
  if (weak.strength !== 'implicit' || strong.strength !== 'implicit' || weak.name === strong.name) return strong
  if (weak.name === 'default') return strong
  return strong.name === 'default' ? weak : { strength: 'conflict', name: '' }
}

/** A view, or a table that a query fills, has a collation for each of its columns. */
export function refuseConflicts(
  backend: Backend,
  columns: readonly { readonly name: string; readonly collated?: Collation | null }[],
  of: 'view' | 'table',
): void {
  const conflict = columns.find(({ collated }) => collated?.strength === 'conflict' || collated === lost)
  if (!conflict) return
  const { name } = conflict
  backend.fail(
    '42P22',
    of === 'view'
      ? `could not determine which collation to use for view column "${name}"`
      : `no collation was derived for column "${name}" with collatable type text`,
  )
}
