import { told } from '../../code/given/not-read.ts'
import { sqlAt } from '../../code/given/sql.ts'
import { isTrue } from '../../code/given/value.ts'
import type { Run } from '../../code/run.ts'
import { joined, type Text, textAt } from '../../code/text.ts'
import type { Call, Value } from '../../code/value.ts'
import { append } from '../../parse/list.ts'
import type { Column, Command } from './column.ts'
import { alteredColumn, type CompiledColumn, compiledColumn, type Statement, type TableNames } from './column-sql.ts'
import type { TypeContext } from './column-type.ts'
import { type CommandContext, commandSql, primaryKey } from './command-sql.ts'
import { verbatim } from './given.ts'
import { inSchema, nameOf, wrapped } from './name.ts'
import { withBindings } from './raw.ts'
import { rawTextOf } from './raw-text.ts'
import type { Table } from './table.ts'

/** The call that describes a table: `createTable('name', …)` in a schema. */
export interface TablePlace {
  readonly call: Call
  readonly schema: Text | null
  readonly name: Text
  /** The table that it copies. */
  readonly like: Text | null
  readonly dateTimePrecision: TypeContext['dateTimePrecision']
}

/** Sends what Knex sends for a table: lib/schema/tablecompiler.js and lib/dialects/postgres/schema/pg-tablecompiler.js. */
export function sendTable(run: Run, table: Table, place: TablePlace): void {
  const { call, schema, name } = place
  const names: TableNames = { full: wrapped(inSchema(schema, name)), raw: name }
  const isCreated = table.method === 'create' || table.method === 'createIfNot'
  const commands: CommandContext = { ...names, schema, isCreated, checks: 0 }
  const statements: Statement[] = []
  const before: Statement[] = []
  const keys = table.commands.filter(({ method }) => method === 'primary')
  const context: TypeContext = {
    schema,
    dateTimePrecision: place.dateTimePrecision,
    hasPrimaryKey: keys.length > 0,
    // The last one comes first: `unshiftQuery`.
    before: sql => before.unshift({ sql, at: call.at }),
  }
  const sure = table.columns.filter(column => isSure(run, column, table))
  const added = sure.filter(({ method }) => method === 'add')
  const changed = sure.filter(({ method }) => method === 'alter')
  const columns = compiled(run, added, column => compiledColumn(column, names, context))
  const words = sqlAt(call.nameAt)
  if (table.method !== 'alter') {
    statements.push({ sql: creation(run, table, place, names, columns), at: call.at })
    if (table.comment) append(statements, tableComment(run, table.comment, names))
  } else if (columns.length > 0) {
    const all = joined(
      columns.map(({ at, definition }) => sqlAt(at)`add column ${definition}`),
      textAt(', ', call.nameAt),
    )
    statements.push({ sql: words`alter table ${names.full} ${all}`, at: call.at })
  }
  const additional = columns.flatMap(each => each.additional)
  for (const each of compiled(run, changed, column => alter(column, names, context))) {
    append(statements, each.statements)
    append(additional, each.additional)
  }
  append(statements, additional)
  for (const { sql, at } of [...before, ...statements]) run.send(sql, { at })
  for (const command of table.commands) sendCommand(run, command, commands)
  if (table.method === 'alter' && table.comment)
    for (const { sql, at } of tableComment(run, table.comment, names)) run.send(sql, { at })
}

/** A column that the table may not get is reported, and is not part of the SQL. */
function isSure(run: Run, { isConditional, call }: Column, { method }: Table): boolean {
  if (!isConditional) return true
  const what = method === 'alter' ? 'the definition of this column' : 'whether the table has this column'
  run.unread(call.at, `${what} depends on an unknown value`)
  return false
}

function compiled<T>(run: Run, columns: readonly Column[], compile: (column: Column) => T): T[] {
  return columns.flatMap(column => told(run, column.call.at, () => compile(column)) ?? [])
}

function alter(column: Column, names: TableNames, context: TypeContext) {
  const statements = alteredColumn(column, names, context).map(sql => ({ sql, at: column.call.at }))
  return { statements, additional: compiledColumn(column, names, { ...context, before: () => {} }).additional }
}

function creation(
  run: Run,
  table: Table,
  { call, schema, like }: TablePlace,
  names: TableNames,
  columns: readonly CompiledColumn[],
): Text {
  const words = sqlAt(call.nameAt)
  const comma = textAt(', ', call.nameAt)
  const parts = columns.map(({ definition }) => definition)
  const start = words`create table ${table.method === 'createIfNot' ? 'if not exists ' : ''}${names.full}`
  const inherits = table.inherits && parents(run, table.inherits)
  const end = inherits ? words` inherits (${inherits})` : words``
  if (like) {
    const all = joined([words`like ${wrapped(inSchema(schema, like))} including all`, ...parts], comma)
    return words`${start} (${all})${end}`
  }
  const [key] = table.commands.filter(({ method, isConditional }) => method === 'primary' && !isConditional)
  const keySql = key && key.call.args.length > 0 ? told(run, key.call.at, () => primaryKey(key, names.raw)) : null
  const checks = table.checks.flatMap(check => told(run, check.call.at, () => tableCheck(run, check)) ?? [])
  // Knex writes the comma even without columns, which PostgreSQL refuses.
  const constraint = keySql ? words`, ${keySql}` : words``
  const checked = checks.length > 0 ? words`, ${joined(checks, comma)}` : words``
  return words`${start} (${joined(parts, comma)}${constraint}${checked})${end}`
}

function parents(run: Run, { args: [value], argsAt: [place], nameAt }: NonNullable<Table['inherits']>): Text | null {
  return told(run, place ?? nameAt, () => nameOf(value, place ?? nameAt))
}

/** `check (…)` within CREATE TABLE. */
function tableCheck(run: Run, { call: { args, argsAt, at, nameAt }, isConditional }: Command): Text | [] {
  if (isConditional) {
    run.unread(at, 'it depends on an unknown value')
    return []
  }
  const words = sqlAt(nameAt)
  const [predicate, bindings, name] = args
  const raw: Value | undefined = predicate
  const text = (raw && rawTextOf(raw)) ?? withBindings(verbatim(predicate, argsAt[0] ?? nameAt), bindings)
  const isNamed = name !== undefined && isTrue(name)
  return isNamed ? words`constraint ${verbatim(name, argsAt[2] ?? nameAt)} check (${text})` : words`check (${text})`
}

/** Knex quotes the text without escaping it. */
function tableComment(run: Run, comment: NonNullable<Table['comment']>, { full }: TableNames): Statement[] {
  const { args, argsAt, at, nameAt } = comment
  const sql = told(run, at, () => {
    const words = sqlAt(nameAt)
    return words`comment on table ${full} is '${verbatim(args[0], argsAt[0] ?? nameAt)}'`
  })
  return sql ? [{ sql, at }] : []
}

function sendCommand(run: Run, command: Command, context: CommandContext): void {
  const { call, isConditional } = command
  const sql = told(run, call.at, () => commandSql(command, context))
  if (!sql) return
  if (!isConditional) {
    run.send(sql, { at: call.at })
    return
  }
  run.perhaps(() => run.send(sql, { at: call.at }))
  run.doubt(call.at, 'it depends on an unknown value')
}
