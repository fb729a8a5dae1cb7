import type { A_Expr, Node } from '@pgsql/types'
import type { Index, Table } from '../catalog/catalog.ts'
import { strings } from '../catalog/name.ts'
import { isTable } from '../catalog/relation.ts'
import { walk } from '../expression/expression.ts'
import { shape } from '../statements/index/index-build.ts'
import type { Level, Source } from './level.ts'
import { resolve } from './resolve.ts'
import { partsOfRow } from './row-comparison.ts'

/** How the planner can be expected to reach the rows: a few of them through an index, all of them, or it depends. */
export type Access = 'few' | 'all' | 'depends'

/** The columns that the conditions of a query are about. */
interface Conditions {
  /**
   * The query that the conditions belong to. A tree that is read twice, as the body of a function is, has other FROM
   * entries each time.
   */
  readonly of: Level['sources']
  /** How many FROM entries and conditions there were: both lists grow while a query is read. */
  readonly sources: number
  readonly conditions: number
  readonly neverTrue: boolean
  /** The conditions on ctid. */
  readonly rowIds: readonly Node[]
  readonly about: ReadonlyMap<Source, readonly Node[]>
  few: ReadonlySet<Source> | null
}

const known = new WeakMap<readonly Node[], Conditions>()

/** Computed once: a query may join thousands of tables under thousands of conditions. */
function conditionsOf(level: Level): Conditions {
  const { sources, conditions } = level
  const before = known.get(conditions)
  const isSame = before?.of === sources && before.sources === sources.length && before.conditions === conditions.length
  if (isSame) return before
  const about = new Map<Source, Node[]>()
  for (const condition of conditions) {
    for (const source of sourcesNamed(level, condition)) {
      const own = about.get(source)
      if (own) own.push(condition)
      else about.set(source, [condition])
    }
  }
  const found = {
    of: sources,
    sources: sources.length,
    conditions: conditions.length,
    neverTrue: conditions.some(isNeverTrue),
    rowIds: conditions.filter(isOnRowId),
    about,
    few: null,
  }
  known.set(conditions, found)
  return found
}

/** The conditions about a FROM entry. */
export function conditionsAbout(level: Level, source: Source): readonly Node[] {
  return conditionsOf(level).about.get(source) ?? []
}

function sourcesNamed(level: Level, condition: Node): Set<Source> {
  const found = new Set<Source>()
  walk(condition, (kind, node) => {
    const source = kind === 'ColumnRef' ? resolve(level, { ColumnRef: node })?.source : undefined
    if (source) found.add(source)
  })
  return found
}

/**
 * The FROM entries from which few rows are needed: an index finds them by a constant, or by a row of an entry that
 * itself gives few. They are found from neighbour to neighbour, because there are far too many paths between tables
 * that are all joined with each other.
 */
function fewIn(level: Level): ReadonlySet<Source> {
  const facts = conditionsOf(level)
  if (facts.few) return facts.few
  const few = new Set<Source>()
  // Entries that are checked again because one of their neighbours turned out to give few rows.
  let open = new Set(level.sources)
  while (open.size > 0) {
    const next = new Set<Source>()
    for (const source of open) {
      const { relation } = source
      if (few.has(source) || !relation || !isTable(relation)) continue
      if (accessBeside(level, source, relation, other => few.has(other)) !== 'few') continue
      few.add(source)
      for (const condition of facts.about.get(source) ?? [])
        for (const neighbour of sourcesNamed(level, condition)) next.add(neighbour)
    }
    open = next
  }
  facts.few = few
  return few
}

const arms = new WeakMap<Node, readonly Node[][]>()

/** The arms of an OR, each as a list of conditions that must all hold. */
function armsOf(condition: Node): readonly Node[][] {
  const before = arms.get(condition)
  if (before) return before
  const args = 'BoolExpr' in condition ? (condition.BoolExpr.args ?? []) : []
  const found = args.map(arg =>
    'BoolExpr' in arg && arg.BoolExpr.boolop === 'AND_EXPR' ? (arg.BoolExpr.args ?? []) : [arg],
  )
  arms.set(condition, found)
  return found
}

/** A condition that an index on `column` can serve. */
interface Match {
  readonly column: string
  readonly how: 'equal' | 'range' | 'join'
  /** For a join: the other side. */
  readonly other: Source | null
}

/** How a query reaches the rows of one of its tables. For a partition or a view, `table` is the relation behind the source. */
export function accessOf(level: Level, source: Source, table: Table): Access {
  return accessBeside(level, source, table, other => fewIn(level).has(other))
}

