import type { JoinExpr, Node, RangeFunction, RangeVar, SelectStmt, WithClause } from '@pgsql/types'
import { type Backend, isIndex, nodeKind, systemColumns } from '../backend.ts'
import { aggregateFunctions, systemRelations } from '../builtin.generated.ts'
import type { LockMode } from '../lock.ts'
import { rangeVarName, strings } from '../name.ts'
import { runWrite } from '../statements/write.ts'
import { resolveType } from '../type.ts'
import { type Extent, reach } from './behind.ts'
import { callFunction } from './calls.ts'
import {
  addConditions,
  type Context,
  type Depth,
  type Level,
  newLevel,
  type Output,
  type Outputs,
  type Source,
} from './level.ts'
import { common, outputsOfTargets, typeOfExpression } from './output.ts'
import { outputsOf, resolve, starred } from './resolve.ts'

const noNames: ReadonlySet<string> = new Set()

const unknownOutputs: Outputs = { columns: [], complete: false }

/**
 * Runs a query on the model: locks what it names in the order of parse analysis, then what stands behind that, then reads.
 * Returns the columns it puts out.
 */
export function readQuery(context: Context, query: Node): Outputs {
  if ('SelectStmt' in query) return readSelect(context, query.SelectStmt)
  return runWrite(context, query) ?? unknownOutputs
}

export function readSelect(context: Context, select: SelectStmt): Outputs {
  checkLocking(context, select)
  const inside = select.withClause ? withQueries(context, select.withClause, select) : context
  if (select.larg && select.rarg) return setOperation(inside, select, select.larg, select.rarg)
  const level = newLevel(inside)
  if (select.valuesLists) return values(level, select.valuesLists)

  const from = (select.fromClause ?? []).map(node => addFrom(level, node, locking(select, inside)))
  level.starred = together(from)
  addConditions(level, select.whereClause)
  const outputs = outputsOfTargets(level, select.targetList ?? [])
  const { targetList, whereClause, groupClause, havingClause, windowClause, sortClause, distinctClause } = select
  readExpressions(level, whereClause, true)
  readExpressions(level, [targetList, havingClause, windowClause])
  // These may name columns of the output (findTargetlistEntrySQL92).
  readExpressions(
    level,
    [groupClause, sortClause, distinctClause],
    false,
    new Set(outputs.columns.map(({ name }) => name)),
  )
  readExpressions(level, [select.limitCount, select.limitOffset])
  const extent = extentOf(level, select)
  for (const source of level.sources) reach(level, source, extent)
  const limited = select.limitCount !== undefined && !isNull(select.limitCount)
  return { ...outputs, limited }
}

function setOperation(context: Context, select: SelectStmt, left: SelectStmt, right: SelectStmt): Outputs {
  const [a, b] = [readSelect(context, left), readSelect(context, right)]
  const level = newLevel(context)
  readExpressions(level, [select.limitCount, select.limitOffset])
  const columns = a.columns.map((column, i) => ({
    ...column,
    type: common([column.type, b.columns[i]?.type ?? null]),
    uses: [...column.uses, ...(b.columns[i]?.uses ?? [])],
  }))
  return { columns, complete: a.complete }
}

function values(level: Level, rows: readonly Node[]): Outputs {
  readExpressions(level, rows)
  const [first] = rows
  const items = first && 'List' in first ? (first.List.items ?? []) : []
  const columns = items.map((item, i) => ({
    name: `column${i + 1}`,
    type: typeOfExpression(level, item),
    collation: null,
    uses: [],
  }))
  return { columns, complete: true, limited: true }
}

