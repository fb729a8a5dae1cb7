import type { Node, RangeVar, WithClause } from '@pgsql/types'

type Fields = Record<string, unknown>

/** Visits every parse node below (and including) `node`, parents first: its kind (`FuncCall`) and its fields. */
export function walk(node: unknown, visit: (kind: string, node: Fields) => void): void {
  if (Array.isArray(node)) {
    for (const item of node) walk(item, visit)
  } else if (typeof node === 'object' && node !== null) {
    for (const [key, value] of Object.entries(node)) {
      // Kinds of nodes are capitalised, fields of nodes are not.
      if (isKind(key) && isFields(value)) visit(key, value)
      walk(value, visit)
    }
  }
}

function isKind(key: string): boolean {
  const first = key.charCodeAt(0)
  return first >= 65 && first <= 90
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Names of the columns that an expression uses (the last part of each), each once, in order. */
export function columnsOf(expression: Node): string[] {
  const names = new Set<string>()
  walk(expression, (kind, node) => {
    const name = kind === 'ColumnRef' ? lastField(node) : null
    if (name !== null) names.add(name)
  })
  return [...names]
}

function lastField(columnRef: Fields): string | null {
  const last = (columnRef.fields as Node[] | undefined)?.at(-1)
  return last && 'String' in last ? (last.String.sval ?? '') : null
}

/** The same expression with one column renamed. */
export function renameColumnIn(expression: Node, from: string, to: string): Node {
  return renamed(expression, from, to) as Node
}

function renamed(value: unknown, from: string, to: string): unknown {
  if (Array.isArray(value)) return value.map(item => renamed(item, from, to))
  if (!isFields(value)) return value
  const column = value.ColumnRef
  if (isFields(column) && lastField(column) === from) {
    const fields = [...(column.fields as Node[]).slice(0, -1), { String: { sval: to } }]
    return { ColumnRef: { ...column, fields } }
  }
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, renamed(part, from, to)]))
}

/** The tables that a query (or any other node) names, in order, without the names of its own WITH queries. */
export function relationsIn(node: unknown): RangeVar[] {
  const found: RangeVar[] = []
  gather(node, new Set(), found)
  return found
}

// A name is that of a WITH query only inside the statement that has the WITH, and only unqualified.
function gather(node: unknown, queries: ReadonlySet<string>, found: RangeVar[]): void {
  if (Array.isArray(node)) {
    for (const item of node) gather(item, queries, found)
  } else if (isFields(node)) {
    const { withClause, ...rest } = node
    const inside = withClause ? gatherWith(withClause as WithClause, queries, found) : queries
    for (const [key, value] of Object.entries(rest)) {
      // What INTO names is made by the statement, not used by it.
      if (key === 'into' || key === 'intoClause') continue
      if (!isRangeVar(key, value)) gather(value, inside, found)
      else if (value.schemaname || !inside.has(value.relname ?? '')) found.push(value)
    }
  }
}

// Without RECURSIVE a query of the list sees only those before it: WITH t AS (SELECT * FROM t) reads the table.
function gatherWith(clause: WithClause, queries: ReadonlySet<string>, found: RangeVar[]): ReadonlySet<string> {
  const list = (clause.ctes ?? []).flatMap(node => ('CommonTableExpr' in node ? [node.CommonTableExpr] : []))
  const inside = new Set(queries)
  if (clause.recursive) for (const query of list) inside.add(query.ctename ?? '')
  for (const query of list) {
    gather(query.ctequery, new Set(inside), found)
    inside.add(query.ctename ?? '')
  }
  return inside
}

/** Most table references are wrapped (`RangeVar`), but `relation` of INSERT, UPDATE, DELETE and MERGE is not. */
function isRangeVar(key: string, value: unknown): value is RangeVar {
  return isFields(value) && (key === 'RangeVar' || 'relpersistence' in value) && 'relname' in value
}

/** True for `true`, `1 = 1` and the like: a WHERE that leaves nothing out. */
export function isAlwaysTrue(expression: Node): boolean {
  if ('A_Const' in expression) return expression.A_Const.boolval?.boolval === true
  if ('TypeCast' in expression && expression.TypeCast.arg) return isAlwaysTrue(expression.TypeCast.arg)
  if ('BoolExpr' in expression) {
    const args = expression.BoolExpr.args ?? []
    if (expression.BoolExpr.boolop === 'AND_EXPR') return args.every(isAlwaysTrue)
    return expression.BoolExpr.boolop === 'OR_EXPR' && args.some(isAlwaysTrue)
  }
  if ('A_Expr' in expression && expression.A_Expr.kind === 'AEXPR_OP') {
    const { name, lexpr, rexpr } = expression.A_Expr
    const operator = name?.[0] && 'String' in name[0] ? name[0].String.sval : undefined
    return operator === '=' && constant(lexpr) !== null && constant(lexpr) === constant(rexpr)
  }
  return false
}

/** A literal's value as text that tells literals apart; null for NULL and for everything that is not a literal. */
function constant(node: Node | undefined): string | null {
  if (!node || !('A_Const' in node) || node.A_Const.isnull) return null
  const { location: _, ...value } = node.A_Const
  return JSON.stringify(value)
}

/** The parse nodes directly below a value (lists and plain fields are looked through). */
export function childrenOf(value: unknown): Node[] {
  if (Array.isArray(value)) return value.flatMap(childrenOf)
  if (!isFields(value)) return []
  const kinds = Object.keys(value)
  if (kinds.length === 1 && isKind(kinds[0] ?? '')) return [value as unknown as Node]
  return Object.values(value).flatMap(childrenOf)
}

/** The single key of a node wrapper: `{ColumnRef: …}` → `ColumnRef`. */
export function nodeKind(node: Node): string {
  return Object.keys(node)[0] ?? ''
}
