import type { FuncCall, Node, SelectStmt } from '@pgsql/types'
import { descend } from '../../parse/stackless.ts'
import { strings } from '../catalog/name.ts'
import { aggregateFunctions } from '../type/builtin.generated.ts'
import type { Level } from './level.ts'
import type { Extent } from './reach.ts'
import { resolve } from './resolve.ts'

/** Whether a SELECT needs all rows that its conditions allow, or stops early. */
export function extentOf(level: Level, select: SelectStmt): Extent {
  if (level.context.depth !== 'execute') return 'none'
  if (isLimitZero(select.limitCount)) return 'none'
  const grouped = select.groupClause || select.distinctClause || select.havingClause || hasAggregate(select.targetList)
  if (grouped) return isExtremum(level, select) ? 'few' : 'all'
  if (!select.limitCount || isNull(select.limitCount) || level.sources.length !== 1) return 'all'
  if (level.conditions.length > 0) return 'all'
  return !select.sortClause || sortsByIndex(level, select.sortClause) ? 'few' : 'all'
}

export function isNull(node: Node): boolean {
  return 'A_Const' in node && node.A_Const.isnull === true
}

function isLimitZero(node: Node | undefined): boolean {
  return node !== undefined && 'A_Const' in node && node.A_Const.ival !== undefined && !node.A_Const.ival.ival
}

export function hasAggregate(targets: readonly Node[] | undefined): boolean {
  return (targets ?? []).some(target => aggregateIn(target))
}

function aggregateIn(node: unknown): boolean {
  let found = false
  descend(node, (key, value) => {
    if (key === 'FuncCall') {
      const { funcname, over } = value as FuncCall
      found ||= aggregateFunctions.has(strings(funcname).at(-1) ?? '') && !over
    }
    return !found && key !== 'SubLink'
  })
  return found
}

// min(c) and max(c) read one end of an index on c (build_minmax_path in planagg.c).
function isExtremum(level: Level, select: SelectStmt): boolean {
  const [target] = select.targetList ?? []
  if (select.groupClause || select.havingClause || level.sources.length !== 1 || level.conditions.length > 0)
    return false
  if (select.targetList?.length !== 1 || !target || !('ResTarget' in target)) return false
  const column = extremumColumn(target.ResTarget.val)
  return column !== null && leadsIndex(level, column)
}

function extremumColumn(value: Node | undefined): Node | null {
  let node = value
  while (node) {
    if ('CoalesceExpr' in node) node = node.CoalesceExpr.args?.[0]
    else if ('A_Expr' in node) node = node.A_Expr.lexpr
    else if (!('FuncCall' in node)) return null
    else {
      const { funcname, args }: FuncCall = node.FuncCall
      const name = strings(funcname).at(-1)
      if (name !== 'setval')
        return (name === 'min' || name === 'max') && args?.[0] && 'ColumnRef' in args[0] ? args[0] : null
      node = args?.[1]
    }
  }
  return null
}

function sortsByIndex(level: Level, sort: readonly Node[]): boolean {
  const [first] = sort
  const column = first && 'SortBy' in first ? first.SortBy.node : undefined
  return column !== undefined && leadsIndex(level, column)
}

function leadsIndex(level: Level, column: Node): boolean {
  const found = resolve(level, column)
  const relation = found?.source.relation
  if (!found || !relation || !('indexes' in relation)) return false
  const indexes = level.context.backend.indexesOf(relation)
  return indexes.some(
    index => index.keys[0]?.column === found.column.name && index.predicate === null && index.method === 'btree',
  )
}
