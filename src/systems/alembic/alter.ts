import { NotRead } from '../../code/given/not-read.ts'
import { sqlAt } from '../../code/given/sql.ts'
import { isNull, placeOf, textIn } from '../../code/given/value.ts'
import type { Run } from '../../code/run.ts'
import type { Text } from '../../code/text.ts'
import type { Span } from '../../parse/span.ts'
import { specification } from './column.ts'
import { withName } from './constraint.ts'
import type { Convention } from './convention.ts'
import { defaultIn } from './expression.ts'
import type { Given } from './given.ts'
import { createIndex } from './index-of-table.ts'
import { named, path, type TableName } from './name.ts'
import { columnComment, derived, indexFor } from './table-of.ts'
import { type Column, thingOf } from './thing.ts'
import { hasType, typeIn } from './type.ts'

/** Changes of tables: alembic/operations/toimpl.py, ddl/base.py and ddl/postgresql.py. */

/** `alter_table` */
export function alter(table: TableName, at: Span): Text {
  return sqlAt(at)`ALTER TABLE ${path(table, at)}`
}

export function addColumn(given: Given, table: TableName, column: Column, convention: Convention): Text[] {
  const { nameAt } = given
  const sql = sqlAt(nameAt)
  const inline = given.is('inline_references') && column.foreignKeys.length === 1
  if (inline) throw new NotRead('its option `inline_references` is not read', given.at)
  const primary = column.isPrimary ? [column.name] : []
  const exists = given.is('if_not_exists') ? 'IF NOT EXISTS ' : ''
  const key = column.isPrimary && given.is('inline_primary_key') ? ' PRIMARY KEY' : ''
  const checks = column.checks.map(check => sql` ${withName(check, table, convention)}`)
  const definition = checks.reduce(
    (left, right) => sql`${left}${right}`,
    sql`${specification(column, primary, false)}${key}`,
  )
  const sent = [sql`${alter(table, nameAt)} ADD COLUMN ${exists}${definition}`]
  for (const constraint of derived(column))
    sent.push(sql`${alter(table, nameAt)} ADD ${withName(constraint, table, convention)}`)
  if (column.hasIndex) sent.push(createIndex(indexFor(column), table, convention))
  if (column.comment) sent.push(columnComment(table, column.name, column.comment, nameAt))
  return sent
}

export const alterOptions = [
  'nullable',
  'comment',
  'server_default',
  'new_column_name',
  'type_',
  'schema',
  'autoincrement',
  'existing_type',
  'existing_server_default',
  'existing_nullable',
  'existing_comment',
  'existing_autoincrement',
  'postgresql_using',
  'insert_before',
  'insert_after',
]

/** A statement for each thing that changes, in the order of PostgresqlImpl.alter_column. */
export function alterColumn(given: Given, table: TableName, run: Run): Text[] {
  const { at, nameAt } = given
  const sql = sqlAt(nameAt)
  const column = textIn(given.get('column_name'), at, 'the name of the column')
  const start = alter(table, nameAt)
  const own = sql`${start} ALTER COLUMN ${named(column)}`
  const sent: Text[] = []
  const type = given.get('type_')
  const using = given.some('postgresql_using')
  if (hasType(type)) {
    const { sql: written } = typeIn(type, at, run)
    const expression = using ? sql` USING ${textIn(using, at, 'the expression')}` : ''
    sent.push(sql`${own} TYPE ${written}${expression}`)
  } else if (using) throw new NotRead('Alembic refuses `postgresql_using` without `type_`', at)
  if (given.some('nullable') !== undefined) sent.push(sql`${own} ${given.is('nullable') ? 'DROP' : 'SET'} NOT NULL`)
  const value = given.get('server_default')
  if (value !== undefined && !(value.kind === 'plain' && value.value === false))
    sent.push(sql`${own} ${defaultOf(given)}`)
  const comment = given.get('comment')
  if (comment !== undefined && !(comment.kind === 'plain' && comment.value === false))
    sent.push(columnComment(table, column, isNull(comment) ? null : textIn(comment, at, 'the comment'), nameAt))
  const name = given.text('new_column_name', 'the name')
  if (name) sent.push(sql`${start} RENAME ${named(column)} TO ${named(name)}`)
  return sent
}

/** `visit_column_default` and `visit_identity_column`. */
function defaultOf(given: Given): Text {
  const { at, nameAt } = given
  const sql = sqlAt(nameAt)
  const value = given.get('server_default')
  const old = thingOf(given.get('existing_server_default'))
  const own = thingOf(value)
  if (own?.kind === 'computed' || old?.kind === 'computed')
    throw new NotRead('Alembic refuses to change the expression of a computed column', placeOf(value, at))
  if (old?.kind === 'identity') {
    if (isNull(value)) return sql`DROP IDENTITY`
    throw new NotRead('its changes of an identity are not read', placeOf(value, at))
  }
  if (own?.kind === 'identity') return sql`ADD ${own.sql}`
  if (value === undefined || isNull(value)) return sql`DROP DEFAULT`
  return sql`SET DEFAULT ${defaultIn(value, at)}`
}

export function dropColumn(given: Given, table: TableName): Text[] {
  const { at, nameAt } = given
  const column = textIn(given.get('column_name'), at, 'the name of the column')
  const exists = given.is('if_exists') ? 'IF EXISTS ' : ''
  return [sqlAt(nameAt)`${alter(table, nameAt)} DROP COLUMN ${exists}${named(column)}`]
}

export function renameTable(given: Given, table: TableName): Text[] {
  const { at, nameAt } = given
  return [
    sqlAt(nameAt)`${alter(table, nameAt)} RENAME TO ${named(textIn(given.get('new_table_name'), at, 'the name'))}`,
  ]
}

export function dropTable(given: Given, table: TableName): Text[] {
  const exists = given.is('if_exists') ? 'IF EXISTS ' : ''
  return [sqlAt(given.nameAt)`DROP TABLE ${exists}${path(table, given.nameAt)}`]
}