/** The same when it is known which of the other FROM entries give few rows. */
function accessBeside(level: Level, source: Source, table: Table, isFew: (other: Source) => boolean): Access {
  const { neverTrue, rowIds, about } = conditionsOf(level)
  if (neverTrue) return 'few'
  if (rowIds.some(condition => isRowId(level, source, condition))) return 'few'
  const ranges = new Map<string, number>()
  let best: Access = 'all'
  for (const condition of about.get(source) ?? []) {
    const found = accessBy(level, source, table, condition, ranges, isFew)
    if (found === 'few') return 'few'
    if (found === 'depends') best = 'depends'
  }
  return best
}

function accessBy(
  level: Level,
  source: Source,
  table: Table,
  condition: Node,
  ranges: Map<string, number>,
  isFew: (other: Source) => boolean,
): Access {
  if ('BoolExpr' in condition && condition.BoolExpr.boolop === 'OR_EXPR') {
    const arms = armsOf(condition).map(conditions => accessOf({ ...level, conditions }, source, table))
    return arms.every(arm => arm === 'few') ? 'few' : arms.includes('all') ? 'all' : 'depends'
  }
  if (servedAsWritten(level, table, condition)) return 'few'
  const parts = partsOfRow(condition)
  if (parts) {
    const found = parts.map(part => accessBy(level, source, table, part, ranges, isFew))
    return found.includes('few') ? 'few' : found.includes('depends') ? 'depends' : 'all'
  }
  const match = matchOf(level, source, condition)
  if (!match) return 'all'
  if (!leads(level, table, match.column)) {
    if (table.complete) return 'all'
    return match.how === 'equal' && mayBeKey(level, table, match.column) ? 'few' : 'depends'
  }
  if (match.how === 'equal') return 'few'
  if (match.how === 'join') {
    // A nested loop is cheaper when the other side gives few rows.
    if (!match.other) return 'depends'
    return match.other.limited || isFew(match.other) ? 'few' : 'depends'
  }
  const bounds = (ranges.get(match.column) ?? 0) + (isBetween(condition) ? 2 : 1)
  ranges.set(match.column, bounds)
  return bounds > 1 ? 'few' : 'depends'
}

/** An index on exactly the expression that is compared, or an index whose predicate is the condition. */
function servedAsWritten(level: Level, table: Table, condition: Node): boolean {
  const sides = 'A_Expr' in condition ? [condition.A_Expr.lexpr, condition.A_Expr.rexpr] : []
  const shapes = sides.flatMap(side => (side && !('ColumnRef' in side) && !('A_Const' in side) ? [shape(side)] : []))
  return level.context.backend.indexesOf(table).some(({ keys, predicate, valid }) => {
    const expression = keys[0]?.expression
    if (!valid) return false
    if (predicate) return shape(predicate) === shape(condition)
    return expression ? shapes.includes(shape(expression)) : false
  })
}

/** True if an index can find rows by this column. */
function leads(level: Level, table: Table, column: string): boolean {
  return level.context.backend.indexesOf(table).some(index => isWhole(index) && index.keys[0]?.column === column)
}

function isWhole(index: Index): boolean {
  return index.valid && index.predicate === null
}

/** True when the conditions compare all columns of a unique key with constants: the number of rows cannot grow with the table. */
export function fixesUniqueKey(level: Level, source: Source, table: Table): boolean {
  if (level.conditions.some(isNeverTrue)) return true
  const fixed = new Set<string>()
  for (const condition of level.conditions.flatMap(each => partsOfRow(each) ?? [each])) {
    const match = matchOf(level, source, condition)
    if (match?.how === 'equal' || match?.other?.limited) fixed.add(match.column)
    if (isRowId(level, source, condition)) return true
  }
  const unique = level.context.backend.indexesOf(table).filter(index => index.unique && isWhole(index))
  if (unique.some(({ keys }) => keys.every(key => key.column !== null && fixed.has(key.column)))) return true
  return [...fixed].some(column => mayBeKey(level, table, column))
}

/** The primary key of a table that the migrations do not create is not known. Most often it is `id`. */
function mayBeKey(level: Level, table: Table, column: string): boolean {
  if (table.complete || column !== 'id') return false
  return !level.context.backend.indexesOf(table).some(index => index.unique && isWhole(index))
}

/** A condition on ctid, which holds the place of each row. */
function isOnRowId(condition: Node): boolean {
  const side = 'A_Expr' in condition ? condition.A_Expr.lexpr : undefined
  return side !== undefined && 'ColumnRef' in side && strings(side.ColumnRef.fields).at(-1) === 'ctid'
}

