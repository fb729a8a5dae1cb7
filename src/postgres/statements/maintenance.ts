import type { ClusterStmt, Node, RangeVar, VacuumStmt } from '@pgsql/types'
import type { Backend } from '../backend.ts'
import type { Index, Relation, Table } from '../catalog/catalog.ts'
import { rangeVarName, repeated, strings } from '../catalog/name.ts'
import { isTable } from '../catalog/relation.ts'
import { systemRelations } from '../type/builtin.generated.ts'
import type { Handlers } from './handler.ts'
import { isOn } from './query.ts'
import { hasStorage, rewrite } from './rewrite.ts'
import { failWithoutIndex } from './table/table-options.ts'
import { preventInTransactionBlock } from './transaction-block.ts'
import { wholeStatement } from './whole-statement.ts'

/** VACUUM and ANALYZE. Sources: ExecVacuum, expand_vacuum_rel and vacuum_rel in vacuum.c, do_analyze_rel in analyze.c. */
function vacuum(backend: Backend, node: VacuumStmt): void {
  const isVacuum = node.is_vacuumcmd === true
  const full = isVacuum && isOn(node.options, 'full')
  const kind = full ? 'vacuum-full' : isVacuum ? 'vacuum' : 'analyze'
  const named = (node.rels ?? []).flatMap(rel => ('VacuumRelation' in rel ? (rel.VacuumRelation.relation ?? []) : []))
  const skipped: Relation[] = []
  const known = isVacuum && named.length === 0 && onlyStatistics(node.options) ? [] : tablesOf(backend, named, skipped)
  backend.operation({
    kind,
    ...wholeStatement(backend),
    tables: named.length > 0 ? known.map(table => backend.subject(table)) : [],
  })
  if (isVacuum) preventInTransactionBlock(backend, 'VACUUM')
  for (const relation of skipped) {
    backend.lock(relation, 'ShareUpdateExclusiveLock', 'it is opened, found to be no table and left alone')
  }
  if (!isVacuum) for (const rel of node.rels ?? []) requireColumns(backend, known, rel)
  for (const table of known) {
    const inherits = named.find(relation => backend.lookup(rangeVarName(relation)) === table)?.inh ?? false
    for (const each of below(backend, table, inherits)) one(backend, kind, each)
    if (isVacuum || table.kind !== 'table') continue
    const children = backend.withDescendants(table).slice(1)
    if (children.length === 0 || (inherits && backend.since(18))) continue
    for (const child of children) {
      backend.lock(child, 'AccessShareLock', `a sample of it is taken for "${table.name}"`)
    }
  }
}

/** The columns that ANALYZE names. Source: do_analyze_rel in analyze.c. */
function requireColumns(backend: Backend, known: readonly Table[], rel: Node): void {
  if (!('VacuumRelation' in rel) || !rel.VacuumRelation.relation) return
  const found = backend.lookup(rangeVarName(rel.VacuumRelation.relation))
  const table = known.find(each => each === found)
  const columns = strings(rel.VacuumRelation.va_cols)
  if (!table) return
  for (const column of columns) backend.existingColumn(table, column)
  const twice = repeated(columns)
  if (twice === undefined) return
  backend.fail('42701', `column "${twice}" of relation "${table.name}" appears more than once`)
}

function onlyStatistics(options: readonly Node[] | undefined): boolean {
  return isOn(options, 'only_database_stats')
}

/** Partitions are processed with their table. Since 18 inheritance children are too, unless ONLY is given. */
function below(backend: Backend, table: Table, inherits: boolean): readonly Table[] {
  const all = backend.withDescendants(table)
  if (all.length === 1) return all
  const expands = table.kind === 'partitioned table' ? inherits || !backend.since(18) : inherits && backend.since(18)
  return expands ? all : [table]
}

function one(backend: Backend, kind: 'vacuum' | 'vacuum-full' | 'analyze', table: Table): void {
  if (kind === 'vacuum-full') {
    backend.lock(table, 'AccessExclusiveLock', 'VACUUM FULL copies the table to a new file')
    rewrite(backend, table, 'VACUUM FULL copies the table to a new file')
  } else if (kind === 'vacuum') {
    backend.lock(table, 'ShareUpdateExclusiveLock', 'VACUUM lets reads and writes go on')
    if (table.kind !== 'partitioned table') backend.work(table, 'scan', 'VACUUM reads the pages that changed')
  } else {
    backend.lock(table, 'ShareUpdateExclusiveLock', 'ANALYZE reads a sample of the rows')
    // 300 pages for each unit of the statistics target (std_typanalyze in analyze.c): 30000 unless it was changed.
    if (hasStorage(table))
      backend.work(table, 'scan', 'ANALYZE reads a sample of the rows: all of a small table', false)
  }
}

