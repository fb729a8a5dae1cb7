import type { DropOwnedStmt, DropRoleStmt, Node, ReassignOwnedStmt } from '@pgsql/types'
import type { Backend } from '../backend.ts'
import type { Relation } from '../catalog/catalog.ts'
import { performDeletion } from '../object/deletion.ts'
import type { ObjectReference } from '../object/object.ts'
import type { Handlers } from './handler.ts'
import { otherOperation, wholeStatement } from './whole-statement.ts'

/** Roles are shared by all databases: no relation is locked, except by what a role owns. Source: user.c. */
export const roleHandlers = {
  CreateRoleStmt: backend => otherOperation(backend),
  AlterRoleStmt: backend => otherOperation(backend, 'alter-other'),
  AlterRoleSetStmt: backend => otherOperation(backend, 'alter-other'),
  DropRoleStmt: dropRoles,
  DropOwnedStmt: (backend, node: DropOwnedStmt) => owned(backend, node, 'drops'),
  ReassignOwnedStmt: (backend, node: ReassignOwnedStmt) => owned(backend, node, 'gives away'),
} satisfies Partial<Handlers>

function names(roles: readonly Node[] | undefined): string[] {
  return (roles ?? []).flatMap(role => ('RoleSpec' in role ? [role.RoleSpec.rolename ?? ''] : []))
}

function dropRoles(backend: Backend, node: DropRoleStmt): void {
  const ifExists = node.missing_ok ?? false
  for (const name of names(node.roles)) {
    const facts = { name, subject: null, ifExists, cascade: false, isNew: false, dependents: [] }
    backend.operation({ kind: 'drop-role', ...wholeStatement(backend), ...facts })
    if (ownedBy(backend, name).length > 0) {
      backend.fail('2BP01', `role "${name}" cannot be dropped because some objects depend on it`)
    }
  }
}

function ownedBy(backend: Backend, role: string): Relation[] {
  return [...backend.catalog.relations.values()].filter(({ owner }) => owner === role)
}

function owned(backend: Backend, node: DropOwnedStmt | ReassignOwnedStmt, does: string): void {
  otherOperation(backend)
  if (does === 'drops') {
    const relations = names(node.roles).flatMap(role => ownedBy(backend, role))
    const objects = relations.map(({ oid }): ObjectReference => ({ kind: 'relation', oid }))
    performDeletion(backend, objects, 'behavior' in node && node.behavior === 'DROP_CASCADE')
  }
  backend.opaque = `${does} whatever ${names(node.roles).join(', ') || 'the role'} owns`
}
