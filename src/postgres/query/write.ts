import type { DeleteStmt, InsertStmt, MergeStmt, Node, RangeVar, UpdateStmt } from '@pgsql/types'
import type { Backend } from '../backend.ts'
import type { Relation, Table, View } from '../catalog/catalog.ts'
import { isTable, isView } from '../catalog/relation.ts'
import { isAlwaysTrue } from '../expression/expression.ts'
import type { Handlers } from '../statements/handler.ts'
import type { Write } from '../table-operation.ts'
import { fixesUniqueKey } from './access.ts'
import { checkReferences, checkReferencing, withAncestors } from './foreign-key.ts'
import { addFrom, addRelation } from './from.ts'
import { checkTargets, insertRows } from './insert.ts'
import { addConditions, type Context, type Level, newLevel, type Outputs, type Source, topContext } from './level.ts'
import { outputsOfTargets } from './output.ts'
import { reach } from './reach.ts'
import { readExpressions, readQuery, withQueries } from './read.ts'
import { changedColumns, checkAssignments } from './update.ts'

/** Runs INSERT, UPDATE, DELETE or MERGE, also inside WITH; null for any other node. Returns the columns of RETURNING. */
export function runWrite(context: Context, node: Node): Outputs | null {
  if ('InsertStmt' in node) return insert(context, node.InsertStmt)
  if ('UpdateStmt' in node) return update(context, node.UpdateStmt)
  if ('DeleteStmt' in node) return remove(context, node.DeleteStmt)
  if ('MergeStmt' in node) return merge(context, node.MergeStmt)
  return null
}

/** Opens the table that is written. If the write is executed, this starts the operation. */
function target(level: Level, relation: RangeVar | undefined, kind: Write['kind']): Source {
  const { backend, depth } = level.context
  const found = backend.relation(relation ?? {})
  // No row is written now in the body of a function, a rule, PREPARE and EXPLAIN.
  if (depth === 'execute') {
    backend.operation({
      kind,
      span: backend.statement.span,
      keyword: backend.statement.keyword,
      table: backend.subject(found),
      everyRow: false,
      fewRows: false,
    })
  }
  if (isTable(found) && found.kind === 'materialized view') {
    backend.fail('42809', `cannot change materialized view "${found.name}"`)
  }
  if (found.kind === 'sequence') backend.fail('42809', `cannot change sequence "${found.name}"`)
  const source = addRelation(level, relation ?? {}, 'RowExclusiveLock', 'its rows are written')
  if (isTable(found) && found.partitionOf !== null && (kind !== 'delete' || !backend.since(14))) {
    lockAncestors(backend, found)
  }
  if (isView(found) && depth !== 'analyze' && !isWritable(backend, found)) {
    const verb = { insert: 'insert into', update: 'update', delete: 'delete from', merge: 'merge into' }[
      kind as 'insert'
    ]
    backend.fail('55000', `cannot ${verb} view "${found.name}"`)
  }
  if (isTable(found) || isView(found)) lockRules(backend, found)
  return source
}

// To check a row against the partition's bound, the key of its parents is read (generate_partition_qual in
// partcache.c).
function lockAncestors(backend: Backend, table: Table): void {
  for (const oid of withAncestors(backend, table).slice(1)) {
    const parent = backend.get(oid)
    if (parent) backend.lock(parent, 'AccessShareLock', `"${table.name}" is its partition`)
  }
}

/** False when a write to the view certainly fails. */
function isWritable(backend: Backend, view: View): boolean {
  if (view.triggers.length > 0 || view.rules.length > 0) return true
  if (view.base === null) return false
  // Left out where it is not known.
  const behind = view.base === undefined ? undefined : backend.get(view.base)
  return behind && isView(behind) ? isWritable(backend, behind) : true
}

// Rules add queries of their own, or replace the write by them (RewriteQuery in rewriteHandler.c).
function lockRules(backend: Backend, relation: Table | View): void {
  for (const { name, relations } of relation.rules) {
    for (const { relation: oid } of relations) {
      const used = oid === relation.oid ? undefined : backend.get(oid)
      if (used)
        backend.lock(used, 'RowExclusiveLock', `the rule "${name}" on "${relation.name}" may write to it`, false)
    }
  }
}

/** The table whose rows a write changes: for a view that PostgreSQL can write through, the table that it reads. */
export function baseTable(backend: Backend, relation: Relation | null): Table | null {
  if (relation && isTable(relation)) return relation
  if (!relation || !isView(relation) || relation.triggers.length > 0 || relation.rules.length > 0) return null
  return relation.base ? baseTable(backend, backend.get(relation.base) ?? null) : null
}

function insert(context: Context, node: InsertStmt): Outputs {
  const inside = node.withClause ? withQueries(context, node.withClause, node) : context
  const level = newLevel(inside)
  const source = target(level, node.relation, 'insert')
  insertRows(level, source, node)
  readExpressions(level, [node.onConflictClause?.targetList, node.onConflictClause?.whereClause])
  return returning(level, node.returningClause?.exprs)
}

