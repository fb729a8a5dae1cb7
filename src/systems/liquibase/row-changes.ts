import { NotRead } from '../../code/given/not-read.ts'
import { listed } from '../../code/given/sql.ts'
import { plain, type Text, textAt } from '../../code/text.ts'
import { compareUnits } from '../reading/version.ts'
import { defaultsOfColumn, valueIn } from './column.ts'
import { type Given, tableOf } from './given.ts'

/** A column with its value; null: it has none. */
function assigned(column: Given, schema: Text | null): { readonly name: Text; readonly value: Text } {
  const name = column.required('name')
  const value = valueIn(column, 'value', { schema })
  // A default is that of a new column.
  column.passOver(['type', ...defaultsOfColumn])
  if (!value && (column.text('valueBlobFile') ?? column.text('valueClobFile')))
    throw new NotRead('its value is in another file', column.part.nameAt)
  column.finish()
  return { name: column.name(name), value: value ?? textAt('NULL', column.part.nameAt) }
}

export function insert(change: Given): Text[] {
  const schema = change.text('schemaName')
  // The database itself counts columns with `autoIncrement`.
  const given = change.parts('column').filter(each => !each.isTrue('autoIncrement'))
  const columns = given.map(each => assigned(each, schema))
  change.passOver(['dbms'])
  const at = change.part.nameAt
  const names = listed(
    columns.map(({ name }) => name),
    at,
  )
  const values = listed(
    columns.map(({ value }) => value),
    at,
  )
  return [change.sql`INSERT INTO ${tableOf(change)} (${names}) VALUES (${values})`]
}

/** The columns have the order of their names. */
export function update(change: Given): Text[] {
  const schema = change.text('schemaName')
  const named = change.parts('column').map(each => ({ said: plain(each.required('name')), ...assigned(each, schema) }))
  const columns = named.sort((a, b) => compareUnits(a.said, b.said))
  const said = listed(
    columns.map(({ name, value }) => change.sql`${name} = ${value}`),
    change.part.nameAt,
  )
  return [change.sql`UPDATE ${tableOf(change)} SET ${said}${where(change)}`]
}

export function remove(change: Given): Text[] {
  return [change.sql`DELETE FROM ${tableOf(change)}${where(change)}`]
}

function where(change: Given): Text | '' {
  if (change.parts('whereParams').length > 0) throw new NotRead('its condition has parameters', change.part.nameAt)
  const said = change.text('where')
  change.passOver(['dbms'])
  return said ? change.sql` WHERE ${said}` : ''
}
