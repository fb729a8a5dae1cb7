import type { DropOwnedStmt, DropRoleStmt, Node, ReassignOwnedStmt } from '@pgsql/types'
import type { Backend } from '../backend.ts'
import type { Handlers } from './handler.ts'
import { other, whole } from './transaction-block.ts'

/** Roles are shared by all databases: no relation is locked, except by what a role owns. Source: user.c. */
export const roleHandlers = {
  CreateRoleStmt: backend => other(backend),
  AlterRoleStmt: backend => other(backend, 'alter-other'),
  AlterRoleSetStmt: backend => other(backend, 'alter-other'),
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
    backend.operation({ kind: 'drop-role', ...whole(backend), ...facts })
  }
}

function owned(backend: Backend, node: DropOwnedStmt | ReassignOwnedStmt, does: string): void {
  other(backend)
  backend.opaque = `${does} whatever ${names(node.roles).join(', ') || 'the role'} owns`
}
