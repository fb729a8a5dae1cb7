import type { Node, SelectStmt, SubLink, WithClause } from '@pgsql/types'
import { append } from '../../parse/list.ts'
import { isPlaceholder } from '../../parse/placeholder.ts'
import { descend } from '../../parse/stackless.ts'
import type { Backend } from '../backend.ts'
import { strings } from '../catalog/name.ts'
import { systemColumns } from '../catalog/relation.ts'
import { nodeKind } from '../expression/expression.ts'
import { common } from '../expression/type-of.ts'
import { callFunction } from './calls.ts'
import { extentOf, isNull } from './extent.ts'
import { addFrom, checkLocking, locking, renamed, together, unknownOutputs } from './from.ts'
import { addConditions, type Context, type Depth, type Level, newLevel, type Outputs } from './level.ts'
import { namesOf } from './names.ts'
import { outputsOfTargets, typeOfExpression } from './output.ts'
import { reach } from './reach.ts'
import { resolve, starred } from './resolve.ts'
import { runWrite } from './write.ts'

const noNames: ReadonlySet<string> = new Set()

/**
 * Runs a query on the model: locks what it names in the order of parse analysis, then what is behind that, then reads.
 * Returns its output columns.
 */
export function readQuery(around: Context, query: Node): Outputs {
  const context = { ...around, nested: around.nested + 1 }
  if (context.nested > deepest) {
    context.backend.opaque ??= `more than ${deepest} queries are nested in one another`
    return unknownOutputs
  }
  if ('SelectStmt' in query) return readSelect(context, query.SelectStmt)
  return runWrite(context, query) ?? unknownOutputs
}

/** Each nested query uses its share of the stack: the usual stack is used up at about 800. PostgreSQL takes some 2,200. */
const deepest = 300

export function readSelect(context: Context, select: SelectStmt): Outputs {
  // `a UNION b UNION c` is nested to the left; here the queries are handled one after the other.
  const operations: SetOperation[] = []
  let first = select
  let inside = entered(context, first)
  for (; first.larg && first.rarg; inside = entered(inside, first)) {
    operations.push({ context: inside, select: first, right: first.rarg })
    first = first.larg
  }
  let outputs = readSimple(inside, first)
  for (const operation of operations.reverse()) outputs = withRight(outputs, operation)
  return outputs
}

interface SetOperation {
  readonly context: Context
  readonly select: SelectStmt
  readonly right: SelectStmt
}

function entered(context: Context, select: SelectStmt): Context {
  checkLocking(context, select)
  return select.withClause ? withQueries(context, select.withClause, select) : context
}

function readSimple(inside: Context, select: SelectStmt): Outputs {
  const level = newLevel(inside)
  if (select.valuesLists) return values(level, select.valuesLists)

  const locks = locking(select, inside)
  const from = (select.fromClause ?? []).map(node => addFrom(level, node, locks))
  level.starred = together(from)
  addConditions(level, select.whereClause)
  const outputs = outputsOfTargets(level, select.targetList ?? [])
  const { targetList, whereClause, groupClause, havingClause, windowClause, sortClause, distinctClause } = select
  readExpressions(level, whereClause, true)
  readExpressions(level, [targetList, havingClause, windowClause])
  // These clauses may name output columns (findTargetlistEntrySQL92).
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
  return { columns: outputs.columns, complete: outputs.complete, limited }
}

