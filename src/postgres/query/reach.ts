import type { Node } from '@pgsql/types'
import { append } from '../../parse/list.ts'
import type { Backend } from '../backend.ts'
import type { Oid, Relation, Table, View } from '../catalog/catalog.ts'
import { isTable, isView } from '../catalog/relation.ts'
import { prunedPartitions } from '../expression/proof.ts'
import type { LockMode } from '../lock.ts'
import { type Access, accessOf, conditionsAbout } from './access.ts'
import type { Level, Source } from './level.ts'
import { resolve } from './resolve.ts'

/** The rows that a query reads of one of its tables, before its conditions are considered. */
export type Extent = 'all' | 'few' | 'none'

/**
 * Locks everything behind one FROM entry (partitions, inheritance children, the relations of a view), and reads it when
 * the query is executed. Sources: expand_inherited_rtentry in inherit.c, fireRIRrules in rewriteHandler.c.
 */
export function reach(level: Level, source: Source, extent: Extent): void {
  if (!source.relation || level.context.depth === 'analyze') return
  const { backend } = level.context
  if (isView(source.relation)) reachView(level, source, source.relation, extent, [])
  else if (isTable(source.relation))
    reachTable(level, source, source.relation, source.lock, extent, 'the query reads it')
  else if (level.context.depth === 'execute') backend.lock(source.relation, source.lock, 'the query reads it')
}

function reachTable(level: Level, source: Source, table: Table, lock: LockMode, extent: Extent, because: string): void {
  const { backend, depth } = level.context
  if (depth === 'execute' && table.kind === 'materialized view' && !table.populated && table.complete) {
    backend.fail('55000', `materialized view "${table.name}" has not been populated`)
  }
  const inherits = source.inherits || isView(source.relation ?? table)
  const tables = inherits ? withLocked(level, source, table, lock) : [table]
  if (depth !== 'execute' || extent !== 'all') return
  for (const each of tables) readRows(level, each, accessOf(level, source, each), because)
}

function withLocked(level: Level, source: Source, table: Table, lock: LockMode): Table[] {
  const { backend } = level.context
  const all = [table]
  const children =
    table.kind === 'partitioned table'
      ? prunedPartitions(backend, table, conditionOf(level, source))
      : backend.withDescendants(table).slice(1)
  for (const child of children) {
    const parted = table.kind === 'partitioned table'
    backend.lock(child, lock, parted ? `it is a partition of "${table.name}"` : `it inherits from "${table.name}"`)
    append(all, parted ? withLocked(level, source, child, lock) : [child])
  }
  return all
}

/** The conditions on this source alone, as one expression. Partitions are pruned by it. */
function conditionOf(level: Level, source: Source): Node | undefined {
  // If there is no second FROM entry, a condition that names no column counts as well.
  const candidates = level.sources.length === 1 ? level.conditions : conditionsAbout(level, source)
  const own = candidates.filter(condition => onlyAbout(level, source, condition))
  const [first] = own
  return own.length > 1 ? { BoolExpr: { boolop: 'AND_EXPR', args: own } } : first
}

function onlyAbout(level: Level, source: Source, condition: Node): boolean {
  if ('SubLink' in condition) return false
  if (level.sources.length === 1) return true
  if (!('A_Expr' in condition)) return false
  const { lexpr, rexpr } = condition.A_Expr
  const columns = [lexpr, rexpr].filter(side => side !== undefined && 'ColumnRef' in side) as Node[]
  return columns.length === 1 && columns.every(column => resolve(level, column)?.source === source)
}

function readRows(level: Level, table: Table, access: Access, because: string): void {
  if (access === 'few' || table.kind === 'partitioned table' || table.kind === 'foreign table') return
  const certain = access === 'all'
  level.context.backend.work(
    table,
    'scan',
    certain ? because : `${because}, and all of it unless an index serves the condition`,
    certain,
  )
}

/** Everything that a view reads, down to the tables. FOR UPDATE applies to all of them, a write to the table that it changes. */
function reachView(level: Level, source: Source, view: View, extent: Extent, trail: readonly number[]): void {
  const { backend } = level.context
  const oids = new Set(view.uses.map(use => use.relation))
  for (const oid of oids) {
    const relation = backend.get(oid)
    if (!relation || trail.includes(oid)) continue
    const because = `the view "${view.name}" reads it`
    const lock = lockBehind(source.lock, view, oid)
    backend.lock(relation, lock, because)
    const below = lock === source.lock ? source : { ...source, lock }
    if (isView(relation)) reachView(level, below, relation, extent, [...trail, view.oid])
    else if (isTable(relation)) reachTable(level, source, relation, lock, extent, because)
  }
}

function lockBehind(lock: LockMode, view: View, oid: Oid): LockMode {
  if (lock !== 'RowExclusiveLock') return lock
  // With INSTEAD OF triggers or rules the view itself is only read.
  const writes = view.triggers.length === 0 && view.rules.length === 0 && (view.base === undefined || view.base === oid)
  return writes ? lock : 'AccessShareLock'
}

/** All tables and views behind a view, without the view itself. */
export function relationsBehind(backend: Backend, view: View): Relation[] {
  const found = new Map<number, Relation>()
  const visit = (at: View) => {
    for (const { relation: oid } of at.uses) {
      const relation = backend.get(oid)
      if (!relation || found.has(oid) || oid === view.oid) continue
      found.set(oid, relation)
      if (isView(relation)) visit(relation)
    }
  }
  visit(view)
  return [...found.values()]
}

/** Reads all relations that a stored query uses, as REFRESH MATERIALIZED VIEW does. */
export function readUses(level: Level, uses: View['uses'], because: string): void {
  const { backend } = level.context
  for (const oid of new Set(uses.map(use => use.relation))) {
    const relation = backend.get(oid)
    if (!relation) continue
    const lock: LockMode = 'AccessShareLock'
    backend.lock(relation, lock, because)
    const source: Source = { alias: relation.name, relation, lock, inherits: true, columns: [], complete: false }
    reach(level, source, 'all')
  }
}
