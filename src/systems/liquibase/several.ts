import { plain, quoted, type Text, textAt } from '../../code/text.ts'
import { reservedWords } from '../../parse/reserved.ts'
import { typeIn } from './column.ts'
import type { Given } from './given.ts'

/** Changes that are several of the others on PostgreSQL: AddAutoIncrementChange and AddLookupTableChange of liquibase.change.core. */

/** A sequence of its own, and its next value as the default. */
export function addAutoIncrement(change: Given): Text[] {
  const { sql } = change
  change.passOver(['catalogName', 'columnDataType', 'defaultOnNull', 'generationType'])
  const [table, column, schema] = [
    change.required('tableName'),
    change.required('columnName'),
    change.text('schemaName'),
  ]
  const said = `${plain(table)}_${plain(column)}_seq`
  const name = textAt(isBare(table) && isBare(column) ? said.toLowerCase() : said, change.part.nameAt)
  const [start, by] = [change.text('startWith'), change.text('incrementBy')]
  const path = change.inSchema(table, schema)
  const sequence = change.inSchema(name, schema)
  return [
    sql`CREATE SEQUENCE IF NOT EXISTS ${sequence}${start ? sql` START WITH ${start}` : ''}${by ? sql` INCREMENT BY ${by}` : ''}`,
    sql`ALTER TABLE ${path} ALTER COLUMN ${change.name(column)} SET NOT NULL`,
    sql`ALTER TABLE ${path} ALTER COLUMN ${change.name(column)} SET DEFAULT nextval(${quoted(sequence, "'")})`,
    sql`ALTER SEQUENCE ${sequence} OWNED BY ${path}.${change.name(column)}`,
  ]
}

function isBare(name: Text): boolean {
  const text = plain(name)
  const isMixed = /[a-z]/.test(text) && /[A-Z]/.test(text)
  return /^[a-z_][a-z0-9_$]*$/i.test(text) && !isMixed && !reservedWords.has(text.toLowerCase())
}

/** A table of the values that a column has, and a foreign key from this to that. */
export function addLookupTable(change: Given): Text[] {
  const { sql } = change
  const [from, to] = [change.required('existingTableName'), change.required('newTableName')]
  const table = change.path('existingTableName', 'existingTableSchemaName', 'existingTableCatalogName')
  const made = change.path('newTableName', 'newTableSchemaName', 'newTableCatalogName')
  const column = change.name(change.required('existingColumnName'))
  const own = change.name(change.required('newColumnName'))
  if (change.text('newColumnDataType')) typeIn(change, 'newColumnDataType')
  const named = change.text('constraintName')
  const usual = `FK_${plain(from).toUpperCase()}_${plain(to).toUpperCase()}`
  const name = change.name(named ?? textAt(usual, change.part.nameAt))
  return [
    sql`CREATE TABLE ${made} AS SELECT DISTINCT ${column} AS ${own} FROM ${table} WHERE ${column} IS NOT NULL`,
    sql`ALTER TABLE ${made} ALTER COLUMN ${own} SET NOT NULL`,
    sql`ALTER TABLE ${made} ADD PRIMARY KEY (${own})`,
    sql`ALTER TABLE ${table} ADD CONSTRAINT ${name} FOREIGN KEY (${column}) REFERENCES ${made} (${own})`,
  ]
}
