import type { Backend } from '../backend.ts'
import type { Relation, Table } from '../catalog/catalog.ts'
import { nameKey } from '../catalog/name.ts'
import { isTable } from '../catalog/relation.ts'

/**
 * When this transaction ends, others find the table: it has become a part of a table that they use, or has taken a name
 * that they use.
 */
export function goLive(backend: Backend, relation: Relation): void {
  if (!isTable(relation) || backend.isExposed(relation) || relation.persistence === 'temporary') return
  backend.change<Table>(relation.oid, { live: { transaction: backend.transaction.id } })
}

/** True for a name that something else had before: code may look it up. */
export function wasInUse(backend: Backend, schema: string, name: string): boolean {
  return backend.catalog.dropped.has(nameKey('relation', schema, name))
}
