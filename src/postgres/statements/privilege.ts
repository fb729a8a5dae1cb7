import type { GrantStmt } from '@pgsql/types'
import type { Backend } from '../backend.ts'
import { isIndex } from '../catalog/relation.ts'
import type { Handlers } from './handler.ts'
import { otherOperation } from './whole-statement.ts'

/** GRANT and REVOKE. Source: ExecuteGrantStmt in aclchk.c. */
export const privilegeHandlers = {
  GrantStmt: grant,
  GrantRoleStmt: backend => otherOperation(backend, 'grant'),
  AlterDefaultPrivilegesStmt: backend => otherOperation(backend, 'grant'),
} satisfies Partial<Handlers>

function grant(backend: Backend, node: GrantStmt): void {
  otherOperation(backend, 'grant')
  const onRelations = node.objtype === 'OBJECT_TABLE' || node.objtype === 'OBJECT_SEQUENCE'
  if (!onRelations || node.targtype !== 'ACL_TARGET_OBJECT') return
  for (const object of node.objects ?? []) {
    if (!('RangeVar' in object)) continue
    const relation = backend.relation(object.RangeVar, node.objtype === 'OBJECT_SEQUENCE' ? 'sequence' : 'table')
    if (isIndex(relation)) backend.fail('42809', `"${relation.name}" is an index`)
    // Since 18 the relations are locked so that nobody drops them meanwhile. That keeps nobody from reading and writing.
    if (backend.quietlySince(18)) backend.lock(relation, 'AccessShareLock', 'its privileges are changed')
  }
}
