import type { LockStmt } from '@pgsql/types'
import type { Backend } from '../backend.ts'
import type { Relation } from '../catalog/catalog.ts'
import { isTable, isView } from '../catalog/relation.ts'
import { type LockMode, lockModes } from '../lock.ts'
import { relationsBehind } from '../query/reach.ts'
import type { Handlers } from './handler.ts'
import { wholeStatement } from './whole-statement.ts'

/** Children and what a view reads are locked in the same mode. Source: LockTableCommand in lockcmds.c. */
function lockTable(backend: Backend, node: LockStmt): void {
  const mode: LockMode = lockModes[(node.mode ?? 8) - 1] ?? 'AccessExclusiveLock'
  for (const relation of node.relations ?? []) {
    if (!('RangeVar' in relation)) continue
    const found = backend.relation(relation.RangeVar)
    backend.operation({
      kind: 'lock-table',
      ...wholeStatement(backend),
      table: backend.subject(found),
      mode,
      nowait: node.nowait === true,
    })
    if (backend.transaction.kind === 'autocommit') {
      backend.fail('25P01', 'LOCK TABLE can only be used in transaction blocks')
    }
    if (!isLockable(found)) backend.fail('42809', `cannot lock relation "${found.name}"`)
    lockWithChildren(backend, found, mode, 'LOCK TABLE names it', relation.RangeVar.inh === true)
    if (!isView(found)) continue
    for (const each of relationsBehind(backend, found)) {
      if (isLockable(each)) lockWithChildren(backend, each, mode, `the view "${found.name}" reads it`, true)
    }
  }
}

function isLockable(relation: Relation): boolean {
  return relation.kind === 'table' || relation.kind === 'partitioned table' || relation.kind === 'view'
}

function lockWithChildren(
  backend: Backend,
  relation: Relation,
  mode: LockMode,
  because: string,
  children: boolean,
): void {
  backend.lock(relation, mode, because)
  if (!children || !isTable(relation)) return
  for (const child of backend.withDescendants(relation).slice(1))
    backend.lock(child, mode, `its parent "${relation.name}" is locked`)
}

export const lockTableHandlers = { LockStmt: lockTable } satisfies Partial<Handlers>
