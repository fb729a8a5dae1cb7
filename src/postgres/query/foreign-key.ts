import type { Backend } from '../backend.ts'
import type { Constraint, Index, Oid, Table } from '../catalog/catalog.ts'
import { isInBlock } from '../session.ts'

/** The columns of a written row that may get a value other than NULL: a set of names, or all. */
export type Touched = ReadonlySet<string> | 'all'

/**
 * A row that enters a referencing table is looked up in the referenced one: SELECT … FOR KEY SHARE, once per row,
 * through its unique index. Source: RI_FKey_check in ri_triggers.c.
 */
export function checkReferences(
  backend: Backend,
  table: Table,
  touched: Touched,
  how: 'insert' | 'update',
  certain = true,
): void {
  for (const constraint of table.constraints) {
    const { references, columns } = constraint
    if (constraint.kind !== 'foreign key' || !references || !constraint.enforced) continue
    // MATCH SIMPLE: if one column is NULL, nothing is checked.
    const checked =
      how === 'insert' ? columns.every(each => has(touched, each)) : columns.some(each => has(touched, each))
    const referenced = backend.getTable(references.table)
    if (!checked || !referenced) continue
    if (isPostponed(backend, constraint)) {
      backend.postpone(table)
      continue
    }
    const because = `the foreign key "${constraint.name}" looks up the referenced rows`
    for (const each of storage(backend, referenced)) backend.lock(each, 'RowShareLock', because, certain)
  }
}

/**
 * When a referenced row is deleted or its key changes, the referencing table is searched for it, and changed for
 * CASCADE and the like. Source: RI_FKey_noaction_del and its siblings in ri_triggers.c.
 */
export function checkReferencing(
  backend: Backend,
  table: Table,
  event: 'delete' | 'update',
  touched: Touched,
  certain = true,
  trail: readonly Oid[] = [],
): void {
  const targets = new Set(withAncestors(backend, table))
  const tables = [
    ...new Set([...targets].flatMap(oid => [oid, ...(backend.catalog.mentioned.get(oid)?.keys() ?? [])])),
  ].flatMap(oid => backend.getTable(oid) ?? [])
  for (const child of tables) {
    for (const constraint of child.constraints) {
      const { references } = constraint
      if (constraint.kind !== 'foreign key' || !references || !constraint.enforced) continue
      if (child.partitionOf !== null && constraint.inherited) continue
      if (!targets.has(references.table)) continue
      if (event === 'update' && !keyOf(backend, references).some(column => has(touched, column))) continue
      if (isPostponed(backend, constraint)) {
        backend.postpone(table)
        continue
      }
      search(backend, child, constraint, event, certain, trail)
    }
  }
}

function search(
  backend: Backend,
  child: Table,
  constraint: Constraint,
  event: 'delete' | 'update',
  certain: boolean,
  trail: readonly Oid[],
): void {
  const action = event === 'delete' ? constraint.references?.onDelete : constraint.references?.onUpdate
  const writes = action === 'cascade' || action === 'set null' || action === 'set default'
  const because = writes
    ? `the foreign key "${constraint.name}" changes the referencing rows (ON ${event.toUpperCase()} ${action?.toUpperCase()})`
    : `the foreign key "${constraint.name}" searches it for referencing rows`
  for (const each of storage(backend, child)) {
    backend.lock(each, writes ? 'RowExclusiveLock' : 'RowShareLock', because, certain)
    if (each.kind !== 'table' || indexed(backend.indexesOf(each), constraint.columns)) continue
    backend.work(each, 'scan', `${because}, and no index starts with its columns`, certain && each.complete)
  }
  if (!writes || trail.includes(child.oid)) return
  const changed = new Set(constraint.columns)
  const next = action === 'cascade' && event === 'delete' ? 'delete' : 'update'
  if (action === 'set default') checkReferences(backend, child, changed, 'update', certain)
  checkReferencing(backend, child, next, changed, certain, [...trail, child.oid])
}

function keyOf(backend: Backend, references: { table: Oid; columns: readonly string[] }): readonly string[] {
  if (references.columns.length > 0) return references.columns
  const primaryKey = backend
    .getTable(references.table)
    ?.constraints.find(constraint => constraint.kind === 'primary key')
  return primaryKey?.columns ?? ['id']
}

// The search compares each column of the key for equality: an index that begins with any of them helps.
function indexed(indexes: readonly Index[], columns: readonly string[]): boolean {
  return indexes.some(
    ({ valid, predicate, keys }) => valid && predicate === null && columns.includes(keys[0]?.column ?? ''),
  )
}

function storage(backend: Backend, table: Table): readonly Table[] {
  return table.kind === 'partitioned table' ? backend.withDescendants(table) : [table]
}

/** The table and the partitioned tables above it: their foreign keys apply to its rows. */
export function withAncestors(backend: Backend, table: Table): Oid[] {
  const oids: Oid[] = []
  for (
    let at: Table | undefined = table;
    at;
    at = at.partitionOf === null ? undefined : backend.getTable(at.partitionOf)
  ) {
    oids.push(at.oid)
  }
  return oids
}

/** Checked at COMMIT, not by the statement: a deferred constraint in a transaction block. */
function isPostponed(backend: Backend, constraint: Constraint): boolean {
  return constraint.initiallyDeferred && isInBlock(backend.transaction)
}

function has(touched: Touched, column: string): boolean {
  return touched === 'all' || touched.has(column)
}
