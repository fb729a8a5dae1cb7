import type { Node } from '@pgsql/types'
import type { Backend } from './backend.ts'
import type { Constraint, PartitionBound, Table } from './catalog.ts'

/** The valid constraint that proves a column free of NULLs: NOT NULL itself or a CHECK that says so; null: none does. */
export function provesNotNull(constraints: readonly Constraint[], column: string): Constraint | null {
  return (
    constraints.find(
      ({ valid, enforced, kind, columns, expression }) =>
        valid &&
        enforced &&
        (kind === 'not null'
          ? columns.includes(column)
          : kind === 'check' && expression !== null && deniesNull(expression, column)),
    ) ?? null
  )
}

function deniesNull(expression: Node, column: string): boolean {
  if ('BoolExpr' in expression && expression.BoolExpr.boolop === 'AND_EXPR') {
    return (expression.BoolExpr.args ?? []).some(arg => deniesNull(arg, column))
  }
  if (!('NullTest' in expression) || expression.NullTest.nulltesttype !== 'IS_NOT_NULL') return false
  const arg = expression.NullTest.arg
  const last = arg && 'ColumnRef' in arg ? arg.ColumnRef.fields?.at(-1) : undefined
  return last !== undefined && 'String' in last && last.String.sval === column
}

export function impliesBound(_backend: Backend, _table: Table, _parent: Table, _bound: PartitionBound): boolean {
  return false
}

export function excludesBound(_backend: Backend, _table: Table, _parent: Table, _bound: PartitionBound): boolean {
  return false
}

export function prunedPartitions(backend: Backend, parent: Table, _where: Node | undefined): Table[] {
  return parent.children.flatMap(oid => backend.getTable(oid) ?? [])
}
