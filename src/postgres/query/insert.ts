import type { InsertStmt, Node, OnConflictClause, SelectStmt } from '@pgsql/types'
import { isPlaceholder } from '../../parse/placeholder.ts'
import type { Backend } from '../backend.ts'
import type { Table } from '../catalog/catalog.ts'
import type { Column } from '../catalog/column.ts'
import { rangeVarName, strings } from '../catalog/name.ts'
import { isTable, isView } from '../catalog/relation.ts'
import { walk } from '../expression/expression.ts'
import { ownedSequences } from '../statements/table/column.ts'
import { callFunction } from './calls.ts'
import { checkReferences, checkReferencing } from './foreign-key.ts'
import { type Level, type Source, topContext } from './level.ts'
import { reach } from './reach.ts'
import { readExpressions, readSelect } from './read.ts'
import { checkBound, route } from './route.ts'
import { assignedTwice, changedColumns, checkAssignments } from './update.ts'
import { baseTable } from './write.ts'

/** Puts rows into a table: columns, defaults, partitions, foreign keys. Sources: transformInsertStmt, ExecInsert. */
export function insertRows(level: Level, source: Source, node: InsertStmt): void {
  const { backend, depth } = level.context
  const select = node.selectStmt && 'SelectStmt' in node.selectStmt ? node.selectStmt.SelectStmt : undefined
  const rows = (select?.valuesLists ?? []).map(row => ('List' in row ? (row.List.items ?? []) : []))
  const isValues = select === undefined || select.valuesLists !== undefined
  if (depth === 'execute') backend.amend({ fewRows: isValues })

  const given = node.cols ? node.cols.flatMap(col => ('ResTarget' in col ? [col.ResTarget.name ?? ''] : [])) : null
  const { relation } = source
  if (relation && isTable(relation)) {
    checkTargets(backend, relation, node.cols ?? [])
  }
  checkAssignments(level, source, node.onConflictClause?.targetList ?? [])

  if (select?.valuesLists) readExpressions({ ...level, sources: [] }, rows)
  const outputs = select && !isValues ? readSelect({ ...level.context, joined: false }, select) : null
  const table = baseTable(backend, relation)
  const width = outputs ? (outputs.complete ? outputs.columns.length : null) : (rows[0]?.length ?? 0)
  const known = table && table === relation ? table : null
  // A placeholder may stand for several columns, or values.
  const isOpen = (given ?? []).some(isPlaceholder) || rows.some(row => row.some(isPlaceholderValue))
  if (known && !isOpen) checkWidth(backend, known, given, select === undefined ? null : width)
  const columns = given ?? columnsGiven(known, width)
  // The column of a value without a name is known only if all columns are, because columns of a parent come first.
  if (known && rows.length > 0 && (given !== null || known.complete))
    checkComputed(backend, known, columns, rows, node.override === 'OVERRIDING_SYSTEM_VALUE')
  if (node.onConflictClause && known) checkArbiter(backend, known, node.onConflictClause)
  if (known && isValues && !isOpen && depth === 'execute') checkNotNull(backend, known, columns, rows)

  // INSTEAD OF triggers and rules take the row before anything behind the view is opened.
  const { relation: into } = source
  if (into && isView(into) && into.triggers.length === 0 && into.rules.length === 0) reach(level, source, 'none')
  if (!table || depth !== 'execute') return
  storeRows(backend, table, {
    columns,
    rows,
    isValues,
    certain: isValues || (select !== undefined && yieldsRows(backend, select)),
  })
  const changes =
    node.onConflictClause?.action === 'ONCONFLICT_UPDATE'
      ? changedColumns(node.onConflictClause.targetList ?? [])
      : null
  if (changes) {
    checkReferences(backend, table, changes.toValues, 'update', false)
    checkReferencing(backend, table, 'update', changes.all, false)
  }
}

function isPlaceholderValue(value: Node): boolean {
  return 'ColumnRef' in value && strings(value.ColumnRef.fields).some(isPlaceholder)
}

/** New rows: the columns that are given, and the values where they are written out. */
export interface Rows {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly Node[])[]
  readonly isValues: boolean
  /** At least one row is certain to be inserted. */
  readonly certain: boolean
}

/** Stores new rows: evaluates the defaults of the columns that are not given, finds partitions, checks foreign keys. */
export function storeRows(backend: Backend, table: Table, { columns, rows, isValues, certain }: Rows): void {
  const set = new Set(columns.filter((_, i) => rows.length === 0 || !rows.every(row => isNullOrDefault(row[i]))))
  const byDefault = new Set(columns.filter((_, i) => rows.some(row => row[i] && 'SetToDefault' in row[i])))
  for (const column of table.columns) {
    if (columns.includes(column.name) && !byDefault.has(column.name)) continue
    if (hasDefault(column)) set.add(column.name)
    useDefault(backend, table, column)
  }
  markFilled(backend, table, certain)
  if (table.kind === 'partitioned table') route(backend, table, columns, rows, isValues)
  else checkBound(backend, table, columns, rows)
  checkReferences(backend, table, set, 'insert')
}

/** From now on the table certainly has rows, so ADD COLUMN … NOT NULL without a default fails. */
function markFilled(backend: Backend, table: Table, certainly: boolean): void {
  const filled = table.filled || (certainly && !backend.statement.conditional)
  if (!table.written || filled !== table.filled) backend.change<Table>(table.oid, { written: true, filled })
}

