import type { RenameStmt } from '@pgsql/types'
import type { Backend } from '../../backend.ts'
import type { Index, Relation, RelationKind, Table } from '../../catalog/catalog.ts'
import { rangeVarName } from '../../catalog/name.ts'
import { isIndex } from '../../catalog/relation.ts'
import { goLive, wasInUse } from '../../object/going-live.ts'
import { renameRelation } from '../../object/renaming.ts'
import type { Rename } from '../../operation.ts'
import { namedRelation } from '../named.ts'
import { announceRename } from './rename-operation.ts'

type Kinds = readonly [RelationKind, ...RelationKind[]]

const tables: Kinds = [
  'table',
  'partitioned table',
  'foreign table',
  'view',
  'materialized view',
  'index',
  'partitioned index',
  'sequence',
]

/**
 * The kinds that each spelling accepts; ALTER TABLE and ALTER INDEX rename anything. Source:
 * RangeVarCallbackForAlterRelation.
 */
const accepted: Readonly<Record<string, Kinds>> = {
  OBJECT_TABLE: tables,
  OBJECT_INDEX: ['index', ...tables],
  OBJECT_VIEW: ['view'],
  OBJECT_MATVIEW: ['materialized view'],
  OBJECT_SEQUENCE: ['sequence'],
  OBJECT_FOREIGN_TABLE: ['foreign table'],
}

const operations: Readonly<Record<RelationKind, Rename['kind']>> = {
  table: 'rename-table',
  'partitioned table': 'rename-table',
  'foreign table': 'rename-table',
  view: 'rename-view',
  'materialized view': 'rename-view',
  index: 'rename-index',
  'partitioned index': 'rename-index',
  sequence: 'rename-sequence',
  'composite type': 'rename-type',
}

/** ALTER TABLE, VIEW, INDEX, SEQUENCE … RENAME TO. Source: RenameRelation in tablecmds.c. */
export function renameRelationStatement(backend: Backend, node: RenameStmt): void {
  const name = rangeVarName(node.relation ?? {})
  const type = node.renameType ?? ''
  const to = node.newname ?? ''
  if (node.missing_ok && backend.lookup(name) === 'dropped') {
    announceRename(backend, type === 'OBJECT_INDEX' ? 'rename-index' : 'rename-table', null, name.name, to, true)
    return
  }
  const relation = namedRelation(backend, name, accepted[type] ?? tables)
  announceRename(backend, operations[relation.kind], relation, relation.name, to)
  const certain = relation.complete || !node.missing_ok
  // ALTER TABLE locks an index as if it were a table; only ALTER INDEX takes the weaker lock.
  const gently = isIndex(relation) && type === 'OBJECT_INDEX'
  backend.lock(relation, gently ? 'ShareUpdateExclusiveLock' : 'AccessExclusiveLock', 'it is renamed', certain)
  const takesName = wasInUse(backend, relation.schema, to)
  renameWithConstraint(backend, relation, to)
  if (takesName) goLive(backend, backend.get(relation.oid) ?? relation)
}

/**
 * An index that belongs to a constraint has the same name as it, so renaming one renames the other. Source:
 * RenameRelationInternal.
 */
function renameWithConstraint(backend: Backend, relation: Relation, to: string): void {
  renameRelation(backend, relation, relation.schema, to)
  if (!isIndex(relation) || relation.constraint === null) return
  const table = backend.getTable(relation.table)
  if (!table) return
  backend.change<Index>(relation.oid, { constraint: to })
  backend.change<Table>(table.oid, {
    constraints: table.constraints.map(each => (each.index === relation.oid ? { ...each, name: to } : each)),
  })
}