function update(context: Context, node: UpdateStmt): Outputs {
  const level = newLevel(node.withClause ? withQueries(context, node.withClause, node) : context)
  const { backend, depth } = level.context
  const source = target(level, node.relation, 'update')
  checkAssignments(level, source, node.targetList ?? [])
  const changed = changedColumns(node.targetList ?? [])
  if (depth === 'execute') backend.amend({ changes: [...changed.all] })
  searchRows(level, source, node.fromClause, node.whereClause)
  readExpressions(level, node.targetList)
  const table = baseTable(backend, source.relation)
  if (table && depth === 'execute') {
    for (const each of rowsOf(backend, table)) checkReferences(backend, each, changed.toValues, 'update')
    checkReferencing(backend, table, 'update', changed.all)
    if (table.kind === 'partitioned table') lockMoved(backend, table, changed.all)
  }
  return returning(level, node.returningClause?.exprs)
}

// A change of the partition key may move rows to any partition (ExecCrossPartitionUpdate in nodeModifyTable.c).
function lockMoved(backend: Backend, table: Table, changed: ReadonlySet<string>): void {
  if (!table.partitioning?.keys.some(({ column }) => column === null || changed.has(column))) return
  for (const each of backend.withDescendants(table).slice(1)) {
    backend.lock(each, 'RowExclusiveLock', 'a row may move to it when its partition key changes', false)
  }
}

function remove(context: Context, node: DeleteStmt): Outputs {
  const level = newLevel(node.withClause ? withQueries(context, node.withClause, node) : context)
  const { backend, depth } = level.context
  const source = target(level, node.relation, 'delete')
  searchRows(level, source, node.usingClause, node.whereClause)
  const table = baseTable(backend, source.relation)
  if (table && depth === 'execute') checkReferencing(backend, table, 'delete', 'all')
  return returning(level, node.returningClause?.exprs)
}

/** Finds the rows that UPDATE and DELETE change, and says how many there are. */
function searchRows(level: Level, source: Source, from: readonly Node[] | undefined, where: Node | undefined): void {
  const { backend, depth } = level.context
  for (const node of from ?? []) addFrom(level, node)
  addConditions(level, where)
  const table = baseTable(backend, source.relation)
  const everyRow = (!where || isAlwaysTrue(where)) && !from?.length
  if (depth === 'execute') {
    backend.amend({ everyRow, fewRows: table !== null && fixesUniqueKey(level, source, table) })
  }
  readExpressions(level, where, true)
  if (everyRow) level.conditions.length = 0
  for (const each of level.sources) reach(level, each, depth === 'execute' ? 'all' : 'none')
}

function merge(context: Context, node: MergeStmt): Outputs {
  const level = newLevel(node.withClause ? withQueries(context, node.withClause, node) : context)
  const { backend, depth } = level.context
  const source = target(level, node.relation, 'merge')
  if (node.sourceRelation) addFrom(level, node.sourceRelation)
  addConditions(level, node.joinCondition)
  readExpressions(level, node.joinCondition, true)
  const clauses = (node.mergeWhenClauses ?? []).flatMap(each =>
    'MergeWhenClause' in each ? [each.MergeWhenClause] : [],
  )
  for (const { commandType, targetList = [] } of clauses) {
    if (commandType === 'CMD_UPDATE') checkAssignments(level, source, targetList)
    else if (source.relation && isTable(source.relation)) checkTargets(backend, source.relation, targetList)
  }
  for (const clause of clauses) readExpressions(level, [clause.condition, clause.targetList, clause.values])
  for (const each of level.sources) reach(level, each, depth === 'execute' ? 'all' : 'none')
  const table = baseTable(backend, source.relation)
  if (!table || depth !== 'execute') return returning(level, node.returningClause?.exprs)
  for (const clause of clauses) {
    if (clause.commandType === 'CMD_DELETE') checkReferencing(backend, table, 'delete', 'all', false)
    if (clause.commandType === 'CMD_INSERT') checkReferences(backend, table, 'all', 'insert', false)
    if (clause.commandType === 'CMD_UPDATE') {
      const changed = changedColumns(clause.targetList ?? [])
      checkReferences(backend, table, changed.toValues, 'update', false)
      checkReferencing(backend, table, 'update', changed.all, false)
    }
  }
  return returning(level, node.returningClause?.exprs)
}

function returning(level: Level, targets: readonly Node[] | undefined): Outputs {
  readExpressions(level, targets)
  return outputsOfTargets(level, targets ?? [])
}

/** Partitions have their own copies of the foreign keys; inheritance children may have different ones. */
function rowsOf(backend: Backend, table: Table): readonly Table[] {
  return table.kind === 'partitioned table' ? [table] : backend.withDescendants(table)
}

function run(backend: Backend, node: Node): void {
  readQuery(topContext(backend, 'execute'), node)
}

export const writeHandlers = {
  InsertStmt: (backend, node) => run(backend, { InsertStmt: node }),
  UpdateStmt: (backend, node) => run(backend, { UpdateStmt: node }),
  DeleteStmt: (backend, node) => run(backend, { DeleteStmt: node }),
  MergeStmt: (backend, node) => run(backend, { MergeStmt: node }),
} satisfies Partial<Handlers>
