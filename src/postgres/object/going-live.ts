import type { Backend } from '../backend.ts'
import type { Relation, Table } from '../catalog/catalog.ts'
import { nameKey } from '../catalog/name.ts'
import { isTable } from '../catalog/relation.ts'

/** From the end of this transaction on others find the table: it became a part of one that they use, or has a name that they use. */
export function goLive(backend: Backend, relation: Relation): void {
  if (!isTable(relation) || backend.isExposed(relation) || relation.persistence === 'temporary') return
  backend.change<Table>(relation.oid, { live: { transaction: backend.transaction.id } })
}

/** True for a name that was something else's before: code may go by it. */
export function wasInUse(backend: Backend, schema: string, name: string): boolean {
  return backend.catalog.dropped.has(nameKey('relation', schema, name))
}
