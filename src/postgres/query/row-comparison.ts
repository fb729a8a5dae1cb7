import type { Node } from '@pgsql/types'
import { strings } from '../catalog/name.ts'

/**
 * What a comparison of rows says about each of its columns: `(a, b) = (1, 2)`, `(a, b) IN ((1, 2))`, `(a, b) IN (SELECT …)`; of an inequality, only what it
 * says about the first one serves an index (make_row_comparison_op and transformAExprIn of PostgreSQL's parser). Null: another condition.
 */
export function partsOfRow(condition: Node): readonly Node[] | null {
  if ('SubLink' in condition) {
    const { testexpr, operName } = condition.SubLink
    const isEqual = operName === undefined || strings(operName).at(-1) === '='
    if (!testexpr || !('RowExpr' in testexpr) || !isEqual) return null
    return rowOf(testexpr).map(column => ({ SubLink: { ...condition.SubLink, testexpr: column } }))
  }
  if (!('A_Expr' in condition)) return null
  const { lexpr, rexpr, kind, name } = condition.A_Expr
  if (!lexpr || !rexpr || !('RowExpr' in lexpr)) return null
  const columns = rowOf(lexpr)
  if (kind === 'AEXPR_OP') {
    // A query on the right side gives one row.
    const values = rowOf(rexpr)
    const all = columns.flatMap((column, i) => {
      const value = 'RowExpr' in rexpr ? values[i] : rexpr
      return value ? [{ A_Expr: { ...condition.A_Expr, lexpr: column, rexpr: value } }] : []
    })
    return strings(name).at(-1) === '=' ? all : all.slice(0, 1)
  }
  if (kind !== 'AEXPR_IN' || !('List' in rexpr)) return null
  const rows = (rexpr.List.items ?? []).map(rowOf)
  return columns.map((column, i) => {
    const items = rows.flatMap(row => row[i] ?? [])
    return { A_Expr: { ...condition.A_Expr, lexpr: column, rexpr: { List: { items } } } }
  })
}

function rowOf(node: Node): readonly Node[] {
  return 'RowExpr' in node ? (node.RowExpr.args ?? []) : []
}
