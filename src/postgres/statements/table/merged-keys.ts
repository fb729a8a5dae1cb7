import type { Constraint as ConstraintNode } from '@pgsql/types'
import { strings } from '../../catalog/name.ts'
import { shape } from '../index/index-build.ts'

/** A constraint and the column that it is written beside. */
interface Written {
  readonly constraint: ConstraintNode
  readonly column: string | null
}

/** True for a constraint that builds an index. */
export function isKey({ contype }: ConstraintNode): boolean {
  return contype === 'CONSTR_PRIMARY' || contype === 'CONSTR_UNIQUE' || contype === 'CONSTR_EXCLUSION'
}

/**
 * The keys that PostgreSQL makes of those that one command writes: the primary key comes first, and one that would get the same index as
 * another is left out, though its name is kept if the other has none. Source: transformIndexConstraints in parse_utilcmd.c.
 */
export function mergedKeys<T extends Written>(written: readonly T[]): T[] {
  const isPrimary = ({ constraint }: T) => constraint.contype === 'CONSTR_PRIMARY'
  // Two primary keys are not merged: they are refused.
  const kept = written.filter(isPrimary)
  const places = new Map(kept.map((each, i) => [indexOf(each), i] as const))
  for (const each of written.filter(other => !isPrimary(other))) {
    const index = indexOf(each)
    const place = places.get(index)
    const prior = place === undefined ? undefined : kept[place]
    if (place === undefined || !prior) {
      places.set(index, kept.length)
      kept.push(each)
    } else if (!prior.constraint.conname && each.constraint.conname) {
      kept[place] = { ...prior, constraint: { ...prior.constraint, conname: each.constraint.conname } }
    }
  }
  return kept
}

/** What PostgreSQL compares of two indexes. */
function indexOf({ constraint, column }: Written): string {
  const { keys, exclusions, including, where_clause, access_method, without_overlaps } = constraint
  return shape([
    exclusions ?? (keys ? strings(keys) : [column]),
    including ? strings(including) : [],
    where_clause ?? null,
    access_method || 'btree',
    without_overlaps ?? false,
    constraint.nulls_not_distinct ?? false,
    constraint.deferrable ?? false,
    constraint.initdeferred ?? false,
  ])
}
