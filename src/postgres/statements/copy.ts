import type { CopyStmt } from '@pgsql/types'
import type { Backend } from '../backend.ts'
import type { Table } from '../catalog/catalog.ts'
import { repeated, strings } from '../catalog/name.ts'
import { isTable } from '../catalog/relation.ts'
import { addRelation } from '../query/from.ts'
import { storeRows } from '../query/insert.ts'
import { newLevel, topContext } from '../query/level.ts'
import { reach } from '../query/reach.ts'
import { readExpressions, readQuery } from '../query/read.ts'
import type { Handlers } from './handler.ts'
import { begin } from './query.ts'
import { wholeStatement } from './whole-statement.ts'

/** Source: DoCopy in copy.c. */
function copy(backend: Backend, node: CopyStmt): void {
  if (node.is_from) copyFrom(backend, node)
  else copyTo(backend, node)
}

function copyTo(backend: Backend, node: CopyStmt): void {
  begin(backend, 'select')
  const context = topContext(backend, 'execute')
  if (node.query) {
    readQuery(context, node.query)
    return
  }
  const level = newLevel(context)
  const found = backend.relation(node.relation ?? {})
  const refused = found.kind === 'materialized view' ? !backend.since(18) : found.kind !== 'table'
  if (refused) backend.fail('42809', `cannot copy from ${found.kind} "${found.name}"`)
  const source = addRelation(level, node.relation ?? {}, 'AccessShareLock', 'it is copied')
  requireDistinct(backend, node)
  // COPY reads the table itself, without children by inheritance.
  reach(level, { ...source, inherits: false }, 'all')
}

function copyFrom(backend: Backend, node: CopyStmt): void {
  const found = backend.relation(node.relation ?? {})
  backend.operation({
    kind: 'copy-from',
    ...wholeStatement(backend),
    table: backend.subject(found),
    everyRow: false,
    fewRows: false,
  })
  const writable = found.kind === 'table' || found.kind === 'partitioned table' || found.kind === 'foreign table'
  const throughTrigger = found.kind === 'view' && (found.triggers.length > 0 || !found.complete)
  if (!writable && !throughTrigger) backend.fail('42809', `cannot copy to ${found.kind} "${found.name}"`)
  const level = newLevel(topContext(backend, 'execute'))
  addRelation(level, node.relation ?? {}, 'RowExclusiveLock', 'rows are copied into it')
  if (!isTable(found)) return
  const table: Table = found
  for (const name of strings(node.attlist)) backend.existingColumn(table, name)
  requireDistinct(backend, node)
  readExpressions(level, node.whereClause)
  const columns = node.attlist ? strings(node.attlist) : table.columns.map(column => column.name)
  storeRows(backend, table, { columns, rows: [], isValues: false, certain: false })
}

/** Source: CopyGetAttnums in copy.c. */
function requireDistinct(backend: Backend, { attlist }: CopyStmt): void {
  const twice = repeated(strings(attlist))
  if (twice !== undefined) backend.fail('42701', `column "${twice}" specified more than once`)
}

export const copyHandlers = { CopyStmt: copy } satisfies Partial<Handlers>
