import type { RangeVar, ReindexStmt } from '@pgsql/types'
import type { Backend } from '../../backend.ts'
import type { Index, Table } from '../../catalog/catalog.ts'
import { rangeVarName } from '../../catalog/name.ts'
import { isIndex, isTable } from '../../catalog/relation.ts'
import { systemRelations } from '../../type/builtin.generated.ts'
import type { Handlers } from '../handler.ts'
import { isOn } from '../query.ts'
import { preventInTransactionBlock } from '../transaction-block.ts'
import { wholeStatement } from '../whole-statement.ts'

const targets = {
  REINDEX_OBJECT_INDEX: 'index',
  REINDEX_OBJECT_TABLE: 'table',
  REINDEX_OBJECT_SCHEMA: 'schema',
  REINDEX_OBJECT_SYSTEM: 'system',
  REINDEX_OBJECT_DATABASE: 'database',
} as const

/** Source: ExecReindex in indexcmds.c. */
function reindex(backend: Backend, node: ReindexStmt): void {
  const target = targets[node.kind ?? 'REINDEX_OBJECT_TABLE']
  const concurrently = isOn(node.params, 'concurrently')
  const name = node.name ?? node.relation?.relname ?? null
  const none = { subject: null, table: null, isExclusion: false }
  if (target === 'index' || target === 'table') {
    if (isSystemRelation(backend, node.relation ?? {})) {
      backend.operation({ kind: 'reindex', ...wholeStatement(backend), target, name, concurrently, ...none })
      if (concurrently) {
        preventInTransactionBlock(backend, 'REINDEX CONCURRENTLY')
        backend.fail('0A000', 'cannot reindex system catalogs concurrently')
      }
    } else if (target === 'index') reindexIndex(backend, node.relation ?? {}, concurrently)
    else reindexTable(backend, node.relation ?? {}, concurrently)
    return
  }
  backend.operation({ kind: 'reindex', ...wholeStatement(backend), target, name, concurrently, ...none })
  preventInTransactionBlock(backend, concurrently ? 'REINDEX CONCURRENTLY' : `REINDEX ${target.toUpperCase()}`)
  if (target === 'system') {
    if (concurrently) backend.fail('0A000', 'cannot reindex system catalogs concurrently')
    return
  }
  if (target === 'schema' && backend.catalog.dropped.has(`schema:${name}`)) {
    backend.fail('3F000', `schema "${name}" does not exist`)
  }
  for (const table of backend.catalog.relations.values().filter(isTable)) {
    if (target === 'schema' && table.schema !== name) continue
    if (table.kind === 'table' || table.kind === 'materialized view') rebuildAll(backend, table, concurrently)
  }
}

function isSystemRelation(backend: Backend, relation: RangeVar): boolean {
  const name = rangeVarName(relation)
  if (name.schema !== null) return name.schema === 'pg_catalog' || name.schema === 'pg_toast'
  if (backend.lookup(name) !== undefined) return false
  return systemRelations.has(name.name) || (name.name.startsWith('pg_') && name.name.endsWith('_index'))
}

/** Source: ReindexIndex in indexcmds.c. */
function reindexIndex(backend: Backend, relation: RangeVar, concurrently: boolean): void {
  const found = backend.relation(relation, 'index')
  const index = isIndex(found) ? found : null
  const table = index ? (backend.getTable(index.table) ?? null) : null
  const isExclusion = isExclusionIndex(backend, index)
  backend.operation({
    kind: 'reindex',
    ...wholeStatement(backend),
    target: 'index',
    name: found.name,
    subject: backend.subject(found),
    table: table && backend.subject(table),
    concurrently,
    isExclusion,
  })
  if (concurrently) preventInTransactionBlock(backend, 'REINDEX CONCURRENTLY')
  if (!index) backend.fail('42809', `"${found.name}" is not an index`)
  if (index.kind === 'partitioned index') {
    if (!backend.since(14)) backend.fail('0A000', 'REINDEX is not yet implemented for partitioned indexes')
    preventInTransactionBlock(backend, 'REINDEX INDEX')
    reindexPartitions(backend, index, table, concurrently)
    return
  }
  if (concurrently && isExclusion) {
    backend.fail('0A000', 'concurrent index creation for exclusion constraints is not supported')
  }
  rebuild(backend, index, table, concurrently)
}

