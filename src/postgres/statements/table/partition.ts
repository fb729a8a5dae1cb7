import type { Backend } from '../../backend.ts'
import type { Constraint, Index, Table } from '../../catalog/catalog.ts'
import type { PartitionBound } from '../../catalog/partitioning.ts'
import { excludesBound, impliesBound } from '../../expression/proof.ts'
import { defaultPartitionOf } from '../../object/deletion.ts'
import { goLive } from '../../object/going-live.ts'
import { chooseRelationName } from '../automatic-name.ts'
import { attachIndex, buildIndex, sameIndex } from '../index/index-build.ts'
import { rowsOf, scan } from '../rewrite.ts'
import { preventInTransactionBlock } from '../transaction-block.ts'
import { referencingForeignKeys } from './alter-column-type.ts'
import type { Command } from './alter-table-command.ts'
import { takeOver } from './foreign-key.ts'
import { requireColumns, requireNoCircle } from './inherit.ts'
import { partitionBound, requireBound } from './partition-bound.ts'

/**
 * How a new partition affects the DEFAULT partition of its parent: it is locked AccessExclusive, and every row is read,
 * unless its constraints exclude the new bound. Source: check_default_partition_contents in partbounds.c.
 */
export function checkDefaultPartition(
  backend: Backend,
  parent: Table,
  bound: PartitionBound,
  lock: boolean,
): Table | null {
  const found = defaultPartitionOf(backend, parent)
  if (!found) {
    if (!parent.complete && backend.catalog.uncertain !== null) {
      backend.work(
        parent,
        'scan',
        'its DEFAULT partition is read, if it has one: what was not read may have made it',
        false,
      )
    }
    return null
  }
  if (lock) backend.lock(found, 'AccessExclusiveLock', 'its rows must not belong to the new partition')
  const excluded = excludesBound(backend, found, parent, bound)
  for (const each of backend.withDescendants(found)) {
    if (each.oid !== found.oid && lock && !excluded)
      backend.lock(each, 'AccessExclusiveLock', 'its rows must not belong to the new partition')
    if (!excluded) scan(backend, each, 'every row is checked not to belong to the new partition', found.complete)
  }
  return found
}

/** ATTACH PARTITION. Source: ATExecAttachPartition, AttachPartitionEnsureIndexes, QueuePartitionConstraintValidation. */
export function attachPartition(backend: Backend, command: Command): void {
  const { table, cmd, span, keyword } = command
  const part = cmd.def && 'PartitionCmd' in cmd.def ? cmd.def.PartitionCmd : undefined
  if (!part?.name || !part.bound) return
  const partition = backend.table(part.name)
  const bound = partitionBound(part.bound)
  const proven = impliesBound(backend, partition, table, bound)
  const missing = backend
    .indexesOf(table)
    .filter(
      index => !backend.indexesOf(partition).some(own => own.parent === null && own.valid && sameIndex(own, index)),
    )
  const other = defaultPartitionOf(backend, table)
  backend.operation({
    kind: 'attach-partition',
    span,
    keyword,
    table: backend.subject(table),
    partition: backend.subject(partition),
    defaultPartition: other ? backend.subject(other) : null,
    proven,
    missingIndexes: missing.map(index => index.name),
  })
  if (table.complete && table.kind !== 'partitioned table') {
    backend.fail(!backend.since(18) ? '42P17' : '42809', `"${table.name}" is not partitioned`)
  }
  requireBound(backend, table, partition, bound)
  backend.lock(partition, 'AccessExclusiveLock', 'it becomes a partition')
  for (const above of ancestors(backend, table))
    backend.lock(above, 'AccessShareLock', "its bound is part of the new partition's")
  requireNoCircle(backend, table, partition)
  if (partition.partitionOf !== null) backend.fail('42809', `"${partition.name}" is already a partition`)
  if (partition.parents.length > 0) backend.fail('42809', 'cannot attach inheritance child as partition')
  if (partition.kind === 'table' && partition.children.length > 0)
    backend.fail('42809', 'cannot attach inheritance parent as partition')
  if (partition.columns.some(({ identity }) => identity !== null) && backend.since(17)) {
    backend.fail('55000', `table "${partition.name}" being attached contains an identity column`)
  }
  if (bound.kind === 'default' && other) {
    backend.fail('42P17', `partition "${partition.name}" conflicts with existing default partition "${other.name}"`)
  }
  requireColumns(backend, table, partition)
  for (const each of backend.withDescendants(partition)) {
    if (each.oid !== partition.oid) backend.lock(each, 'AccessExclusiveLock', 'its parent becomes a partition')
    if (!proven)
      scan(
        backend,
        each,
        `every row is checked to belong to the partition of "${table.name}"`,
        partition.complete && (bound.kind !== 'default' || table.children.length > 0),
      )
  }
  if (bound.kind !== 'default') checkDefaultPartition(backend, table, bound, true)
  for (const index of backend.indexesOf(table)) {
    // It is locked while the partition's index is attached to it.
    backend.lock(index, 'ShareUpdateExclusiveLock', 'the index of the partition is attached to it')
    ensureIndex(backend, partition, index, `the index of "${table.name}" is built on the new partition`)
  }
  for (const constraint of table.constraints) takeForeignKey(backend, partition, constraint)
  lockReferencing(backend, table)
  joinFamily(backend, table, partition, bound)
  if (backend.isExposed(table)) goLive(backend, partition)
}

