import { listed, sqlAt } from '../../code/given/sql.ts'
import { placeOf, textIn } from '../../code/given/value.ts'
import { joined, plain, type Text, textAt } from '../../code/text.ts'
import { entry, type Value } from '../../code/value.ts'
import type { Span } from '../../parse/span.ts'
import { description, given, is, isDescribed, said } from './described.ts'
import { columnList, columnsIn, inQuotes, inSchema, madeName, nameOf, path, type TableName, tableIn } from './name.ts'

/** Indexes and constraints of src/driver/postgres/PostgresQueryRunner.ts, as written in CREATE TABLE or after ADD. */

type Constraint = (value: Value | undefined, table: TableName, at: Span, whole?: Value) => Text

export const unique: Constraint = (value, table, at) => {
  const own = description(value, at, 'the constraint')
  const columns = columnsIn(entry(own, 'columnNames'), own.at)
  const name = nameOf(own, 'UQ_', table, columns, own.at)
  return sqlAt(own.at)`CONSTRAINT ${inQuotes(name, own.at)} UNIQUE (${columnList(columns, own.at)})${deferrable(own)}`
}

export const check: Constraint = (value, table, at) => {
  const own = description(value, at, 'the constraint')
  const expression = textIn(entry(own, 'expression'), own.at, 'the expression')
  return sqlAt(own.at)`CONSTRAINT ${expressionName(own, 'CHK_', table, expression)} CHECK (${expression})`
}

export const exclusion: Constraint = (value, table, at) => {
  const own = description(value, at, 'the constraint')
  const expression = textIn(entry(own, 'expression'), own.at, 'the expression')
  return sqlAt(
    own.at,
  )`CONSTRAINT ${expressionName(own, 'XCL_', table, expression)} EXCLUDE ${expression}${deferrable(own)}`
}

function expressionName(own: ReturnType<typeof description>, prefix: string, table: TableName, expression: Text): Text {
  const name = said(own, 'name') ?? madeName(prefix, table, plain(expression), [expression], own.at)
  return inQuotes(name, own.at)
}

export const foreignKey: Constraint = (value, table, at, whole) => {
  const own = description(value, at, 'the foreign key')
  const sql = sqlAt(own.at)
  const columns = columnsIn(entry(own, 'columnNames'), own.at)
  const target = tableIn(own, own.at, 'referencedTableName', 'referencedSchema')
  // The schema in the description of the table takes precedence over the one in the name.
  const described = whole?.kind === 'record' && !said(own, 'referencedSchema') ? said(whole, 'schema') : null
  const schema = described ?? target.schema
  const names = columnsIn(entry(own, 'referencedColumnNames'), own.at).map(each => inQuotes(each, own.at))
  const referenced = whole ? sql` (${listed(names, own.at)})` : sql`(${joined(names, textAt(',', own.at))})`
  const acts = ['onDelete', 'onUpdate'].flatMap(act => {
    const word = said(own, act)
    return word ? [sql` ${textAt(act === 'onDelete' ? 'ON DELETE' : 'ON UPDATE', own.at)} ${word}`] : []
  })
  const name = inQuotes(nameOf(own, 'FK_', table, columns, own.at), own.at)
  return sql`CONSTRAINT ${name} FOREIGN KEY (${columnList(columns, own.at)}) REFERENCES ${path({ ...target, schema }, own.at)}${referenced}${joined(acts)}${deferrable(own)}`
}

function deferrable(own: ReturnType<typeof description>): Text {
  const when = said(own, 'deferrable')
  return when ? sqlAt(own.at)` DEFERRABLE ${when}` : textAt('', own.at)
}

/** `createIndexSql`. */
export function index(value: Value | undefined, table: TableName, at: Span): Text {
  const own = description(value, at, 'the index')
  const sql = sqlAt(own.at)
  const columns = columnsIn(entry(own, 'columnNames'), own.at)
  const words = `CREATE ${is(own, 'isUnique') ? 'UNIQUE ' : ''}INDEX${is(own, 'isConcurrent') ? ' CONCURRENTLY' : ''}`
  const type = is(own, 'isSpatial') ? textAt('gist', own.at) : given(own, 'type') ? said(own, 'type') : null
  const using = type ? sql` USING ${type}` : textAt('', own.at)
  const where = said(own, 'where')
  const end = where ? sql` WHERE ${where}` : textAt('', own.at)
  const name = inQuotes(indexName(own, table, columns), own.at)
  return sql`${textAt(words, own.at)} ${name} ON ${path(table, own.at)}${using} (${columnList(columns, own.at)})${end}`
}

/** `indexName`: the condition is a part of it. */
function indexName(own: ReturnType<typeof description>, table: TableName, columns: readonly Text[]): Text {
  const where = said(own, 'where')
  if (!where || given(own, 'name')) return nameOf(own, 'IDX_', table, columns, own.at)
  const text = `${columns.map(plain).sort().join('_')}_${plain(where)}`
  return madeName('IDX_', table, text, [...columns, where], own.at)
}

/** `dropIndexSql`, for an index or its name. */
export function dropIndex(value: Value | undefined, table: TableName, ifExists: boolean, at: Span): Text {
  const own = isDescribed(value) ? description(value, at, 'the index') : null
  const name = own
    ? indexName(own, table, columnsIn(entry(own, 'columnNames'), own.at))
    : textIn(value, at, 'the name of the index')
  const words = `${own && is(own, 'isConcurrent') ? ' CONCURRENTLY' : ''}${ifExists ? ' IF EXISTS' : ''}`
  return sqlAt(at)`DROP INDEX${textAt(words, at)} ${inSchema(table, name, at)}`
}

/** The name of a constraint that a call gives as an object or by name. */
export function constraintName(value: Value | undefined, prefix: string, table: TableName, at: Span): Text {
  if (!isDescribed(value)) return textIn(value, placeOf(value, at), 'the name of the constraint')
  const own = description(value, at, 'the constraint')
  if (prefix !== 'CHK_' && prefix !== 'XCL_')
    return nameOf(own, prefix, table, given(own, 'name') ? [] : columnsIn(entry(own, 'columnNames'), own.at), own.at)
  const expression = textIn(entry(own, 'expression'), own.at, 'the expression')
  return said(own, 'name') ?? madeName(prefix, table, plain(expression), [expression], own.at)
}
