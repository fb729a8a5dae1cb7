import type { Node, TruncateStmt } from '@pgsql/types'
import type { Backend } from '../backend.ts'
import type { Oid, Table } from '../catalog/catalog.ts'
import { isTable } from '../catalog/relation.ts'
import { withAncestors } from '../query/foreign-key.ts'
import type { Handlers } from './handler.ts'
import { ownedSequences } from './table/column.ts'
import { wholeStatement } from './whole-statement.ts'

/** Source: ExecuteTruncate and ExecuteTruncateGuts in tablecmds.c. */
function truncate(backend: Backend, node: TruncateStmt): void {
  const cascade = node.behavior === 'DROP_CASCADE'
  const named = (node.relations ?? []).map(relation => open(backend, relation))
  const all = new Map<number, Table>()
  for (const { tables } of named) for (const table of tables) all.set(table.oid, table)

  const reached = referencing(backend, all)
  const cascaded = cascade ? reached : []
  const cascadesTo = cascaded.map(each => backend.subject(each))
  for (const { table, tables } of named) {
    backend.operation({
      kind: 'truncate',
      ...wholeStatement(backend),
      table: backend.subject(table),
      cascade,
      cascadesTo,
    })
    for (const each of tables) backend.requireNotInUse(each, 'TRUNCATE')
    for (const each of tables) empty(backend, each, 'it is truncated', node.restart_seqs === true)
  }
  if (reached.length > 0 && !cascade) {
    backend.fail('0A000', 'cannot truncate a table referenced in a foreign key constraint')
  }
  for (const each of cascaded)
    empty(backend, each, 'a foreign key of it references a truncated table', node.restart_seqs === true)
}

function open(backend: Backend, node: Node): { table: Table; tables: readonly Table[] } {
  const relation = 'RangeVar' in node ? node.RangeVar : {}
  const found = backend.relation(relation)
  if (!isTable(found) || found.kind === 'materialized view' || found.kind === 'composite type') {
    backend.operation({
      kind: 'truncate',
      ...wholeStatement(backend),
      table: backend.subject(found),
      cascade: false,
      cascadesTo: [],
    })
    backend.fail('42809', `"${found.name}" is not a table`)
  }
  if (!relation.inh && found.kind === 'partitioned table')
    backend.fail('42809', 'cannot truncate only a partitioned table')
  return { table: found, tables: relation.inh ? backend.withDescendants(found) : [found] }
}

/** Tables outside of `all` whose foreign keys reference a table in it, and so on: those that CASCADE also truncates. */
function referencing(backend: Backend, all: ReadonlyMap<number, Table>): Table[] {
  const reached = new Map<number, Table>()
  // A partition's foreign key is that of its parent.
  const truncated = new Set([...all.values()].flatMap(table => withAncestors(backend, table)))
  // Each of them is looked at once. Those that are found meanwhile come next, as on the server.
  for (let last: readonly Oid[] = [...truncated]; last.length > 0; ) {
    const found: Oid[] = []
    for (const table of last.flatMap(oid => backend.mentioning(oid)).filter(isTable)) {
      if (all.has(table.oid) || reached.has(table.oid)) continue
      if (!references(table).some(oid => truncated.has(oid))) continue
      for (const each of backend.withDescendants(table)) {
        if (all.has(each.oid)) continue
        reached.set(each.oid, each)
        if (!truncated.has(each.oid)) found.push(each.oid)
        truncated.add(each.oid)
      }
    }
    last = found
  }
  return [...reached.values()]
}

/** The tables that its foreign keys reference. A key that is NOT ENFORCED has no triggers and does not count. */
function references(table: Table): Oid[] {
  return table.constraints.flatMap(({ references: target, enforced }) => (target && enforced ? [target.table] : []))
}

function empty(backend: Backend, table: Table, because: string, restart: boolean): void {
  backend.lock(table, 'AccessExclusiveLock', because)
  for (const index of backend.indexesOf(table)) {
    if (table.kind === 'table') backend.lock(index, 'AccessExclusiveLock', because)
  }
  if (!backend.since(14)) {
    for (const oid of withAncestors(backend, table).slice(1)) {
      const parent = backend.get(oid)
      if (parent) backend.lock(parent, 'AccessShareLock', `"${table.name}" is its partition`)
    }
  }
  if (!restart) return
  for (const sequence of ownedSequences(backend, table)) {
    backend.lock(sequence, 'AccessExclusiveLock', 'RESTART IDENTITY starts it again')
  }
}

export const truncateHandlers = { TruncateStmt: truncate } satisfies Partial<Handlers>
