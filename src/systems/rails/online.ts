import { joined, type Text } from '../../code/text.ts'
import type { Value } from '../../code/value.ts'
import { inTransaction } from '../reading/execution.ts'
import { changed } from './command.ts'
import type { Given, Operation } from './given.ts'

/** Helpers of the gem online_migrations that rename by views: lib/online_migrations/schema_statements.rb. The others are unread. */

function names(given: Given): { readonly table: Text; readonly from: Text; readonly to: Text } {
  return { table: given.name(0, 'the table'), from: given.name(1, 'the name'), to: given.name(2, 'the new name') }
}

/** The table under the view while a column is renamed. */
function hidden(given: Given, table: Text): Text {
  return joined([table, given.words('_column_rename')])
}

function rails(given: Given, name: string, ...args: readonly Value[]): void {
  given.session.command(changed(given.command, { name, args, options: new Map<string, Value>() }))
}

function inOne(given: Given, work: () => void): undefined {
  const { session } = given
  if (session.isOutside) session.run.inWay({ execution: inTransaction, apart: true }, work)
  else work()
  return undefined
}

function columnView(given: Given): void {
  const { table, from, to } = names(given)
  given.send(given.sql`CREATE VIEW ${table} AS SELECT *, ${from} AS ${to} FROM ${hidden(given, table)}`)
}

const initializeColumnRename: Operation = given =>
  inOne(given, () => {
    const { table } = names(given)
    rails(given, 'rename_table', table, hidden(given, table))
    columnView(given)
  })

const revertColumnRename: Operation = given =>
  inOne(given, () => {
    const table = given.name(0, 'the table')
    given.send(given.sql`DROP VIEW ${table}`)
    rails(given, 'rename_table', hidden(given, table), table)
  })

const finalizeColumnRename: Operation = given =>
  inOne(given, () => {
    const { table, from, to } = names(given)
    given.send(given.sql`DROP VIEW ${table}`)
    rails(given, 'rename_table', hidden(given, table), table)
    rails(given, 'rename_column', table, from, to)
  })

const initializeTableRename: Operation = given =>
  inOne(given, () => {
    const [table, to] = [given.name(0, 'the table'), given.name(1, 'the new name')]
    rails(given, 'rename_table', table, to)
    given.send(given.sql`CREATE VIEW ${table} AS SELECT * FROM ${to}`)
  })

const revertTableRename: Operation = given =>
  inOne(given, () => {
    const [table, to] = [given.name(0, 'the table'), given.name(1, 'the new name')]
    given.send(given.sql`DROP VIEW IF EXISTS ${table}`)
    rails(given, 'rename_table', to, table)
  })

const finalizeTableRename: Operation = given => {
  given.send(given.sql`DROP VIEW IF EXISTS ${given.name(0, 'the table')}`)
  return undefined
}

const swapColumns: Operation = given =>
  inOne(given, () => {
    const { table, from, to } = names(given)
    const between = joined([from, given.words('_tmp')])
    rails(given, 'rename_column', table, from, between)
    rails(given, 'rename_column', table, to, from)
    rails(given, 'rename_column', table, between, to)
  })

export const online: Readonly<Record<string, Operation>> = {
  initialize_column_rename: initializeColumnRename,
  revert_initialize_column_rename: revertColumnRename,
  finalize_column_rename: finalizeColumnRename,
  initialize_table_rename: initializeTableRename,
  revert_initialize_table_rename: revertTableRename,
  finalize_table_rename: finalizeTableRename,
  swap_column_names: swapColumns,
}
