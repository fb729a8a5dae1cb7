import type { Node } from '@pgsql/types'
import type { RunnerAdvice } from '../../migration/runner.ts'
import type { Step } from '../../postgres/step.ts'
import type { Write } from '../../postgres/table-operation.ts'
import type { Config } from '../config/config.ts'
import { rowsInBatch } from '../sizes/rates.ts'
import { outside } from './advice.ts'
import { inBatches } from './batches.ts'
import type { Sql } from './sql.ts'
import { tableOf } from './table.ts'

/**
 * True when a write certainly changes all rows of its table: it has no condition, or the condition asks for NULL in a
 * column that this migration has added.
 */
export function touchesEveryRow({ everyRow, table }: Write, step: Step): boolean {
  return everyRow || isNullInNewColumn(step.statement.node.whereClause as Node | undefined, table.oid, step)
}

function isNullInNewColumn(where: Node | undefined, table: Write['table']['oid'], step: Step): boolean {
  // A write in a WITH clause has a condition of its own.
  if (step.statement.node.withClause || !where || !('NullTest' in where) || where.NullTest.nulltesttype !== 'IS_NULL')
    return false
  const { arg } = where.NullTest
  const field = arg && 'ColumnRef' in arg ? arg.ColumnRef.fields?.at(-1) : undefined
  const name = field && 'String' in field ? field.String.sval : undefined
  const column = tableOf(step.before, table)?.columns.find(each => each.name === name)
  return column?.createdIn === step.migration && column.default === null && column.complete
}

/** Help that splits a write into pieces, whose size fits the table where statistics know it. */
export function batches(step: Step, { table }: Write, runner: RunnerAdvice, config: Config): (string | Sql)[] {
  const size = config.statistics?.of(table.name)
  const sql = inBatches(step.statement, step.before, table.oid, table.name, size && rowsInBatch(size))
  return sql
    ? [outside(runner, 'do it in batches that commit one by one'), sql]
    : [
        `${runner.outsideTransaction()}, do it in batches of some thousand rows that commit one by one. ${next(step, table.oid)}`,
      ]
}

/** Which rows each batch takes: without an index to follow, every batch would read again what the ones before it have read. */
function next(step: Step, oid: Write['table']['oid']): string {
  const table = tableOf(step.before, oid)
  const hasKey = table?.constraints.some(({ kind }) => kind === 'primary key')
  return table?.complete && !hasKey
    ? 'The table has no primary key: let each batch take the next range of a unique index, or of an index that is made before.'
    : 'Let each batch take the next range of the primary key.'
}
