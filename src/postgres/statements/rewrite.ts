import type { Backend } from '../backend.ts'
import type { Table } from '../catalog/catalog.ts'
import { doubtOf } from '../catalog/doubt.ts'

/** Every row is copied to a new file and every index built again under AccessExclusive. Source: ATRewriteTables, finish_heap_swap. */
export function rewrite(backend: Backend, table: Table, because: string, certain = true): void {
  const rows = rowsOf(backend, table)
  if (rows === 'none') return
  backend.work(table, 'rewrite', because, certain && rows === 'own')
  for (const index of backend.indexesOf(table)) {
    backend.lock(index, 'AccessExclusiveLock', 'the table is rewritten', certain)
    backend.work(index, 'rebuild', 'the table is rewritten', certain)
  }
}

/** Every row is read to check it. */
export function scan(backend: Backend, table: Table, because: string, certain = true): void {
  const rows = rowsOf(backend, table)
  if (rows !== 'none') backend.work(table, 'scan', because, certain && rows === 'own')
}

/**
 * Whether a table has rows of its own. A partitioned table has none. But if something was not read, it may have partitions that no
 * migration mentions (`unseen`); work on those then counts as work on the table.
 */
export function rowsOf(backend: Backend, table: Table): 'own' | 'unseen' | 'none' {
  if (hasStorage(table)) return 'own'
  if (table.kind !== 'partitioned table' || doubtOf(backend.catalog, table) === null) return 'none'
  return backend.withDescendants(table).some(hasStorage) ? 'none' : 'unseen'
}

/** A partitioned or foreign table has no rows of its own. */
export function hasStorage(table: Table): boolean {
  return table.kind === 'table' || table.kind === 'materialized view'
}
