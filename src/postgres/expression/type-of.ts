import type { ColumnRef, Node } from '@pgsql/types'
import { type Recursion, resultOf } from '../../parse/stackless.ts'
import type { Backend } from '../backend.ts'
import type { Table } from '../catalog/catalog.ts'
import type { ColumnType } from '../catalog/column.ts'
import { qualifiedName, strings } from '../catalog/name.ts'
import { returnTypes, types } from '../type/builtin.generated.ts'
import { resolveType } from '../type/type.ts'

/** The type that comes out of an expression. */

const builtin = (name: string): ColumnType => ({ schema: 'pg_catalog', name, modifiers: null, array: false })

/** Functions whose overloads return different types (lower of a range is a bound), for arguments that are text. */
const ofText: ReadonlyMap<string, string> = new Map([
  ['lower', 'text'],
  ['upper', 'text'],
  ['string_agg', 'text'],
  ['length', 'int4'],
])

const sums: ReadonlyMap<string, string> = new Map([
  ['int2', 'int8'],
  ['int4', 'int8'],
  ['int8', 'numeric'],
  ['numeric', 'numeric'],
  ['float4', 'float4'],
  ['float8', 'float8'],
  ['interval', 'interval'],
])

/** The type of a column that an expression names; null: it is not known. */
export type TypeOfColumn = (node: { readonly ColumnRef: ColumnRef }) => ColumnType | null

/** The columns of one table, whose expressions name no other. */
export function columnsOfTable(backend: Backend, table: Table): TypeOfColumn {
  return ({ ColumnRef: { fields } }) => backend.column(table, qualifiedName(fields).name)?.type ?? null
}

/**
 * The type of an expression if it is known without PostgreSQL's operator and function tables; otherwise null. `column` gives the type of
 * a name in it.
 */
export function typeOfNode(backend: Backend, node: Node, column: TypeOfColumn): ColumnType | null {
  return resultOf(typeOf({ backend, column }, node))
}

interface Names {
  readonly backend: Backend
  readonly column: TypeOfColumn
}

function* typeOf(names: Names, node: Node): Recursion<ColumnType | null> {
  if ('ColumnRef' in node) return names.column(node)
  if ('TypeCast' in node) return node.TypeCast.typeName ? resolveType(names.backend, node.TypeCast.typeName) : null
  if ('CollateClause' in node)
    return node.CollateClause.arg ? ((yield typeOf(names, node.CollateClause.arg)) as ColumnType | null) : null
  if ('A_Const' in node) {
    if (node.A_Const.ival) return builtin('int4')
    if (node.A_Const.boolval) return builtin('bool')
    if (node.A_Const.fval) return builtin(/[.e]/i.test(node.A_Const.fval.fval ?? '') ? 'numeric' : 'int8')
    // A literal without a type becomes text in a target list (resolveTargetListUnknowns).
    return node.A_Const.sval ? builtin('text') : null
  }
  if ('BoolExpr' in node || 'NullTest' in node || 'BooleanTest' in node) return builtin('bool')
  if ('SubLink' in node && node.SubLink.subLinkType === 'EXISTS_SUBLINK') return builtin('bool')
  if ('CoalesceExpr' in node) {
    const all: (ColumnType | null)[] = []
    for (const arg of node.CoalesceExpr.args ?? []) all.push((yield typeOf(names, arg)) as ColumnType | null)
    return common(all)
  }
  if ('FuncCall' in node) {
    const name = strings(node.FuncCall.funcname).at(-1) ?? ''
    const [first] = node.FuncCall.args ?? []
    const type = first ? ((yield typeOf(names, first)) as ColumnType | null) : null
    const fixed = returnTypes.get(name) ?? (type && isText(type) ? ofText.get(name) : undefined)
    if (fixed && types.get(fixed)?.kind === 'base') return builtin(fixed)
    if (name === 'sum' && type) return sums.has(type.name) && !type.array ? builtin(sums.get(type.name) ?? '') : null
    return (name === 'min' || name === 'max') && type ? { ...type, modifiers: null } : null
  }
  if ('A_Expr' in node && node.A_Expr.kind === 'AEXPR_OP') {
    const operator = strings(node.A_Expr.name).at(-1) ?? ''
    if (['=', '<>', '!=', '<', '>', '<=', '>=', '~', '~*', '@>', '<@', '&&', '?'].includes(operator))
      return builtin('bool')
    const { lexpr, rexpr } = node.A_Expr
    if (!lexpr || !rexpr) return null
    const left = (yield typeOf(names, lexpr)) as ColumnType | null
    const right = (yield typeOf(names, rexpr)) as ColumnType | null
    return left && right ? ofOperator(operator, left, right) : null
  }
  return 'A_Expr' in node && node.A_Expr.kind !== 'AEXPR_NULLIF' ? builtin('bool') : null
}

function isText(type: ColumnType): boolean {
  return !type.array && type.schema === 'pg_catalog' && ['text', 'varchar', 'bpchar'].includes(type.name)
}

/** The common type, if all are the same. */
export function common(types: readonly (ColumnType | null)[]): ColumnType | null {
  const [first] = types
  if (!first) return null
  return types.every(type => type !== null && sameType(type, first)) ? first : null
}

/** True for the same type and the same modifiers, as far as both are known to be PostgreSQL's own or the same user type. */
export function sameType(a: ColumnType, b: ColumnType): boolean {
  return (
    a.name === b.name &&
    a.schema === b.schema &&
    a.array === b.array &&
    (a.modifiers ?? []).join() === (b.modifiers ?? []).join()
  )
}

const integers = ['int2', 'int4', 'int8']

/** An operator on whole numbers gives the wider type; joined texts give text. */
function ofOperator(operator: string, left: ColumnType, right: ColumnType): ColumnType | null {
  if (operator === '||') return isText(left) && isText(right) ? builtin('text') : null
  const [a, b] = [left, right].map(({ schema, name, array }) =>
    schema === 'pg_catalog' && !array ? integers.indexOf(name) : -1,
  )
  if (!['+', '-', '*', '/', '%'].includes(operator) || a === undefined || b === undefined || a < 0 || b < 0) return null
  return builtin(integers[Math.max(a, b)] ?? 'int8')
}
