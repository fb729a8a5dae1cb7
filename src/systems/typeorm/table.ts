import { NotRead } from '../../code/given/not-read.ts'
import { listed, sqlAt } from '../../code/given/sql.ts'
import { isTrue, listIn, placeOf, textIn } from '../../code/given/value.ts'
import { joined, noted, plain, type Text, textAt } from '../../code/text.ts'
import { type Call, entry, type Value } from '../../code/value.ts'
import { append } from '../../parse/list.ts'
import { columnIn, comment, definition, enumCreation, enumName, isStored, literal } from './column.ts'
import { check, exclusion, foreignKey, index, unique } from './constraint.ts'
import { description, given, is, isDescribed, said } from './described.ts'
import { columnList, inQuotes, madeName, path, type TableName, tableIn } from './name.ts'

/** Tables: createTable, addColumn and related methods of src/driver/postgres/PostgresQueryRunner.ts. */

/** Whether an argument such as `ifExists` is true; a missing one counts as false. */
export function isAsked(call: Call, place: number, fallback = false): boolean {
  const value = call.args[place]
  if (value === undefined || (value.kind === 'plain' && value.value === undefined)) return fallback
  if (value.kind !== 'plain') throw new NotRead('it is unknown whether it applies', call.argsAt[place] ?? call.at)
  return Boolean(value.value)
}

/** The statements of `createTable`: before the table, for it, and after it. */
export interface Creation {
  readonly before: readonly Text[]
  readonly table: Text
  readonly after: readonly Text[]
}

export function createTable(call: Call, uuid: string): Creation {
  const { args, at, nameAt } = call
  const own = description(args[0], at, 'the table')
  const table = tableIn(own, at)
  const sql = sqlAt(nameAt)
  const items = (name: string) => (given(own, name) ? listIn(given(own, name), own.at, `\`${name}\``) : [])
  const columns = items('columns').map(each => columnIn(each, own.at))
  for (const column of columns)
    if (isStored(column.own)) throw new NotRead('generated columns of TypeORM are not read', column.own.at)
  const enums = new Map<string, Text>()
  for (const column of columns) {
    const name = column.isEnum ? plain(enumName(column, table, !table.schema)) : ''
    if (column.isEnum && !enums.has(name)) enums.set(name, enumCreation(column, table, !table.schema))
  }
  const uniques = items('uniques')
  const parts = columns.map(column => definition(column, table, column.isEnum, uuid))
  append(
    parts,
    uniques.map(each => unique(each, table, own.at)),
  )
  for (const column of columns)
    if (is(column.own, 'isUnique') && !uniques.some(each => isOnly(each, column.name)))
      parts.push(uniqueOf(column.name, table, call))
  append(
    parts,
    items('checks').map(each => check(each, table, own.at)),
  )
  append(
    parts,
    items('exclusions').map(each => exclusion(each, table, own.at)),
  )
  if (isAsked(call, 2, true))
    append(
      parts,
      items('foreignKeys').map(each => foreignKey(each, table, own.at, own)),
    )
  const keys = columns.filter(column => is(column.own, 'isPrimary'))
  if (keys.length > 0) {
    const names = keys.map(({ name }) => name)
    const name =
      (keys[0] && said(keys[0].own, 'primaryKeyConstraintName')) ?? madeName('PK_', table, null, names, nameAt)
    parts.push(sql`CONSTRAINT ${inQuotes(name, nameAt)} PRIMARY KEY (${columnList(names, nameAt)})`)
  }
  const comments = columns.flatMap(column => comment(column, table)).map(text => sql`; ${text}`)
  const after = isAsked(call, 3, true) ? items('indices').map(each => index(each, table, own.at)) : []
  const note = said(own, 'comment')
  if (note) after.push(sql`COMMENT ON TABLE ${path(table, nameAt)} IS ${literal(note, nameAt)}`)
  const exists = textAt(isAsked(call, 1) ? 'IF NOT EXISTS ' : '', nameAt)
  return {
    before: [...enums.values()],
    table: sql`CREATE TABLE ${exists}${path(table, nameAt)} (${listed(parts, nameAt)})${joined(comments)}`,
    after,
  }
}

function isOnly(value: Value, column: Text): boolean {
  const own = description(value, [0, 0], 'the constraint')
  const [first, ...others] = listIn(entry(own, 'columnNames'), own.at, 'the columns')
  return others.length === 0 && first?.kind === 'text' && plain(first) === plain(column)
}

/** The constraint that `isUnique` of a column stands for. */
function uniqueOf(column: Text, table: TableName, { nameAt }: Call): Text {
  const name = madeName('UQ_', table, null, [column], nameAt)
  return sqlAt(nameAt)`CONSTRAINT ${inQuotes(name, nameAt)} UNIQUE (${columnList([column], nameAt)})`
}