/** The partition gets the foreign keys of its parent: its own that are equal, or new ones. Source: CloneFkReferencing. */
function takeForeignKey(backend: Backend, partition: Table, constraint: Constraint): void {
  const { references, enforced, valid } = constraint
  const target = references && backend.getTable(references.table)
  if (!target) return
  const because = 'its foreign key comes to the new partition'
  const targets = target.kind === 'partitioned table' ? backend.withDescendants(target) : [target]
  if (enforced || !backend.since(18)) {
    for (const each of targets) backend.lock(each, 'ShareRowExclusiveLock', because)
  }
  const looked = backend
    .withDescendants(partition)
    .filter(each => rowsOf(backend, each) !== 'none' && (backend.isExposed(each) || each.filled))
  if (takeOver(backend, partition, target, constraint) || !valid || !enforced) return
  if (looked.length === 0) return
  for (const each of [...looked, ...targets])
    scan(backend, each, `every row of ${partition.name} is looked up in ${target.name}`, partition.complete)
}

/** The partitioned tables above a partition. */
function ancestors(backend: Backend, table: Table): Table[] {
  const parent = table.partitionOf === null ? undefined : backend.getTable(table.partitionOf)
  return parent ? [parent, ...ancestors(backend, parent)] : []
}

/** Foreign keys that reference the parent are put on the new partition too. Source: CloneFkReferenced in tablecmds.c. */
export function lockReferencing(backend: Backend, parent: Table): void {
  for (const { table } of referencingForeignKeys(backend, parent)) {
    const mode = !backend.since(15) ? 'AccessShareLock' : 'ShareRowExclusiveLock'
    if (table.oid !== parent.oid)
      backend.lock(table, mode, `its foreign key to "${parent.name}" is extended to the new partition`)
  }
}

/** The partition gets an index like the parent's: one that exists already, or a new one. */
export function ensureIndex(backend: Backend, partition: Table, index: Index, because: string): void {
  const own = backend.indexesOf(partition).find(each => each.parent === null && each.valid && sameIndex(each, index))
  if (own) return attachIndex(backend, index, own)
  const label =
    index.constraint === null ? 'idx' : index.unique ? (index.name.endsWith('_pkey') ? 'pkey' : 'key') : 'excl'
  const addition = label === 'pkey' ? null : index.keys.map(key => key.column ?? 'expr').join('_')
  const name = chooseRelationName(backend, partition, addition, label)
  buildIndex(backend, partition, index, {
    name,
    because,
    label,
    addition,
    parent: index,
    constraint: index.constraint === null ? null : name,
  })
}

/** True for a partition's own foreign key that has become its part of the parent's. */
function isSameForeignKey(mine: Constraint, above: Constraint): boolean {
  return (
    mine.kind === 'foreign key' &&
    above.kind === 'foreign key' &&
    mine.inherited &&
    mine.columns.join() === above.columns.join() &&
    mine.references?.table === above.references?.table
  )
}

