import type { Node } from '@pgsql/types'
import type { Backend } from '../backend.ts'
import type { Table } from '../catalog/catalog.ts'
import { withoutCasts } from '../expression/expression.ts'
import { prunedPartitions } from '../expression/proof.ts'

/**
 * Locks the partitions that new rows go to: exactly those if VALUES determine them; otherwise it may be any of them.
 * A row that no partition takes fails. Source: ExecFindPartition in execPartition.c.
 */
export function route(
  backend: Backend,
  table: Table,
  columns: readonly string[],
  rows: readonly (readonly Node[])[],
  isValues: boolean,
): void {
  if (!isValues || rows.length === 0) lockAny(backend, table)
  for (const row of rows) {
    const value = (column: string) => row[columns.indexOf(column)]
    routeRow(backend, table, value)
  }
}

function routeRow(backend: Backend, table: Table, value: (column: string) => Node | undefined): void {
  const condition = keyCondition(table, value)
  const left = condition ? prunedPartitions(backend, table, condition) : null
  const [only] = left ?? []
  if (left && !only) {
    if (table.complete) backend.fail('23514', `no partition of relation "${table.name}" found for row`)
  } else if (only && left?.length === 1) {
    backend.lock(only, 'RowExclusiveLock', `rows of "${table.name}" go to it`)
    if (only.kind === 'partitioned table') routeRow(backend, only, value)
  } else lockAny(backend, table)
}

/** `key = value` for every key column; null when some of them are not constants in the row. */
function keyCondition(table: Table, value: (column: string) => Node | undefined): Node | null {
  const conditions: Node[] = []
  for (const { column } of table.partitioning?.keys ?? []) {
    const constant = column === null ? undefined : value(column)
    if (column === null || !constant || !isConstant(constant)) return null
    conditions.push(equals(column, constant))
  }
  return conditions.length > 1 ? { BoolExpr: { boolop: 'AND_EXPR', args: conditions } } : (conditions[0] ?? null)
}

/** A row fails if it is written to a partition whose bound excludes it. Source: ExecPartitionCheck in execMain.c. */
export function checkBound(
  backend: Backend,
  table: Table,
  columns: readonly string[],
  rows: readonly (readonly Node[])[],
): void {
  const parent = table.partitionOf === null ? undefined : backend.getTable(table.partitionOf)
  if (!parent || table.triggers.length > 0) return
  for (const row of rows) {
    const condition = keyCondition(parent, column => row[columns.indexOf(column)])
    if (!condition || prunedPartitions(backend, parent, condition).some(each => each.oid === table.oid)) continue
    backend.fail('23514', `new row for relation "${table.name}" violates partition constraint`)
  }
}

function lockAny(backend: Backend, table: Table): void {
  for (const each of backend.withDescendants(table).slice(1)) {
    backend.lock(each, 'RowExclusiveLock', `rows of "${table.name}" may go to it`, false)
  }
}

function isConstant(node: Node): boolean {
  const value = withoutCasts(node)
  return 'A_Const' in value && value.A_Const.isnull !== true
}

function equals(column: string, value: Node): Node {
  return {
    A_Expr: {
      kind: 'AEXPR_OP',
      name: [{ String: { sval: '=' } }],
      lexpr: { ColumnRef: { fields: [{ String: { sval: column } }] } },
      rexpr: value,
    },
  }
}