export function addColumn(call: Call, uuid: string, value = call.args[1], place = call.argsAt[1] ?? call.at): Text[] {
  const { args, at, nameAt } = call
  const table = tableIn(args[0], at)
  const column = columnIn(value, place)
  const { own, name } = column
  if (is(own, 'isPrimary')) throw new NotRead('the primary key that it changes is not known', placeOf(value, place))
  if (isStored(own)) throw new NotRead('generated columns of TypeORM are not read', own.at)
  const alter = sqlAt(nameAt)`ALTER TABLE ${path(table, nameAt)}`
  const sent = column.isEnum ? [enumCreation(column, table, true)] : []
  sent.push(sqlAt(nameAt)`${alter} ADD ${definition(column, table, true, uuid)}`)
  if (is(own, 'isUnique')) sent.push(sqlAt(nameAt)`${alter} ADD ${uniqueOf(name, table, call)}`)
  return [...sent, ...comment(column, table)]
}

/** `dropColumn` and `dropTable` of PostgresQueryRunner.ts, which ask the database for them. */
const first = 'TypeORM first drops its indexes, constraints and enumerations in the database, by separate statements.'

/** TypeORM first drops the column's objects in the database by separate statements; dropping the column would drop them anyway. */
export function dropColumn(call: Call, value = call.args[1]): Text[] {
  const { args, at, nameAt } = call
  const name = columnName(value, call)
  const exists = textAt(isAsked(call, 2) ? 'IF EXISTS ' : '', nameAt)
  const table = path(tableIn(args[0], at), nameAt)
  return [noted(sqlAt(nameAt)`ALTER TABLE ${table} DROP COLUMN ${exists}${inQuotes(name, nameAt)}`, first)]
}

function columnName(value: Value | undefined, { at }: Call): Text {
  if (!isDescribed(value)) return textIn(value, at, 'the name of the column')
  return textIn(entry(description(value, at, 'the column'), 'name'), at, 'the name of the column')
}

/** Whether TypeORM drops a changed column and adds it again; null: that depends on the content of the database. */
export function isMadeAgain(before: Value | undefined, after: Value | undefined, at: Call['at']): boolean | null {
  if (!isDescribed(before)) return null
  const [old, now] = [columnIn(before, at).own, columnIn(after, at).own]
  const differs = (name: string) =>
    plain(said(old, name) ?? textAt('', at)) !== plain(said(now, name) ?? textAt('', at))
  return differs('type') || differs('length') || is(old, 'isArray') !== is(now, 'isArray') || differs('generatedType')
}

export function renameColumn(call: Call): Text[] {
  const { args, at, nameAt } = call
  const table = path(tableIn(args[0], at), nameAt)
  const [old, name] = [args[1], args[2]].map(each => inQuotes(columnName(each, call), nameAt))
  return old && name ? [sqlAt(nameAt)`ALTER TABLE ${table} RENAME COLUMN ${old} TO ${name}`] : []
}

export function renameTable({ args, at, nameAt }: Call): Text[] {
  const table = path(tableIn(args[0], at), nameAt)
  return [sqlAt(nameAt)`ALTER TABLE ${table} RENAME TO ${inQuotes(textIn(args[1], at, 'the name'), nameAt)}`]
}

/** TypeORM first drops its indexes and foreign keys by separate statements; dropping the table would drop them anyway. */
export function dropTable(call: Call): Text[] {
  const exists = textAt(isAsked(call, 1) ? 'IF EXISTS ' : '', call.nameAt)
  const table = path(tableIn(call.args[0], call.at), call.nameAt)
  return [noted(sqlAt(call.nameAt)`DROP TABLE ${exists}${table}`, first)]
}

export function clearTable({ args, at, nameAt }: Call): Text[] {
  const cascade = textAt(isTrue(entry(args[1], 'cascade'), at) ? ' CASCADE' : '', nameAt)
  return [sqlAt(nameAt)`TRUNCATE TABLE ${path(tableIn(args[0], at), nameAt)}${cascade}`]
}

export function createSchema(call: Call): Text[] {
  const exists = textAt(isAsked(call, 1) ? 'IF NOT EXISTS ' : '', call.nameAt)
  return [sqlAt(call.nameAt)`CREATE SCHEMA ${exists}${schemaIn(call)}`]
}

export function dropSchema(call: Call): Text[] {
  const exists = textAt(isAsked(call, 1) ? 'IF EXISTS ' : '', call.nameAt)
  const cascade = textAt(isAsked(call, 2) ? ' CASCADE' : '', call.nameAt)
  return [sqlAt(call.nameAt)`DROP SCHEMA ${exists}${schemaIn(call)}${cascade}`]
}

function schemaIn({ args, at, nameAt }: Call): Text {
  const text = textIn(args[0], at, 'the schema')
  const { schema, name } = tableIn(text, at)
  return inQuotes(schema ? name : text, nameAt)
}