function isRowId(level: Level, source: Source, condition: Node): boolean {
  if (!isOnRowId(condition) || !('A_Expr' in condition)) return false
  const { lexpr } = condition.A_Expr
  if (!lexpr || !('ColumnRef' in lexpr)) return false
  const qualifier = strings(lexpr.ColumnRef.fields).at(-2)
  return qualifier === undefined ? level.sources[0] === source : qualifier === source.alias
}

/** The column of this source that a condition compares, and what it is compared with. */
function matchOf(level: Level, source: Source, condition: Node): Match | null {
  const bare = ownColumn(level, source, condition)
  if (bare) return { column: bare, how: 'equal', other: null }
  if ('NullTest' in condition && condition.NullTest.nulltesttype === 'IS_NULL' && condition.NullTest.arg) {
    const column = ownColumn(level, source, condition.NullTest.arg)
    return column ? { column, how: 'range', other: null } : null
  }
  if ('SubLink' in condition && condition.SubLink.subLinkType === 'ANY_SUBLINK' && condition.SubLink.testexpr) {
    const column = ownColumn(level, source, condition.SubLink.testexpr)
    const select = condition.SubLink.subselect
    const { limitCount, valuesLists } = select !== undefined && 'SelectStmt' in select ? select.SelectStmt : {}
    const limited = limitCount !== undefined || valuesLists !== undefined
    return column ? { column, how: limited ? 'equal' : 'join', other: null } : null
  }
  if (!('A_Expr' in condition)) return null
  const expression = condition.A_Expr
  const how = comparison(expression)
  if (!how) return null
  for (const [side, other] of [
    [expression.lexpr, expression.rexpr],
    [expression.rexpr, expression.lexpr],
  ]) {
    const column = side ? ownColumn(level, source, side) : null
    if (!column || !other) continue
    const against = sourcesIn(level, other)
    if (against.includes(source)) return null
    const [joined] = against
    if (joined) return how === 'equal' ? { column, how: 'join', other: joined } : null
    if (level.context.joined && usesOuter(level, other)) return { column, how: 'join', other: null }
    return { column, how, other: null }
  }
  return null
}

function comparison(expression: A_Expr): 'equal' | 'range' | null {
  const operator = strings(expression.name).at(-1)
  if (expression.kind === 'AEXPR_OP' || expression.kind === 'AEXPR_OP_ANY') {
    if (operator === '=') return 'equal'
    return operator && ['<', '>', '<=', '>='].includes(operator) ? 'range' : null
  }
  if (expression.kind === 'AEXPR_IN') return operator === '=' ? 'equal' : null
  return expression.kind === 'AEXPR_BETWEEN' ? 'range' : null
}

function isBetween(condition: Node): boolean {
  return 'A_Expr' in condition && condition.A_Expr.kind === 'AEXPR_BETWEEN'
}

function ownColumn(level: Level, source: Source, node: Node): string | null {
  const found = resolve(level, node)
  return found?.source === source ? found.column.name : null
}

function sourcesIn(level: Level, node: unknown): Source[] {
  const found: Source[] = []
  // A sub-select has its own columns: here it counts as a constant.
  if (typeof node === 'object' && node !== null && 'SubLink' in node) return found
  walk(node, (kind, fields) => {
    if (kind !== 'ColumnRef') return
    const at = resolve(level, { ColumnRef: fields })
    if (at && at.level === level) found.push(at.source)
  })
  return found
}

function usesOuter(level: Level, node: unknown): boolean {
  let found = false
  walk(node, (kind, fields) => {
    if (kind !== 'ColumnRef') return
    const at = resolve(level, { ColumnRef: fields })
    found ||= at !== null && at.level !== level
  })
  return found
}

/** `false`, NULL, `1 = 0`: a condition that the planner itself finds false. */
function isNeverTrue(condition: Node): boolean {
  if ('A_Const' in condition) {
    return (
      condition.A_Const.isnull === true ||
      (condition.A_Const.boolval !== undefined && condition.A_Const.boolval.boolval !== true)
    )
  }
  if ('A_Expr' in condition && condition.A_Expr.kind === 'AEXPR_OP' && strings(condition.A_Expr.name).at(-1) === '=') {
    const left = integer(condition.A_Expr.lexpr)
    const right = integer(condition.A_Expr.rexpr)
    return left !== null && right !== null && left !== right
  }
  return false
}

/** The value of an integer literal; the tree leaves 0 out. */
function integer(node: Node | undefined): number | null {
  const literal = node && 'A_Const' in node ? node.A_Const.ival : undefined
  return literal ? (literal.ival ?? 0) : null
}
