import type { Node, RangeVar, WithClause } from '@pgsql/types'
import { copied, descend, type Recursion, resultOf } from '../../parse/stackless.ts'

type Fields = Record<string, unknown>

/** Visits every parse node below (and including) `node`, parents first: its kind (`FuncCall`) and its fields. */
export function walk(node: unknown, visit: (kind: string, node: Fields) => void): void {
  descend(node, (key, value) => {
    // Kinds of nodes are capitalised, fields of nodes are not.
    if (isKind(key) && isFields(value)) visit(key, value)
    return true
  })
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
  return copied(expression, ({ ColumnRef: column }) => {
    if (!isFields(column) || lastField(column) !== from) return null
    const fields = [...(column.fields as Node[]).slice(0, -1), { String: { sval: to } }]
    return { ColumnRef: { ...column, fields } }
  }) as Node
}

/** The tables that a query (or any other node) names, in order, without the names of its own WITH queries. */
export function relationsIn(node: unknown): RangeVar[] {
  const found: RangeVar[] = []
  // A name means a WITH query only inside the statement that has the WITH, and only if it is unqualified.
  const waiting: Part[] = [{ key: '', value: node, queries: new Set() }]
  for (let part = waiting.pop(); part; part = waiting.pop()) {
    const { key, value, queries } = part
    // The statement creates the relation that INTO names; it does not use it.
    if (key === 'into' || key === 'intoClause') continue
    if (isRangeVar(key, value)) {
      if (value.schemaname || !queries.has(value.relname ?? '')) found.push(value)
    } else for (const each of partsOf(value, queries).reverse()) waiting.push(each)
  }
  return found
}

/** A part of a tree, and the WITH queries that it can name. */
interface Part {
  readonly key: string
  readonly value: unknown
  readonly queries: ReadonlySet<string>
}

function partsOf(value: unknown, queries: ReadonlySet<string>): Part[] {
  if (Array.isArray(value)) return value.map(item => ({ key: '', value: item, queries }))
  if (!isFields(value)) return []
  const { withClause } = value
  const [parts, inside] = withClause ? withParts(withClause as WithClause, queries) : [[], queries]
  const all = [...parts]
  for (const key in value) {
    const field = value[key]
    if (key !== 'withClause' && typeof field === 'object' && field !== null)
      all.push({ key, value: field, queries: inside })
  }
  return all
}

// Without RECURSIVE, a WITH query sees only those before it: WITH t AS (SELECT * FROM t) reads the table.
function withParts(clause: WithClause, queries: ReadonlySet<string>): [Part[], ReadonlySet<string>] {
  const list = (clause.ctes ?? []).flatMap(node => ('CommonTableExpr' in node ? [node.CommonTableExpr] : []))
  const inside = new Set(queries)
  if (clause.recursive) for (const query of list) inside.add(query.ctename ?? '')
  const parts = list.map(({ ctename = '', ctequery }) => {
    const part = { key: '', value: ctequery, queries: new Set(inside) }
    inside.add(ctename)
    return part
  })
  return [parts, inside]
}

/** Most table references are wrapped (`RangeVar`), but `relation` of INSERT, UPDATE, DELETE and MERGE is not. */
function isRangeVar(key: string, value: unknown): value is RangeVar {
  return isFields(value) && (key === 'RangeVar' || 'relpersistence' in value) && 'relname' in value
}

/** True for `true`, `1 = 1` and the like: a WHERE that excludes nothing. */
export function isAlwaysTrue(expression: Node): boolean {
  return resultOf(alwaysTrue(expression))
}

function* alwaysTrue(expression: Node): Recursion<boolean> {
  if ('A_Const' in expression) return expression.A_Const.boolval?.boolval === true
  if ('TypeCast' in expression && expression.TypeCast.arg) return (yield alwaysTrue(expression.TypeCast.arg)) as boolean
  if ('BoolExpr' in expression) {
    const { boolop, args = [] } = expression.BoolExpr
    if (boolop === 'NOT_EXPR') return false
    const decides = boolop === 'OR_EXPR'
    for (const arg of args) if (((yield alwaysTrue(arg)) as boolean) === decides) return decides
    return !decides
  }
  if ('A_Expr' in expression && expression.A_Expr.kind === 'AEXPR_OP') {
    const { name, lexpr, rexpr } = expression.A_Expr
    const operator = name?.[0] && 'String' in name[0] ? name[0].String.sval : undefined
    return operator === '=' && constant(lexpr) !== null && constant(lexpr) === constant(rexpr)
  }
  return false
}

/** The expression below all casts. */
export function withoutCasts(node: Node): Node {
  let inner = node
  while ('TypeCast' in inner && inner.TypeCast.arg) inner = inner.TypeCast.arg
  return inner
}

/**
 * A literal's value as text, different for different literals; null for NULL and for everything that is not a literal.
 */
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