/** Records that the table is now a partition, and what it takes over from its parent. */
function joinFamily(backend: Backend, parent: Table, partition: Table, bound: PartitionBound): void {
  const now = backend.getTable(parent.oid) ?? parent
  backend.change<Table>(parent.oid, { children: [...now.children, partition.oid] })
  const own = backend.getTable(partition.oid) ?? partition
  const inherited = parent.constraints.filter(
    constraint =>
      !own.constraints.some(mine => mine.name === constraint.name || isSameForeignKey(mine, constraint)) &&
      constraint.kind !== 'primary key' &&
      constraint.kind !== 'unique' &&
      constraint.kind !== 'exclusion',
  )
  backend.change<Table>(partition.oid, {
    partitionOf: parent.oid,
    bound,
    columns: own.columns.map(column => ({
      ...column,
      inherited: parent.columns.some(({ name }) => name === column.name),
    })),
    constraints: [
      ...own.constraints.map(constraint => ({
        ...constraint,
        inherited:
          constraint.inherited ||
          parent.constraints.some(({ name, kind }) => name === constraint.name && kind === constraint.kind),
      })),
      ...inherited.map(constraint => ({ ...constraint, inherited: true })),
    ],
  })
}

/** DETACH PARTITION. Source: ATExecDetachPartition, DetachPartitionFinalize. */
export function detachPartition(backend: Backend, command: Command): void {
  const { table, cmd, span, keyword } = command
  const part = cmd.def && 'PartitionCmd' in cmd.def ? cmd.def.PartitionCmd : undefined
  if (!part?.name) return
  const partition = backend.table(part.name)
  const concurrently = part.concurrent ?? false
  const finalize = cmd.subtype === 'AT_DetachPartitionFinalize'
  const other = defaultPartitionOf(backend, table)
  backend.operation({
    kind: 'detach-partition',
    span,
    keyword,
    table: backend.subject(table),
    partition: backend.subject(partition),
    concurrently,
    finalize,
    defaultPartition: other ? backend.subject(other) : null,
  })
  if (concurrently) preventInTransactionBlock(backend, 'ALTER TABLE ... DETACH CONCURRENTLY')
  if (table.complete && table.kind !== 'partitioned table') backend.fail('42809', `"${table.name}" is not partitioned`)
  if (table.complete && partition.complete && partition.partitionOf !== table.oid) {
    backend.fail('42P01', `relation "${partition.name}" is not a partition of relation "${table.name}"`)
  }
  if (concurrently && other) {
    backend.fail('55000', 'cannot detach partitions concurrently when a default partition exists')
  }
  if (finalize && partition.complete && !partition.detachPending) {
    backend.fail('55000', `cannot complete detaching partition "${partition.name}"`)
  }
  if (other && !finalize && other.oid !== partition.oid)
    backend.lock(other, 'AccessExclusiveLock', 'its bound changes when a partition goes')
  // Until 13 the partition itself was locked less strongly than its parent.
  const referenced = referencingForeignKeys(backend, table)
  const lightly = other?.oid !== partition.oid && referenced.length === 0 && !table.triggers.some(({ row }) => row)
  const mode = !backend.since(14) && lightly ? 'ShareUpdateExclusiveLock' : 'AccessExclusiveLock'
  backend.lock(partition, mode, 'it is taken out of the partitioned table')
  for (const each of backend.withDescendants(partition).slice(1)) {
    backend.lock(each, 'AccessExclusiveLock', 'its parent is taken out of the partitioned table')
  }
  for (const index of backend.indexesOf(partition)) {
    if (index.parent !== null) backend.lock(index, 'AccessExclusiveLock', 'it is taken out of the partitioned index')
  }
  for (const { inherited, references } of partition.constraints) {
    const target = inherited && references ? backend.getTable(references.table) : undefined
    if (target) backend.lock(target, 'ShareRowExclusiveLock', 'the foreign key of the partition becomes one of its own')
  }
  for (const { table: other } of referenced) {
    if (other.oid !== table.oid) backend.lock(other, 'AccessExclusiveLock', 'no row of it may reference the partition')
  }
  leaveFamily(backend, table, partition)
}

function leaveFamily(backend: Backend, parent: Table, partition: Table): void {
  const now = backend.getTable(parent.oid) ?? parent
  backend.change<Table>(parent.oid, { children: now.children.filter(oid => oid !== partition.oid) })
  for (const index of backend.indexesOf(partition)) {
    const above = index.parent === null ? undefined : backend.getIndex(index.parent)
    if (above) backend.change<Index>(above.oid, { children: above.children.filter(oid => oid !== index.oid) })
    backend.change<Index>(index.oid, { parent: null })
  }
  const own = backend.getTable(partition.oid) ?? partition
  backend.change<Table>(partition.oid, {
    partitionOf: null,
    bound: null,
    detachPending: false,
    columns: own.columns.map(column => ({ ...column, inherited: false })),
    constraints: own.constraints.map(constraint => ({ ...constraint, inherited: false })),
  })
}
