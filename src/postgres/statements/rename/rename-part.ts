import type { RenameStmt } from '@pgsql/types'
import type { Backend } from '../../backend.ts'
import type { Relation, Table, View } from '../../catalog/catalog.ts'
import { rangeVarName } from '../../catalog/name.ts'
import { isTable } from '../../catalog/relation.ts'
import { renameRelation } from '../../object/renaming.ts'
import { requirePart } from '../drop-part.ts'
import { announceRename } from './rename-operation.ts'

function owner(backend: Backend, node: RenameStmt): Relation | null {
  const name = rangeVarName(node.relation ?? {})
  return node.missing_ok && backend.lookup(name) === 'dropped' ? null : backend.relation(name)
}

/** RENAME CONSTRAINT. Source: rename_constraint_internal in tablecmds.c. */
export function renameConstraint(backend: Backend, node: RenameStmt): void {
  const from = node.subname ?? ''
  const to = node.newname ?? ''
  const table = owner(backend, node)
  announceRename(backend, 'rename-constraint', table, from, to, table === null || !backend.isExposed(table))
  if (!table || !isTable(table)) return
  backend.lock(table, 'AccessExclusiveLock', `its constraint "${from}" is renamed`, table.complete || !node.missing_ok)
  const constraint = backend.constraint(table, from)
  if (!constraint) {
    if (table.complete) backend.fail('42704', `constraint "${from}" for table "${table.name}" does not exist`)
    return
  }
  const inherits = (constraint.kind === 'check' || constraint.kind === 'not null') && !constraint.noInherit
  const all = inherits ? backend.withDescendants(table) : [table]
  if (all.length > 1 && !node.relation?.inh) {
    backend.fail('42P16', `inherited constraint "${from}" must be renamed in child tables too`)
  }
  if (constraint.inherited && inherits) backend.fail('42P16', `cannot rename inherited constraint "${from}"`)
  for (const each of all) {
    backend.lock(each, 'AccessExclusiveLock', `its constraint "${from}" is renamed`)
    if (backend.constraint(each, to)) {
      backend.fail('42710', `constraint "${to}" for relation "${each.name}" already exists`)
    }
    backend.change<Table>(each.oid, { constraints: renamed(each.constraints, from, to) })
  }
  const index = constraint.index === null ? undefined : backend.getIndex(constraint.index)
  if (!index) return
  backend.lock(index, 'ShareUpdateExclusiveLock', 'it has the name of its constraint')
  renameRelation(backend, { ...index, constraint: to }, index.schema, to)
}

function renamed<T extends { readonly name: string }>(list: readonly T[], from: string, to: string): T[] {
  return list.map(each => (each.name === from ? { ...each, name: to } : each))
}

/** ALTER TRIGGER … RENAME. Since 15 the clones of a row trigger on partitions follow. Source: renametrig in trigger.c. */
export function renameTrigger(backend: Backend, node: RenameStmt): void {
  const from = node.subname ?? ''
  const to = node.newname ?? ''
  const relation = owner(backend, node)
  announceRename(backend, 'rename-trigger', relation, from, to)
  if (!relation || !('triggers' in relation)) return
  requirePart(backend, relation, 'OBJECT_TRIGGER', from)
  if (relation.triggers.some(({ name }) => name === to)) {
    backend.fail('42710', `trigger "${to}" for relation "${relation.name}" already exists`)
  }
  if (backend.since(15) && isTable(relation) && relation.partitionOf !== null) {
    const above = backend.getTable(relation.partitionOf)
    if (above?.triggers.some(({ name, row }) => row && name === from)) {
      backend.fail(backend.since(18) ? '0A000' : 'XX000', `cannot rename trigger "${from}" on table "${relation.name}"`)
    }
  }
  const follow = backend.since(15) && isTable(relation) && relation.kind === 'partitioned table'
  for (const each of follow ? backend.withDescendants(relation) : [relation]) {
    backend.lock(each, 'AccessExclusiveLock', `its trigger "${from}" is renamed`)
    if ('triggers' in each) backend.change<Table | View>(each.oid, { triggers: renamed(each.triggers, from, to) })
  }
}

/** ALTER RULE … RENAME. Source: RenameRewriteRule in rewriteDefine.c. */
export function renameRule(backend: Backend, node: RenameStmt): void {
  const from = node.subname ?? ''
  const to = node.newname ?? ''
  const relation = owner(backend, node)
  announceRename(backend, 'rename-other', relation, from, to)
  if (!relation) return
  requirePart(backend, relation, 'OBJECT_RULE', from)
  backend.lock(relation, 'AccessExclusiveLock', `its rule "${from}" is renamed`)
  if ('rules' in relation) backend.change<Table | View>(relation.oid, { rules: renamed(relation.rules, from, to) })
}

/** ALTER POLICY … RENAME. Source: rename_policy in policy.c. */
export function renamePolicy(backend: Backend, node: RenameStmt): void {
  const from = node.subname ?? ''
  const to = node.newname ?? ''
  const relation = owner(backend, node)
  announceRename(backend, 'rename-other', relation, from, to)
  if (!relation) return
  requirePart(backend, relation, 'OBJECT_POLICY', from)
  backend.lock(relation, 'AccessExclusiveLock', `its policy "${from}" is renamed`)
  if (isTable(relation)) backend.change<Table>(relation.oid, { policies: renamed(relation.policies, from, to) })
}
