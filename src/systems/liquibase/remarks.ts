import { quoted, type Text } from '../../code/text.ts'
import type { Column } from './column.ts'
import { type Given, tableOf } from './given.ts'

export function remarksOf(table: Given, path: Text, { name, remarks }: Column): Text[] {
  return remarks ? [comment(table, table.sql`COLUMN ${path}.${table.name(name)}`, remarks)] : []
}

export function comment({ sql }: Given, on: Text, remarks: Text | null): Text {
  return sql`COMMENT ON ${on} IS ${remarks ? quoted(remarks, "'") : 'NULL'}`
}

export function setColumnRemarks(change: Given): Text[] {
  change.passOver(['columnDataType', 'columnParentType'])
  return [
    comment(
      change,
      change.sql`COLUMN ${tableOf(change)}.${change.name(change.required('columnName'))}`,
      change.text('remarks'),
    ),
  ]
}