function withRight(a: Outputs, { context, select, right }: SetOperation): Outputs {
  const b = readSelect(context, right)
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

/** WITH queries run before the query itself. One that nobody names is planned but not executed, unless it writes. */
export function withQueries(context: Context, clause: WithClause, user: unknown): Context {
  const queries = new Map(context.queries)
  const named = new Set<unknown>()
  descend(user, (_, value) => {
    if ('relname' in value) named.add(value.relname)
    return true
  })
  for (const node of clause.ctes ?? []) {
    if (!('CommonTableExpr' in node)) continue
    const { ctename = '', ctequery, aliascolnames } = node.CommonTableExpr
    if (!ctequery) continue
    const names = strings(aliascolnames)
    if (clause.recursive) queries.set(ctename, renamed(recursiveColumns({ ...context, queries }, ctequery), names))
    const used = named.has(ctename) || !('SelectStmt' in ctequery)
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

/**
 * Goes through expressions: remembers the columns they use, runs the queries and calls the functions in them. `where`
 * says that it is a condition, so that EXISTS and IN in it become joins (pull_up_sublinks in prepjointree.c); `names`
 * are names that need not be columns.
 */
export function readExpressions(
  level: Level,
  node: unknown,
  where = false,
  names: ReadonlySet<string> = noNames,
): void {
  if (typeof node !== 'object' || node === null) return
  const waiting: Part[] = [{ key: '', value: node, where }]
  for (let part = waiting.pop(); part; part = waiting.pop()) {
    const { key, value } = part
    if (key === 'ColumnRef') useColumn(level, { ColumnRef: value }, names)
    else if (key === 'SubLink') readSubLink(level, value, part.where, names)
    else {
      if (key === 'FuncCall' && level.context.depth === 'execute') callFunction(level.context, value)
      const stays = part.where && (key === '' || key === 'BoolExpr' || key === 'args')
      const fields = Array.isArray(value) ? null : Object.keys(value)
      const below: readonly unknown[] = Array.isArray(value) ? value : Object.values(value)
      // A tree consists mostly of numbers and texts. Scripts that fill tables have millions of them, and an object for each would
      // cost more than everything else.
      for (let i = below.length - 1; i >= 0; i--) {
        const each = below[i]
        if (typeof each === 'object' && each !== null)
          waiting.push({ key: fields?.[i] ?? '', value: each, where: stays })
      }
    }
  }
}

interface Part {
  readonly key: string
  readonly value: object
  readonly where: boolean
}

function readSubLink(
  level: Level,
  { subselect, testexpr, subLinkType }: SubLink,
  where: boolean,
  names: ReadonlySet<string>,
): void {
  readExpressions(level, testexpr, false, names)
  const joined = where && (subLinkType === 'EXISTS_SUBLINK' || subLinkType === 'ANY_SUBLINK')
  if (!subselect) return
  const existence = subLinkType === 'EXISTS_SUBLINK' && !joined
  const query = existence ? limited(subselect) : subselect
  readQuery({ ...level.context, outer: level, rowLocks: false, joined }, query)
}

// EXISTS stops at the first row.
function limited(query: Node): Node {
  if (!('SelectStmt' in query) || query.SelectStmt.limitCount) return query
  return { SelectStmt: { ...query.SelectStmt, limitCount: { A_Const: { ival: { ival: 1 } } } } }
}

function useColumn(level: Level, node: Node, names: ReadonlySet<string>): void {
  const { uses } = level.context
  const found = resolve(level, node)
  if (found) append(uses, found.column.uses)
  if (found || !('ColumnRef' in node)) return
  const fields = node.ColumnRef.fields ?? []
  const last = fields.at(-1)
  if (last && nodeKind(last) === 'A_Star') {
    for (const { columns } of starred(level, fields.slice(0, -1))) for (const { uses: of } of columns) append(uses, of)
  } else requireColumn(level, strings(fields), names)
}

/** Fails with 42703 for a column that certainly does not exist. */
function requireColumn(level: Level, names: readonly string[], outputs: ReadonlySet<string>): void {
  const { backend, strict } = level.context
  const name = names.at(-1) ?? ''
  const qualifier = names.at(-2)
  // `t.f` can mean f(t), and `t` the whole row.
  if (systemColumns.has(name) || outputs.has(name) || isRoutine(backend, name) || names.some(isPlaceholder)) return
  if (qualifier === undefined) {
    if (!strict) return
    for (let at: Level | null = level; at; at = at.context.outer) {
      const { all, byAlias } = namesOf(at.sources)
      if (all.open.length > 0 || byAlias.has(name)) return
    }
    backend.fail('42703', `column "${name}" does not exist`)
  }
  const source = qualifier === undefined ? undefined : namesOf(level.sources).byAlias.get(qualifier)?.sources[0]
  if (strict && qualifier !== undefined && names.length === 2 && !isAlias(level, qualifier)) {
    backend.fail('42P01', `missing FROM-clause entry for table "${qualifier}"`)
  }
  if (names.length === 2 && source?.relation && source.complete) {
    backend.fail('42703', `column ${qualifier}.${name} does not exist`)
  }
}

function isAlias(level: Level, name: string): boolean {
  for (let at: Level | null = level; at; at = at.context.outer) {
    // A join can have an alias of its own, which this model does not store.
    const { byAlias } = namesOf(at.sources)
    if (byAlias.has(name) || byAlias.has('')) return true
  }
  return false
}

function isRoutine(backend: Backend, name: string): boolean {
  return backend.catalog.mentioned.has(`routine:${name}`)
}