/** WITH queries run before the query itself; one that nobody names is planned but not executed, unless it writes. */
export function withQueries(context: Context, clause: WithClause, user: unknown): Context {
  const queries = new Map(context.queries)
  const text = JSON.stringify(user)
  for (const node of clause.ctes ?? []) {
    if (!('CommonTableExpr' in node)) continue
    const { ctename = '', ctequery, aliascolnames } = node.CommonTableExpr
    if (!ctequery) continue
    const names = strings(aliascolnames)
    if (clause.recursive) queries.set(ctename, renamed(recursiveColumns({ ...context, queries }, ctequery), names))
    const used = text.includes(`"relname":${JSON.stringify(ctename)}`) || !('SelectStmt' in ctequery)
    const depth: Depth = used || context.depth !== 'execute' ? context.depth : 'plan'
    const outputs = readQuery({ ...context, depth, queries, joined: false, rowLocks: false }, ctequery)
    queries.set(ctename, renamed(outputs, names))
  }
  return { ...context, queries }
}

// The columns of a recursive query are those of its first arm (analyzeCTE in parse_cte.c).
function recursiveColumns(context: Context, query: Node): Outputs {
  if (!('SelectStmt' in query) || !query.SelectStmt.larg) return unknownOutputs
  return readSelect({ ...context, depth: 'analyze' }, query.SelectStmt.larg)
}

function renamed(outputs: Outputs, names: readonly string[]): Outputs {
  const columns = outputs.columns.map((column, i) => ({ ...column, name: names[i] ?? column.name }))
  return { ...outputs, columns }
}

/** FOR UPDATE and its like need rows of tables. Source: CheckSelectLocking in analyze.c. */
function checkLocking({ backend }: Context, select: SelectStmt): void {
  const [clause] = select.lockingClause ?? []
  if (!clause || !('LockingClause' in clause)) return
  const strength = strengths[clause.LockingClause.strength as keyof typeof strengths]
  const derived = select.larg
    ? 'UNION/INTERSECT/EXCEPT'
    : select.distinctClause
      ? 'DISTINCT clause'
      : select.groupClause
        ? 'GROUP BY clause'
        : select.havingClause
          ? 'HAVING clause'
          : hasAggregate(select.targetList)
            ? 'aggregate functions'
            : null
  if (derived && strength) backend.fail('0A000', `${strength} is not allowed with ${derived}`)
}

const strengths = {
  LCS_FORKEYSHARE: 'FOR KEY SHARE',
  LCS_FORSHARE: 'FOR SHARE',
  LCS_FORNOKEYUPDATE: 'FOR NO KEY UPDATE',
  LCS_FORUPDATE: 'FOR UPDATE',
} as const

/** Which FROM entries FOR UPDATE and its like lock: all, or those that OF names. */
type Locking = (alias: string) => boolean

function locking(select: SelectStmt, context: Context): Locking {
  const clauses = (select.lockingClause ?? []).flatMap(node => ('LockingClause' in node ? [node.LockingClause] : []))
  const all = context.rowLocks || clauses.some(clause => !clause.lockedRels)
  const named = new Set(
    clauses
      .flatMap(clause => clause.lockedRels ?? [])
      .flatMap(node => ('RangeVar' in node ? [node.RangeVar.relname] : [])),
  )
  return alias => all || named.has(alias)
}

/** Adds one FROM entry (a join adds several) and locks what it names. Source: transformFromClauseItem in parse_clause.c. */
export function addFrom(level: Level, node: Node, locks: Locking = () => false): Outputs {
  if ('JoinExpr' in node) return addJoin(level, node.JoinExpr, locks)
  if ('RangeVar' in node) {
    return addRelation(level, node.RangeVar, locks(aliasOf(node.RangeVar)) ? 'RowShareLock' : 'AccessShareLock')
  }
  if ('RangeTableSample' in node && node.RangeTableSample.relation) {
    return addFrom(level, node.RangeTableSample.relation, locks)
  }
  if ('RangeFunction' in node) return addFunction(level, node.RangeFunction)
  if (!('RangeSubselect' in node) || !node.RangeSubselect.subquery) return addSource(level, derived('', unknownOutputs))
  const { subquery, alias, lateral } = node.RangeSubselect
  const name = alias?.aliasname ?? ''
  const outer = lateral ? level : level.context.outer
  const outputs = readQuery({ ...level.context, outer, rowLocks: locks(name), joined: false }, subquery)
  return addSource(level, derived(name, renamed(outputs, strings(alias?.colnames))))
}

