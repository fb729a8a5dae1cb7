import type { Backend } from '../backend.ts'
import type { Table } from '../catalog/catalog.ts'

/** Every row is copied to a new file and every index built again under AccessExclusive. Source: ATRewriteTables, finish_heap_swap. */
export function rewrite(backend: Backend, table: Table, because: string, certain = true): void {
  if (!hasStorage(table)) return
  backend.work(table, 'rewrite', because, certain)
  for (const index of backend.indexesOf(table)) {
    backend.lock(index, 'AccessExclusiveLock', 'the table is rewritten', certain)
    backend.work(index, 'rebuild', 'the table is rewritten', certain)
  }
}

/** Every row is read to check it. */
export function scan(backend: Backend, table: Table, because: string, certain = true): void {
  if (hasStorage(table)) backend.work(table, 'scan', because, certain)
}

/** A partitioned or foreign table has no rows of its own. */
export function hasStorage(table: Table): boolean {
  return table.kind === 'table' || table.kind === 'materialized view'
}
