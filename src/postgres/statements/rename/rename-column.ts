import type { RenameStmt } from '@pgsql/types'
import { isPlaceholder } from '../../../parse/placeholder.ts'
import type { Backend } from '../../backend.ts'
import type { Relation, RelationKind, Table, View } from '../../catalog/catalog.ts'
import { rangeVarName } from '../../catalog/name.ts'
import { isInherited, isTable, systemColumns } from '../../catalog/relation.ts'
import { renameColumn } from '../../object/renaming.ts'
import { namedRelation } from '../named.ts'
import { announceRename } from './rename-operation.ts'

const accepted: Readonly<Record<string, readonly [RelationKind, ...RelationKind[]]>> = {
  OBJECT_TABLE: ['table', 'partitioned table', 'foreign table', 'view', 'materialized view', 'composite type'],
  OBJECT_VIEW: ['view'],
  OBJECT_MATVIEW: ['materialized view'],
  OBJECT_FOREIGN_TABLE: ['foreign table'],
  OBJECT_TYPE: ['composite type'],
}

/** RENAME COLUMN and RENAME ATTRIBUTE. Source: renameatt in tablecmds.c. */
export function renameColumnStatement(backend: Backend, node: RenameStmt): void {
  const name = rangeVarName(node.relation ?? {})
  const from = node.subname ?? ''
  const to = node.newname ?? ''
  const kind = node.renameType === 'OBJECT_ATTRIBUTE' ? 'rename-attribute' : 'rename-column'
  if (node.missing_ok && backend.lookup(name) === 'dropped') {
    announceRename(backend, kind, null, from, to, true)
    return
  }
  const relation = namedRelation(backend, name, accepted[node.relationType ?? ''] ?? ['table'])
  announceRename(backend, kind, relation, from, to)
  if (!('columns' in relation)) return
  const certain = relation.complete || !node.missing_ok
  backend.lock(relation, 'AccessExclusiveLock', `its column "${from}" is renamed`, certain)
  const all = isTable(relation) ? descendants(backend, relation, node) : [relation]
  const column = backend.column(relation, from)
  if (systemColumns.has(from)) backend.fail('0A000', `cannot rename system column "${from}"`)
  if (isTable(relation) && isInherited(relation, column))
    backend.fail('42P16', `cannot rename inherited column "${from}"`)
  if (!column && relation.complete && !isPlaceholder(from)) backend.fail('42703', `column "${from}" does not exist`)
  for (const each of all) {
    backend.lock(each, 'AccessExclusiveLock', `its column "${from}" is renamed`, certain)
    if (backend.column(each, to)) backend.fail('42701', `column "${to}" of relation "${each.name}" already exists`)
    renameColumn(backend, each.oid, from, to)
  }
}

function descendants(backend: Backend, table: Table, node: RenameStmt): (Table | View)[] {
  if (table.kind === 'composite type') return [table, ...typedTables(backend, table, node.behavior === 'DROP_CASCADE')]
  const all = backend.withDescendants(table)
  if (node.relation?.inh || all.length === 1) return all
  return backend.fail('42P16', `inherited column "${node.subname}" must be renamed in child tables too`)
}

/** Tables OF a composite type follow, but only with CASCADE. Source: find_typed_table_dependencies in tablecmds.c. */
export function typedTables(backend: Backend, type: Relation, cascade: boolean): Table[] {
  const found = [...backend.catalog.relations.values()].filter((relation): relation is Table => {
    if (!isTable(relation) || relation.ofType === null) return false
    const row = backend.catalog.types.get(relation.ofType) ?? backend.get(relation.ofType)
    return row?.name === type.name && row.schema === type.schema
  })
  if (found.length > 0 && !cascade) {
    backend.fail('2BP01', `cannot alter type "${type.name}" because it is the type of a typed table`)
  }
  return found
}
