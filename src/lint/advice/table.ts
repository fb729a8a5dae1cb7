import type { Catalog, Oid, Table } from '../../postgres/catalog/catalog.ts'
import type { Column } from '../../postgres/catalog/column.ts'
import { columnsByName, isTable } from '../../postgres/catalog/relation.ts'

export function tableOf(catalog: Catalog, oid: Oid): Table | undefined {
  const relation = catalog.relations.get(oid)
  return relation && isTable(relation) ? relation : undefined
}

export function columnOf(table: Table, name: string | undefined): Column | undefined {
  return name === undefined ? undefined : columnsByName.find(table.columns, name)
}