/** A query that certainly returns rows: it reads no table, or only generate_series, and filters nothing. */
function yieldsRows(backend: Backend, select: SelectStmt): boolean {
  if (
    select.whereClause ||
    select.havingClause ||
    select.limitCount ||
    select.limitOffset ||
    select.op !== 'SETOP_NONE'
  )
    return false
  return (select.fromClause ?? []).every(item => {
    if ('RangeFunction' in item) return true
    if (!('RangeVar' in item)) return false
    const found = backend.lookup(rangeVarName(item.RangeVar))
    return found !== undefined && found !== 'dropped' && isTable(found) && found.filled
  })
}

/** The columns that get values, in INSERT and in MERGE: each must exist and be named once. Source: checkInsertTargets. */
export function checkTargets(backend: Backend, table: Table, targets: readonly Node[]): void {
  for (const target of targets) if ('ResTarget' in target) backend.existingColumn(table, target.ResTarget.name ?? '')
  const twice = assignedTwice(targets)
  if (twice !== undefined) backend.fail('42701', `column "${twice}" specified more than once`)
}

function columnsGiven(table: Table | null, width: number | null): readonly string[] {
  return (table?.columns ?? []).slice(0, width ?? table?.columns.length ?? 0).map(column => column.name)
}

function checkWidth(backend: Backend, table: Table, given: readonly string[] | null, width: number | null): void {
  if (width === null) return
  const room = given?.length ?? (table.complete ? table.columns.length : null)
  if (room !== null && width > room) backend.fail('42601', 'INSERT has more expressions than target columns')
  if (given && width < given.length) backend.fail('42601', 'INSERT has more target columns than expressions')
}

/** Fails for a value given to a column that PostgreSQL computes itself. Source: rewriteTargetListIU in rewriteHandler.c. */
function checkComputed(
  backend: Backend,
  table: Table,
  columns: readonly string[],
  rows: readonly (readonly Node[])[],
  overriding: boolean,
): void {
  for (const [i, name] of columns.entries()) {
    const column = backend.column(table, name)
    if (!column || rows.every(row => !row[i] || 'SetToDefault' in row[i])) continue
    const message = `cannot insert a non-DEFAULT value into column "${name}"`
    if (column.generated) backend.fail(!backend.since(14) ? '42601' : '428C9', message)
    if (column.identity === 'always' && !overriding) backend.fail('428C9', message)
  }
}

/** A NOT NULL column that gets NULL or nothing (ExecConstraints): this is certain unless a trigger or rule can intervene. */
function checkNotNull(
  backend: Backend,
  table: Table,
  columns: readonly string[],
  rows: readonly (readonly Node[])[],
): void {
  if (!table.complete || table.triggers.length > 0 || table.rules.length > 0) return
  for (const column of table.columns) {
    if (!column.complete || !column.notNull) continue
    const at = columns.indexOf(column.name)
    const value = at < 0 ? undefined : rows[0]?.[at]
    const isNull =
      value && 'A_Const' in value ? value.A_Const.isnull === true : isNullOrDefault(value) && !hasDefault(column)
    if (isNull && isBuiltin(column)) {
      backend.fail(
        '23502',
        `null value in column "${column.name}" of relation "${table.name}" violates not-null constraint`,
      )
    }
  }
}

// A domain may have a default of its own.
function isBuiltin(column: Column): boolean {
  return column.type.schema === 'pg_catalog'
}

/** ON CONFLICT (columns) needs a unique index on exactly these. Source: infer_arbiter_indexes in plancat.c. */
function checkArbiter(backend: Backend, table: Table, clause: OnConflictClause): void {
  const { infer } = clause
  if (!infer || !table.complete || table.children.length > 0) return
  if (infer.conname) {
    if (!backend.constraint(table, infer.conname)) {
      backend.fail('42704', `constraint "${infer.conname}" for table "${table.name}" does not exist`)
    }
    return
  }
  const elements = (infer.indexElems ?? []).flatMap(element => ('IndexElem' in element ? [element.IndexElem] : []))
  const names = elements.map(element => element.name ?? null)
  if (names.includes(null) || infer.whereClause) return
  for (const name of names) if (name) backend.existingColumn(table, name)
  const wanted = new Set(names)
  const fits = backend
    .indexesOf(table)
    .some(
      index =>
        index.unique &&
        index.predicate === null &&
        index.keys.every(key => key.column !== null && wanted.has(key.column)) &&
        new Set(index.keys.map(key => key.column)).size === wanted.size,
    )
  if (!fits) {
    backend.fail('42P10', 'there is no unique or exclusion constraint matching the ON CONFLICT specification')
  }
}

function isNullOrDefault(node: Node | undefined): boolean {
  return !node || 'SetToDefault' in node || ('A_Const' in node && node.A_Const.isnull === true)
}

function hasDefault(column: Column): boolean {
  if (column.identity !== null || column.generated !== null) return true
  return column.default !== null && !isNullOrDefault(column.default)
}

/** Evaluates a column's default: a function that it calls may lock a sequence, and an identity column takes the next value of its sequence. */
function useDefault(backend: Backend, table: Table, column: Column): void {
  let calls = false
  walk(column.default ?? undefined, (kind, node) => {
    if (kind !== 'FuncCall') return
    calls ||= strings(node.funcname as Node[]).at(-1) === 'nextval'
    callFunction(topContext(backend, 'execute'), node)
  })
  if (!calls && column.identity === null) return
  const [owned] = ownedSequences(backend, table, column.name)
  if (owned) backend.lock(owned, 'RowExclusiveLock', `the default of "${column.name}" takes its next value`)
}