function reindexPartitions(backend: Backend, index: Index, table: Table | null, concurrently: boolean): void {
  if (table) backend.lock(table, lockOf(concurrently), 'one of its indexes is rebuilt')
  backend.lock(index, concurrently ? 'ShareUpdateExclusiveLock' : 'AccessExclusiveLock', 'its parts are rebuilt')
  for (const oid of index.children) {
    const child = backend.getIndex(oid)
    if (!child) continue
    const partition = backend.getTable(child.table) ?? null
    if (child.kind === 'partitioned index') reindexPartitions(backend, child, partition, concurrently)
    else rebuild(backend, child, partition, concurrently)
  }
}

/** Source: ReindexTable in indexcmds.c, reindex_relation in index.c. */
function reindexTable(backend: Backend, relation: RangeVar, concurrently: boolean): void {
  const found = backend.relation(relation)
  const table = isTable(found) ? found : null
  backend.operation({
    kind: 'reindex',
    ...wholeStatement(backend),
    target: 'table',
    name: found.name,
    subject: backend.subject(found),
    table: backend.subject(found),
    concurrently,
    isExclusion: false,
  })
  if (concurrently) preventInTransactionBlock(backend, 'REINDEX CONCURRENTLY')
  if (!table || table.kind === 'foreign table' || table.kind === 'composite type') {
    backend.fail('42809', `"${found.name}" is not a table or materialized view`)
  }
  if (table.kind === 'partitioned table') reindexPartitioned(backend, table, concurrently)
  else rebuildAll(backend, table, concurrently)
}

function reindexPartitioned(backend: Backend, table: Table, concurrently: boolean): void {
  if (backend.since(14)) preventInTransactionBlock(backend, 'REINDEX TABLE')
  backend.lock(table, lockOf(concurrently), 'its indexes are rebuilt')
  // Before 14 a partitioned table is skipped with a warning.
  if (!backend.since(14)) return
  // It may have other partitions, with indexes.
  if (!table.complete) backend.work(table, 'scan', 'the indexes of its partitions are rebuilt')
  for (const each of backend.withDescendants(table).slice(1)) {
    // This lock is held while partitions are collected, CONCURRENTLY or not (ReindexPartitions).
    backend.lock(each, 'ShareLock', 'its indexes are rebuilt')
    if (each.kind === 'table') rebuildAll(backend, each, concurrently)
  }
}

function rebuildAll(backend: Backend, table: Table, concurrently: boolean): void {
  backend.lock(table, lockOf(concurrently, table), 'its indexes are rebuilt')
  if (!table.complete) backend.work(table, 'scan', 'its indexes are rebuilt')
  for (const index of backend.indexesOf(table)) {
    // REINDEX TABLE CONCURRENTLY skips, with a warning, the indexes that it cannot rebuild.
    if (concurrently && isExclusionIndex(backend, index)) {
      backend.lock(index, 'ShareUpdateExclusiveLock', 'it is opened, and left alone because its constraint excludes')
      continue
    }
    rebuild(backend, index, table, concurrently)
  }
}

/** Builds one index again. CONCURRENTLY builds a new one beside it and swaps the names. */
function rebuild(backend: Backend, index: Index, table: Table | null, concurrently: boolean): void {
  const because = `the index "${index.name}" is rebuilt`
  const mode = lockOf(concurrently, table)
  if (table) {
    backend.lock(table, mode, because)
    backend.work(table, 'scan', because)
  }
  // In the end CONCURRENTLY also takes this lock on the old index, to drop it.
  backend.lock(index, 'AccessExclusiveLock', because)
  backend.work(index, 'rebuild', because)
  if (!index.valid) backend.change<Index>(index.oid, { valid: true })
}

// Nobody else can use a temporary table, so PostgreSQL ignores CONCURRENTLY for it.
function lockOf(concurrently: boolean, table: Table | null = null): 'ShareLock' | 'ShareUpdateExclusiveLock' {
  return concurrently && table?.persistence !== 'temporary' ? 'ShareUpdateExclusiveLock' : 'ShareLock'
}

function isExclusionIndex(backend: Backend, index: Index | null): boolean {
  if (!index?.constraint) return false
  const table = backend.getTable(index.table)
  return table?.constraints.some(each => each.name === index.constraint && each.kind === 'exclusion') ?? false
}

export const reindexHandlers = { ReindexStmt: reindex } satisfies Partial<Handlers>
