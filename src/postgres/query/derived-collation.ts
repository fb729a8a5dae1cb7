import type { Node } from '@pgsql/types'
import { type Recursion, resultOf } from '../../parse/stackless.ts'
import type { ColumnType } from '../catalog/column.ts'
import { strings } from '../catalog/name.ts'
import { type Collation, collatable, lost, met, none } from './collation.ts'
import type { Level } from './level.ts'
import { resolve } from './resolve.ts'

/**
 * The collation of an expression; null: it is not known. Fails with 42P21 where two explicit ones meet.
 */
export function collationOf(level: Level, node: Node): Collation | null {
  return resultOf(derived(level, node)) ?? null
}

function* derived(level: Level, node: Node): Recursion<Collation | null> {
  if ('ColumnRef' in node) return referenced(resolve(level, node)?.column.collated ?? null)
  if ('A_Const' in node) {
    return node.A_Const.sval || node.A_Const.isnull ? { strength: 'implicit', name: 'default' } : none
  }
  if ('CollateClause' in node) {
    // Only for its errors.
    if (node.CollateClause.arg) yield derived(level, node.CollateClause.arg)
    return { strength: 'explicit', name: strings(node.CollateClause.collname).at(-1) ?? '' }
  }
  if ('A_Expr' in node) {
    const { kind, name, lexpr, rexpr } = node.A_Expr
    if (kind !== 'AEXPR_OP' || strings(name).join('.') !== '||' || !lexpr || !rexpr) return null
    if (![lexpr, rexpr].every(each => isTextual(level, each))) return null
    const left = (yield derived(level, lexpr)) as Collation | null
    const right = (yield derived(level, rexpr)) as Collation | null
    return met(level.context.backend, [left, right])
  }
  if ('CoalesceExpr' in node) {
    const all: (Collation | null)[] = []
    for (const arg of node.CoalesceExpr.args ?? []) all.push((yield derived(level, arg)) as Collation | null)
    return met(level.context.backend, all)
  }
  return null
}

/** A column of a query inside: where it comes from no longer counts, and one of a conflict has no collation at all. */
function referenced(collation: Collation | null): Collation | null {
  if (collation?.strength === 'conflict') return lost
  return collation?.strength === 'explicit' ? { ...collation, strength: 'implicit' } : collation
}

function isText(type: ColumnType | null): boolean {
  return type !== null && !type.array && type.schema === 'pg_catalog' && collatable.has(type.name)
}

/** Concatenation of something else may be of arrays or JSON. */
function isTextual(level: Level, node: Node): boolean {
  if ('CollateClause' in node || 'CoalesceExpr' in node || 'A_Expr' in node) return true
  if ('A_Const' in node) return node.A_Const.sval !== undefined
  return isText(resolve(level, node)?.column.type ?? null)
}
