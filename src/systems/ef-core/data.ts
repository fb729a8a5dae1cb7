import { NotRead } from '../../code/given/not-read.ts'
import { listed, sqlAt } from '../../code/given/sql.ts'
import { placeOf } from '../../code/given/value.ts'
import { plain, type Text, unknownIn } from '../../code/text.ts'
import type { Call, Value } from '../../code/value.ts'
import { type Given, namesOf } from './given.ts'
import { sqlLiteral } from './literal.ts'

/** Rows, each a list with one value for each column. A list of plain values is one row, or one value for each row. */
function rowsOf(value: Value | undefined, columns: number, { at }: Call): readonly (readonly Value[])[] {
  if (value === undefined) throw new NotRead('the values are not known', at)
  if (value.kind !== 'list') return columns === 1 ? [[value]] : [[]]
  if (value.isOpen) throw new NotRead('a part of the values is not known', at)
  const rows = value.items.map(each => (each.kind === 'list' ? each.items : null))
  // A value may be an array itself.
  const isOne = value.items.length === columns && rows.some(row => row?.length !== columns)
  if (!isOne && rows.every(row => row !== null)) return rows.filter(row => row !== null)
  return columns === 1 ? value.items.map(each => [each]) : [value.items]
}

function typesOf(value: Value | undefined): string[] {
  const all = value?.kind === 'list' ? value.items : value ? [value] : []
  return all.map(each => (each.kind === 'text' && unknownIn(each) === null ? plain(each) : ''))
}

function literals(row: readonly Value[], types: readonly string[], { at }: Call): Text[] {
  return row.map((value, i) => sqlLiteral(value, types[i] ?? '', placeOf(value, at)))
}

/** A statement for each row (NpgsqlUpdateSqlGenerator.AppendInsertOperation). */
export function insertData(own: Given, call: Call): Text[] {
  const { at, nameAt } = call
  const columns = namesOf(own.get('column') ?? own.get('columns'), at)
  const types = typesOf(own.get('columnType') ?? own.get('columnTypes'))
  const sql = sqlAt(nameAt)
  return rowsOf(own.get('value') ?? own.get('values'), columns.length, call).map(row => {
    if (row.length !== columns.length) throw new NotRead('the number of values is not the number of columns', at)
    return sql`INSERT INTO ${own.table()} (${listed(columns, nameAt)}) VALUES (${listed(literals(row, types, call), nameAt)})`
  })
}

function conditions(own: Given, call: Call): Text[] {
  const { at, nameAt } = call
  const keys = namesOf(own.get('keyColumn') ?? own.get('keyColumns'), at)
  const types = typesOf(own.get('keyColumnType') ?? own.get('keyColumnTypes'))
  return rowsOf(own.get('keyValue') ?? own.get('keyValues'), keys.length, call).map(row => {
    if (row.length !== keys.length) throw new NotRead('the number of values is not the number of columns', at)
    const values = literals(row, types, call)
    return listed(
      keys.map((key, i) =>
        plain(values[i] as Text) === 'NULL'
          ? sqlAt(nameAt)`${key} IS NULL`
          : sqlAt(nameAt)`${key} = ${values[i] as Text}`,
      ),
      nameAt,
      ' AND ',
    )
  })
}

export function deleteData(own: Given, call: Call): Text[] {
  return conditions(own, call).map(condition => sqlAt(call.nameAt)`DELETE FROM ${own.table()} WHERE ${condition}`)
}

export function updateData(own: Given, call: Call): Text[] {
  const { at, nameAt } = call
  const columns = namesOf(own.get('column') ?? own.get('columns'), at)
  const types = typesOf(own.get('columnType') ?? own.get('columnTypes'))
  const rows = rowsOf(own.get('value') ?? own.get('values'), columns.length, call)
  return conditions(own, call).map((condition, i) => {
    const values = literals(rows[i] ?? [], types, call)
    if (values.length !== columns.length) throw new NotRead('the number of values is not the number of columns', at)
    const sets = columns.map((column, j) => sqlAt(nameAt)`${column} = ${values[j] as Text}`)
    return sqlAt(nameAt)`UPDATE ${own.table()} SET ${listed(sets, nameAt)} WHERE ${condition}`
  })
}
