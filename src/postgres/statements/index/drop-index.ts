import type { DropStmt } from '@pgsql/types'
import type { Backend } from '../../backend.ts'
import type { Index } from '../../catalog/catalog.ts'
import { displayName, qualifiedName } from '../../catalog/name.ts'
import { isIndex } from '../../catalog/relation.ts'
import { deleteWithDependents, forget, requireNoDependents } from '../../object/deletion.ts'
import type { ObjectReference } from '../../object/object.ts'
import { findNamed } from '../named.ts'
import { preventInTransactionBlock } from '../transaction-block.ts'
import { wholeStatement } from '../whole-statement.ts'

/** DROP INDEX. Source: RemoveRelations in tablecmds.c, index_drop in index.c. */
export function dropIndexes(backend: Backend, node: DropStmt): void {
  const ifExists = node.missing_ok ?? false
  const cascade = node.behavior === 'DROP_CASCADE'
  const concurrently = node.concurrent ?? false
  const names = (node.objects ?? []).map(object => qualifiedName('List' in object ? object.List.items : [object]))
  const found = names.map(name => (backend.lookup(name) === 'dropped' ? null : find(backend, name)))
  const startDropIndex = (at: number) => {
    const index = found[at] ?? null
    const table = index ? backend.getTable(index.table) : undefined
    const name = names[at]
    backend.operation({
      kind: 'drop-index',
      ...wholeStatement(backend),
      name: name ? displayName({ ...name, schema: name.schema ?? 'public' }) : '',
      index: index?.complete ? backend.subject(index) : null,
      table: table ? backend.subject(table) : null,
      concurrently,
      ifExists,
      cascade,
      ownedBy: index?.constraint ?? null,
      severalNames: names.length > 1,
    })
  }
  const announced = names.length
  for (const at of names.keys()) startDropIndex(at)
  if (concurrently) {
    preventInTransactionBlock(backend, 'DROP INDEX CONCURRENTLY')
    if (names.length > 1) backend.fail('0A000', 'DROP INDEX CONCURRENTLY does not support dropping multiple objects')
    if (cascade) backend.fail('0A000', 'DROP INDEX CONCURRENTLY does not support CASCADE')
  }
  for (const [at, name] of names.entries()) {
    if (!found[at] && !ifExists) backend.fail('42704', `index "${name.name}" does not exist`)
  }
  const indexes = found.flatMap(index => index ?? [])
  const objects = indexes.map((index): ObjectReference => ({ kind: 'relation', oid: index.oid }))
  // A temporary index is dropped in the ordinary way, whatever was asked for.
  const quietly = concurrently && indexes.every(index => index.persistence !== 'temporary')
  for (const index of indexes) {
    if (quietly && index.kind === 'partitioned index') {
      backend.fail('0A000', `cannot drop partitioned index "${index.name}" concurrently`)
    }
    requireNoOwner(backend, index, objects)
  }
  if (!cascade) requireNoDependents(backend, objects)
  backend.withdraw(announced)
  for (const [at, index] of found.entries()) {
    startDropIndex(at)
    if (!index) continue
    const certain = index.complete || !ifExists
    if (quietly) dropConcurrently(backend, index, certain)
    else {
      backend.lock(index, 'AccessExclusiveLock', 'it is dropped', certain)
      if (index.kind === 'partitioned index') lockPartitions(backend, index)
      deleteWithDependents(backend, [{ kind: 'relation', oid: index.oid }])
    }
  }
}

function find(backend: Backend, name: { schema: string | null; name: string }): Index | null {
  const found = findNamed(backend, name, ['index', 'partitioned index'])
  return found && isIndex(found) ? found : null
}

/** An index that a constraint or a partitioned index owns is dropped only with its owner. */
function requireNoOwner(backend: Backend, index: Index, together: readonly ObjectReference[]): void {
  const { parent, constraint } = index
  if (parent !== null && !together.some(object => object.kind === 'relation' && object.oid === parent)) {
    backend.fail('2BP01', `cannot drop index ${index.name} because index ${backend.get(parent)?.name} requires it`)
  }
  if (constraint !== null) {
    const table = backend.get(index.table)
    backend.fail(
      '2BP01',
      `cannot drop index ${index.name} because constraint ${constraint} on table ${table?.name} requires it`,
    )
  }
}

/** All partitions of the table, also those without an index below this one. Source: RangeVarCallbackForDropRelation. */
function lockPartitions(backend: Backend, index: Index): void {
  const table = backend.getTable(index.table)
  for (const each of table ? backend.withDescendants(table) : []) {
    backend.lock(each, 'AccessExclusiveLock', `the partitioned index "${index.name}" is dropped`)
  }
}

function dropConcurrently(backend: Backend, index: Index, certain: boolean): void {
  const table = backend.getTable(index.table)
  const because = 'DROP INDEX CONCURRENTLY lets reads and writes go on'
  // This happens at the very end, when nobody uses the index any longer.
  backend.lock(index, 'AccessExclusiveLock', 'it is dropped in the end', certain)
  if (table) backend.lock(table, 'ShareUpdateExclusiveLock', because, certain)
  forget(backend, { kind: 'relation', oid: index.oid })
}
