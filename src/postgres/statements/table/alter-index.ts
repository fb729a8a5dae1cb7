import type { AlterTableCmd } from '@pgsql/types'
import type { Backend } from '../../backend.ts'
import type { Index, Oid } from '../../catalog/catalog.ts'
import type { Clause } from '../../grammar/clause.ts'
import { attachIndex, sameIndex } from '../index/index-build.ts'
import { requireKnownOptions } from '../reloptions.ts'
import { definitions, moveToTablespace, optionsLock } from './table-options.ts'

/** ALTER INDEX: the index's table is not touched. Source: ATExecAttachPartitionIdx and the index cases of ATExecCmd. */
export function alterIndex(backend: Backend, oid: Oid, cmd: AlterTableCmd, clause: Clause): void {
  const index = backend.getIndex(oid)
  if (!index) return
  if (cmd.subtype === 'AT_AttachPartition') return attachPartition(backend, index, cmd, clause)
  const startAlterIndex = (kind: 'alter-index' | 'set-options' | 'set-tablespace', detail: string | null): void =>
    backend.operation({ kind, ...clause, subject: backend.subject(index), detail })
  switch (cmd.subtype) {
    case 'AT_SetRelOptions':
    case 'AT_ResetRelOptions': {
      const changed = definitions(cmd.def && 'List' in cmd.def ? cmd.def.List.items : undefined)
      startAlterIndex('set-options', [...changed].map(([name, value]) => `${name} = ${value}`).join(', '))
      if (index.kind === 'partitioned index')
        backend.fail('42809', `"${index.name}" is not a table, view, materialized view, or index`)
      if (index.complete) requireKnownOptions(backend, index, changed.keys())
      return backend.lock(index, optionsLock(cmd), 'its options change')
    }
    case 'AT_SetTableSpace':
      startAlterIndex('set-tablespace', cmd.name ?? null)
      backend.lock(index, 'AccessExclusiveLock', 'its files are copied')
      moveToTablespace(backend, index, cmd.name ?? '')
      return
    case 'AT_SetStatistics':
      startAlterIndex('alter-index', 'SET STATISTICS')
      if (cmd.num && index.keys[cmd.num - 1]?.column) {
        backend.fail('0A000', `cannot alter statistics on non-expression column ${cmd.num} of index "${index.name}"`)
      }
      return backend.lock(index, 'ShareUpdateExclusiveLock', 'its statistics target changes')
    default:
      startAlterIndex('alter-index', null)
      return backend.lock(index, 'AccessExclusiveLock', 'it is altered')
  }
}

function attachPartition(backend: Backend, index: Index, cmd: AlterTableCmd, clause: Clause): void {
  const part = cmd.def && 'PartitionCmd' in cmd.def ? cmd.def.PartitionCmd : undefined
  backend.operation({ kind: 'attach-index-partition', ...clause, subject: backend.subject(index) })
  const found = part?.name ? backend.relation(part.name, 'index') : undefined
  const child = found ? backend.getIndex(found.oid) : undefined
  const table = backend.getTable(index.table)
  // The parent index is locked as for AT_AttachPartition, the partition's index under AccessExclusive, and its table
  // under AccessShare.
  backend.lock(index, 'ShareUpdateExclusiveLock', 'it gets the index of a partition')
  if (table) backend.lock(table, 'AccessShareLock', 'its index is altered')
  if (!child) return
  if (index.complete && child.complete) {
    // It is not known whose partition a table is that was not created here.
    const known = table?.complete && backend.getTable(child.table)?.complete
    if (known && !table.children.includes(child.table)) {
      backend.fail('55000', `cannot attach index "${child.name}" as a partition of index "${index.name}"`)
    }
    if (!sameIndex(index, child))
      backend.fail('42P17', `cannot attach index "${child.name}" as a partition of index "${index.name}"`)
  }
  // Only a partitioned index accepts another index, even if no migration creates its table.
  if (index.kind === 'index' && !table?.complete) backend.change<Index>(index.oid, { kind: 'partitioned index' })
  backend.lock(child, 'AccessExclusiveLock', 'it becomes part of the partitioned index')
  const partition = backend.getTable(child.table)
  if (partition) backend.lock(partition, 'AccessShareLock', 'its index is attached')
  if (child.parent === null) attachIndex(backend, index, child)
  const parent = backend.getIndex(index.oid)
  if (parent && table && parent.children.length >= table.children.length)
    backend.change<Index>(index.oid, { valid: true })
}