function addSource(level: Level, source: Source): Source {
  level.sources.push(source)
  return source
}

function together(parts: readonly Outputs[]): Outputs {
  return { columns: parts.flatMap(part => part.columns), complete: parts.every(part => part.complete) }
}

function addJoin(level: Level, join: JoinExpr, locks: Locking): Outputs {
  const left = join.larg ? addFrom(level, join.larg, locks) : unknownOutputs
  const right = join.rarg ? addFrom(level, join.rarg, locks) : unknownOutputs
  addConditions(level, join.quals)
  readExpressions(level, join.quals, true)
  const named = (outputs: Outputs, name: string) => outputs.columns.find(column => column.name === name)
  const both = left.columns.map(column => column.name).filter(name => named(right, name))
  const merged = join.isNatural ? both : strings(join.usingClause)
  for (const column of merged) addUsing(level, column)
  // The merged columns come first, once (transformFromClauseItem).
  const first = merged.flatMap(name => named(join.jointype === 'JOIN_RIGHT' ? right : left, name) ?? [])
  const rest = (outputs: Outputs) => outputs.columns.filter(column => !merged.includes(column.name))
  const complete = left.complete && right.complete
  return { columns: [...first, ...rest(left), ...rest(right)], complete }
}

// USING (c) compares c of the two sides.
function addUsing(level: Level, column: string): void {
  const [left, right] = level.sources.filter(source => source.columns.some(output => output.name === column))
  if (!left || !right) return
  for (const { columns } of [left, right]) {
    level.context.uses.push(...columns.filter(output => output.name === column).flatMap(output => output.uses))
  }
  const side = (source: Source): Node => ({
    ColumnRef: { fields: [{ String: { sval: source.alias } }, { String: { sval: column } }] },
  })
  level.conditions.push({
    A_Expr: { kind: 'AEXPR_OP', name: [{ String: { sval: '=' } }], lexpr: side(left), rexpr: side(right) },
  })
}

function addFunction(level: Level, node: RangeFunction): Outputs {
  readExpressions(level, node.functions)
  const name = node.alias?.aliasname ?? ''
  const named = strings(node.alias?.colnames)
  const defined = (node.coldeflist ?? []).flatMap(item => ('ColumnDef' in item ? [item.ColumnDef] : []))
  const columns: Output[] = defined.map(({ colname = '', typeName }) => ({
    name: colname,
    type: typeName ? resolveType(level.context.backend, typeName) : null,
    collation: null,
    uses: [],
  }))
  for (const column of named.slice(columns.length))
    columns.push({ name: column, type: null, collation: null, uses: [] })
  return addSource(level, derived(name, { columns, complete: false }))
}

function derived(alias: string, outputs: Outputs): Source {
  return { ...outputs, alias, relation: null, lock: 'AccessShareLock', inherits: false }
}

function aliasOf(relation: RangeVar): string {
  return relation.alias?.aliasname ?? relation.relname ?? ''
}

/** Adds a table, view or WITH query that FROM (or a write) names; locks it. Source: parserOpenTable in parse_relation.c. */
export function addRelation(level: Level, node: RangeVar, lock: LockMode, because = 'the query reads it'): Source {
  const { backend, queries } = level.context
  const alias = aliasOf(node)
  const query = node.schemaname ? undefined : queries.get(node.relname ?? '')
  const name = rangeVarName(node)
  const known = query ? undefined : backend.lookup(name)
  if (query || (isSystemName(name) && (known === undefined || known === 'dropped'))) {
    const source = derived(alias, renamed(query ?? unknownOutputs, strings(node.alias?.colnames)))
    level.sources.push(source)
    return source
  }
  const relation = backend.relation(node)
  if (isIndex(relation) || relation.kind === 'composite type') {
    const kind = isIndex(relation) ? 'an index' : 'a composite type'
    backend.fail('42809', `cannot open relation "${relation.name}": it is ${kind}`)
  }
  backend.lock(relation, lock, because)
  const outputs = renamed(outputsOf(relation), strings(node.alias?.colnames))
  const source: Source = { ...outputs, alias, relation, lock, inherits: node.inh === true }
  level.context.uses.push({ relation: relation.oid, column: null })
  level.sources.push(source)
  return source
}

