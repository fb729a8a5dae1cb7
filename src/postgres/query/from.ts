import type { JoinExpr, Node, RangeFunction, RangeVar, SelectStmt } from '@pgsql/types'
import { append } from '../../parse/list.ts'
import { rangeVarName, strings } from '../catalog/name.ts'
import { isIndex } from '../catalog/relation.ts'
import { common } from '../expression/type-of.ts'
import type { LockMode } from '../lock.ts'
import { systemRelations } from '../type/builtin.generated.ts'
import { resolveType } from '../type/type.ts'
import { hasAggregate } from './extent.ts'
import { addConditions, type Context, type Level, type Output, type Outputs, type Source } from './level.ts'
import { namesOf } from './names.ts'
import { readExpressions, readQuery } from './read.ts'
import { outputsByName, outputsOf } from './resolve.ts'

export const unknownOutputs: Outputs = { columns: [], complete: false }

/** FOR UPDATE and the like need rows of tables. Source: CheckSelectLocking in analyze.c. */
export function checkLocking({ backend }: Context, select: SelectStmt): void {
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

/** The FROM entries that FOR UPDATE and the like lock: all, or those that OF names. */
export type Locking = (alias: string) => boolean

export function locking(select: SelectStmt, context: Context): Locking {
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

export function together(parts: readonly Outputs[]): Outputs {
  return { columns: parts.flatMap(part => part.columns), complete: parts.every(part => part.complete) }
}

/** `a JOIN b … JOIN c …` is nested to the left; here the joins are handled one after the other. */
function addJoin(level: Level, outermost: JoinExpr, locks: Locking): Outputs {
  const joins = [outermost]
  let first = outermost.larg
  for (; first && 'JoinExpr' in first; first = first.JoinExpr.larg) joins.push(first.JoinExpr)
  let outputs = first ? addFrom(level, first, locks) : unknownOutputs
  for (const join of joins.reverse()) outputs = addRight(level, outputs, join, locks)
  return outputs
}

function addRight(level: Level, left: Outputs, join: JoinExpr, locks: Locking): Outputs {
  const right = join.rarg ? addFrom(level, join.rarg, locks) : unknownOutputs
  addConditions(level, join.quals)
  readExpressions(level, join.quals, true)
  const complete = left.complete && right.complete
  const merged = join.isNatural ? inBoth(left, right) : strings(join.usingClause)
  for (const column of merged) addUsing(level, column)
  if (merged.length === 0) return { columns: left.columns.concat(right.columns), complete }
  // The merged columns come first, and once (transformFromClauseItem).
  const [chosen, other] = join.jointype === 'JOIN_RIGHT' ? [right, left] : [left, right]
  const first = merged.flatMap(name => mergedColumn(name, chosen, other) ?? [])
  const names = new Set(merged)
  const rest = (outputs: Outputs) => outputs.columns.filter(column => !names.has(column.name))
  return { columns: [...first, ...rest(left), ...rest(right)], complete }
}

/** If the two types differ, PostgreSQL casts to one of them, or to the base type of a domain (buildMergedJoinVar). */
function mergedColumn(name: string, chosen: Outputs, other: Outputs): Output | undefined {
  const own = outputsByName.find(chosen.columns, name)
  const type = outputsByName.find(other.columns, name)?.type ?? null
  // Of different collations, that of one side may count or neither.
  return own && { ...own, type: common([own.type, type]), collated: null }
}

/** The names of the columns that both sides have. */
function inBoth(left: Outputs, right: Outputs): string[] {
  const names = new Set(right.columns.map(column => column.name))
  return left.columns.map(column => column.name).filter(name => names.has(name))
}

// USING (c) compares c of both sides.
function addUsing(level: Level, column: string): void {
  const [left, right] = (namesOf(level.sources).all.columns.get(column) ?? []).map(({ source }) => source)
  if (!left || !right) return
  for (const { columns } of [left, right]) {
    append(
      level.context.uses,
      columns.filter(output => output.name === column).flatMap(output => output.uses),
    )
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
  const { columns, complete, limited = false } = outputs
  return { columns, complete, limited, alias, relation: null, lock: 'AccessShareLock', inherits: false }
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
  // A relation that is only known from a write is not one that the migrations created.
  const isMade = known !== undefined && known !== 'dropped' && known.complete
  if (query || (isSystemName(name) && !isMade)) {
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
  const { columns, complete } = renamed(outputsOf(relation), strings(node.alias?.colnames))
  const source: Source = { columns, complete, alias, relation, lock, inherits: node.inh === true }
  level.context.uses.push({ relation: relation.oid, column: null })
  level.sources.push(source)
  return source
}

function isSystemName(name: { schema: string | null; name: string }): boolean {
  if (name.schema === null) return systemRelations.has(name.name)
  return name.schema === 'information_schema' || name.schema.startsWith('pg_')
}

/** The columns with the names that an alias or WITH gives them, from the first on. */
export function renamed(outputs: Outputs, names: readonly string[]): Outputs {
  if (names.length === 0) return outputs
  const columns = outputs.columns.map((column, i) => ({ ...column, name: names[i] ?? column.name }))
  return { ...outputs, columns }
}
