import type { AlterObjectDependsStmt, AlterOwnerStmt, List } from '@pgsql/types'
import type { Backend } from '../backend.ts'
import { qualifiedName } from '../catalog/name.ts'
import type { Handlers } from './handler.ts'
import { namedRelation } from './named.ts'
import { findNamedType } from './type-lookup.ts'
import { otherOperation } from './whole-statement.ts'

/** ALTER … OWNER TO of everything but relations (that is ALTER TABLE), and DEPENDS ON EXTENSION. Source: alter.c. */
export const ownerHandlers = {
  AlterOwnerStmt: changeOwner,
  AlterObjectDependsStmt: dependOn,
} satisfies Partial<Handlers>

function changeOwner(backend: Backend, node: AlterOwnerStmt): void {
  otherOperation(backend, 'alter-other')
  if (node.objectType !== 'OBJECT_TYPE' && node.objectType !== 'OBJECT_DOMAIN') return
  const name = node.object as { readonly List?: List } | undefined
  const type = findNamedType(backend, qualifiedName(name?.List?.items))
  const row = type && 'relation' in type && type.relation !== null ? backend.get(type.relation) : undefined
  if (row) backend.lock(row, 'AccessExclusiveLock', 'its owner is changed')
}

function dependOn(backend: Backend, node: AlterObjectDependsStmt): void {
  otherOperation(backend, 'alter-other')
  if (!node.relation) return
  const mode = 'AccessExclusiveLock'
  const because = 'it is tied to an extension'
  if (node.objectType === 'OBJECT_INDEX') {
    backend.lock(namedRelation(backend, node.relation, ['index', 'partitioned index']), mode, because)
  } else if (node.objectType === 'OBJECT_MATVIEW') {
    backend.lock(namedRelation(backend, node.relation, ['materialized view']), mode, because)
  } else if (node.objectType === 'OBJECT_TRIGGER') {
    backend.lock(backend.relation(node.relation), 'AccessShareLock', 'its trigger is tied to an extension')
  }
}