function isSystemName(name: { schema: string | null; name: string }): boolean {
  if (name.schema === null) return systemRelations.has(name.name)
  return name.schema === 'information_schema' || name.schema.startsWith('pg_')
}

/**
 * Looks through expressions: remembers the columns they use, runs the queries and calls the functions in them. `where` says
 * that it is a condition, so that EXISTS and IN in it become joins (pull_up_sublinks in prepjointree.c); `names` are those
 * that need not be columns.
 */
export function readExpressions(
  level: Level,
  node: unknown,
  where = false,
  names: ReadonlySet<string> = noNames,
): void {
  if (Array.isArray(node)) {
    for (const item of node) readExpressions(level, item, where, names)
    return
  }
  if (typeof node !== 'object' || node === null) return
  for (const [key, value] of Object.entries(node)) {
    const item = { [key]: value } as Node
    if (key === 'ColumnRef') useColumn(level, item, names)
    else if ('SubLink' in item) {
      const { subselect, testexpr, subLinkType } = item.SubLink
      readExpressions(level, testexpr, false, names)
      const joined = where && (subLinkType === 'EXISTS_SUBLINK' || subLinkType === 'ANY_SUBLINK')
      if (subselect) {
        const existence = subLinkType === 'EXISTS_SUBLINK' && !joined
        const query = existence ? limited(subselect) : subselect
        readQuery({ ...level.context, outer: level, rowLocks: false, joined }, query)
      }
    } else {
      if ('FuncCall' in item && level.context.depth === 'execute') callFunction(level.context, item.FuncCall)
      const stays = where && (key === 'BoolExpr' || key === 'args')
      readExpressions(level, value, stays, names)
    }
  }
}

// EXISTS stops at the first row.
function limited(query: Node): Node {
  if (!('SelectStmt' in query) || query.SelectStmt.limitCount) return query
  return { SelectStmt: { ...query.SelectStmt, limitCount: { A_Const: { ival: { ival: 1 } } } } }
}

function useColumn(level: Level, node: Node, names: ReadonlySet<string>): void {
  const { uses } = level.context
  const found = resolve(level, node)
  if (found) uses.push(...found.column.uses)
  if (found || !('ColumnRef' in node)) return
  const fields = node.ColumnRef.fields ?? []
  const last = fields.at(-1)
  if (last && nodeKind(last) === 'A_Star') {
    for (const { columns } of starred(level, fields.slice(0, -1))) for (const { uses: of } of columns) uses.push(...of)
  } else requireColumn(level, strings(fields), names)
}

/** Fails with 42703 for a column that is certainly not there. */
function requireColumn(level: Level, names: readonly string[], outputs: ReadonlySet<string>): void {
  const { backend, strict } = level.context
  const name = names.at(-1) ?? ''
  const qualifier = names.at(-2)
  // `t.f` can mean f(t), and `t` the whole row.
  if (systemColumns.has(name) || outputs.has(name) || isRoutine(backend, name)) return
  if (qualifier === undefined) {
    if (!strict) return
    for (let at: Level | null = level; at; at = at.context.outer) {
      if (at.sources.some(source => !source.complete || source.alias === name)) return
    }
    backend.fail('42703', `column "${name}" does not exist`)
  }
  const source = level.sources.find(each => each.alias === qualifier)
  if (strict && qualifier !== undefined && names.length === 2 && !isAlias(level, qualifier)) {
    backend.fail('42P01', `missing FROM-clause entry for table "${qualifier}"`)
  }
  if (names.length === 2 && source?.relation && source.complete) {
    backend.fail('42703', `column ${qualifier}.${name} does not exist`)
  }
}