/** The named tables, or all that are known. Other named relations are `skipped`, with a warning. */
function tablesOf(backend: Backend, named: readonly RangeVar[], skipped: Relation[]): readonly Table[] {
  if (named.length === 0) {
    return backend.catalog.relations
      .values()
      .filter(isTable)
      .filter(table => table.kind === 'table' || table.kind === 'materialized view')
  }
  return named.flatMap(relation => {
    if (isSystem(relation)) return []
    const found = backend.relation(relation)
    if (isTable(found) && found.kind !== 'composite type') return [found]
    skipped.push(found)
    return []
  })
}

function isSystem(relation: RangeVar): boolean {
  const name = rangeVarName(relation)
  if (name.schema !== null) return name.schema.startsWith('pg_')
  // pg_catalog comes before all schemas of the search path.
  return systemRelations.has(name.name)
}

/** Source: cluster in cluster.c. */
function cluster(backend: Backend, node: ClusterStmt): void {
  if (node.relation) clusterOne(backend, node, node.relation)
  else clusterAll(backend)
}

function clusterOne(backend: Backend, node: ClusterStmt, relation: RangeVar): void {
  const found = backend.relation(relation)
  const table = isTable(found) ? found : null
  backend.operation({ kind: 'cluster', ...wholeStatement(backend), tables: [backend.subject(found)] })
  if (!table) backend.fail('42809', `"${found.name}" is not a table or materialized view`)
  const parted = table.kind === 'partitioned table'
  if (parted && !backend.since(15)) backend.fail('0A000', 'cannot cluster a partitioned table')
  const index = indexToCluster(backend, table, node.indexname || null)
  if (parted) preventInTransactionBlock(backend, 'CLUSTER')
  const because = 'CLUSTER copies the table to a new file, ordered by an index'
  for (const each of parted ? backend.withDescendants(table) : [table]) {
    backend.lock(each, 'AccessExclusiveLock', because)
    rewrite(backend, each, because)
  }
  if (!index || parted) return
  for (const each of backend.indexesOf(table)) {
    if (each.clustered !== (each.oid === index.oid))
      backend.change<Index>(each.oid, { clustered: each.oid === index.oid })
  }
}

/** Source: check_index_is_clusterable in cluster.c. */
function indexToCluster(backend: Backend, table: Table, name: string | null): Index | null {
  const indexes = backend.indexesOf(table)
  if (name === null) {
    const clustered = indexes.find(index => index.clustered)
    if (!clustered && table.complete) {
      backend.fail('42704', `there is no previously clustered index for table "${table.name}"`)
    }
    return clustered ?? null
  }
  const index = indexes.find(each => each.name === name)
  if (!index) {
    failWithoutIndex(backend, table, name)
    return null
  }
  if (index.method !== 'btree' && index.method !== 'gist') {
    backend.fail('0A000', `cannot cluster on index "${name}" because access method does not support clustering`)
  }
  if (index.predicate !== null) backend.fail('0A000', `cannot cluster on partial index "${name}"`)
  if (!index.valid) backend.fail('0A000', `cannot cluster on invalid index "${name}"`)
  return index
}

/** CLUSTER alone: every table that was clustered before. */
function clusterAll(backend: Backend): void {
  backend.operation({ kind: 'cluster', ...wholeStatement(backend), tables: [] })
  preventInTransactionBlock(backend, 'CLUSTER')
  const because = 'CLUSTER copies every table that was clustered before to a new file'
  for (const table of backend.catalog.relations.values().filter(isTable)) {
    if (!backend.indexesOf(table).some(index => index.clustered)) continue
    backend.lock(table, 'AccessExclusiveLock', because)
    rewrite(backend, table, because)
  }
}

export const maintenanceHandlers = { VacuumStmt: vacuum, ClusterStmt: cluster } satisfies Partial<Handlers>