function isAlias(level: Level, name: string): boolean {
  for (let at: Level | null = level; at; at = at.context.outer) {
    // A join can have an alias of its own, which is not kept.
    if (at.sources.some(source => source.alias === name || source.alias === '')) return true
  }
  return false
}

function isRoutine(backend: Backend, name: string): boolean {
  return backend.catalog.routines.some(routine => routine.name === name)
}

/** Whether a SELECT needs all rows that its conditions leave, or stops early. */
function extentOf(level: Level, select: SelectStmt): Extent {
  if (level.context.depth !== 'execute') return 'none'
  if (isLimitZero(select.limitCount)) return 'none'
  const grouped = select.groupClause || select.distinctClause || select.havingClause || hasAggregate(select.targetList)
  if (grouped) return isExtremum(level, select) ? 'few' : 'all'
  if (!select.limitCount || isNull(select.limitCount) || level.sources.length !== 1) return 'all'
  if (level.conditions.length > 0) return 'all'
  return !select.sortClause || sortsByIndex(level, select.sortClause) ? 'few' : 'all'
}

function isNull(node: Node): boolean {
  return 'A_Const' in node && node.A_Const.isnull === true
}

function isLimitZero(node: Node | undefined): boolean {
  return node !== undefined && 'A_Const' in node && node.A_Const.ival !== undefined && !node.A_Const.ival.ival
}

function hasAggregate(targets: readonly Node[] | undefined): boolean {
  return (targets ?? []).some(target => aggregateIn(target))
}

function aggregateIn(node: unknown): boolean {
  if (Array.isArray(node)) return node.some(aggregateIn)
  if (typeof node !== 'object' || node === null) return false
  return Object.entries(node).some(([key, value]) => {
    if (key === 'SubLink') return false
    if (key === 'FuncCall' && aggregateFunctions.has(strings(value.funcname).at(-1) ?? '') && !value.over) return true
    return aggregateIn(value)
  })
}

// min(c) and max(c) read one end of an index on c (build_minmax_path in planagg.c).
function isExtremum(level: Level, select: SelectStmt): boolean {
  const [target] = select.targetList ?? []
  if (select.groupClause || select.havingClause || level.sources.length !== 1 || level.conditions.length > 0)
    return false
  if (select.targetList?.length !== 1 || !target || !('ResTarget' in target)) return false
  const column = extremumColumn(target.ResTarget.val)
  return column !== null && leadsIndex(level, column)
}

function extremumColumn(node: Node | undefined): Node | null {
  if (!node) return null
  if ('CoalesceExpr' in node) return extremumColumn(node.CoalesceExpr.args?.[0])
  if ('A_Expr' in node) return extremumColumn(node.A_Expr.lexpr)
  if (!('FuncCall' in node)) return null
  const { funcname, args } = node.FuncCall
  const name = strings(funcname).at(-1)
  if (name === 'setval') return extremumColumn(args?.[1])
  return (name === 'min' || name === 'max') && args?.[0] && 'ColumnRef' in args[0] ? args[0] : null
}

function sortsByIndex(level: Level, sort: readonly Node[]): boolean {
  const [first] = sort
  const column = first && 'SortBy' in first ? first.SortBy.node : undefined
  return column !== undefined && leadsIndex(level, column)
}

function leadsIndex(level: Level, column: Node): boolean {
  const found = resolve(level, column)
  const relation = found?.source.relation
  if (!found || !relation || !('indexes' in relation)) return false
  const indexes = level.context.backend.indexesOf(relation)
  return indexes.some(
    index => index.keys[0]?.column === found.column.name && index.predicate === null && index.method === 'btree',
  )
}
