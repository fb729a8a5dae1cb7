import type { A_Expr, Node } from '@pgsql/types'
import { serialised } from '../../parse/stackless.ts'
import type { Backend } from '../backend.ts'
import type { Table } from '../catalog/catalog.ts'
import type { Column } from '../catalog/column.ts'
import { strings } from '../catalog/name.ts'
import { hasKnownType } from '../catalog/relation.ts'
import { booleanConstant, type Constant, constantOf, elementsOf } from './constant.ts'

export type Comparison = '<' | '<=' | '=' | '>=' | '>' | '<>'

/** A condition in the shape predtest.c reasons about: NOT pushed down to the leaves, leaves about one key each. */
export type Predicate =
  | { readonly kind: 'and'; readonly parts: readonly Predicate[] }
  | { readonly kind: 'or'; readonly parts: readonly Predicate[] }
  | { readonly kind: 'compare'; readonly key: string; readonly comparison: Comparison; readonly value: Constant }
  | { readonly kind: 'null'; readonly key: string; readonly isNull: boolean }
  /** Anything else: it implies only itself. */
  | { readonly kind: 'other'; readonly text: string }

export function and(parts: readonly Predicate[]): Predicate {
  return parts.length === 1 && parts[0] ? parts[0] : { kind: 'and', parts }
}

export function or(parts: readonly Predicate[]): Predicate {
  return parts.length === 1 && parts[0] ? parts[0] : { kind: 'or', parts }
}

/** The name of a column or key expression in a predicate. */
export function keyOf(node: Node): string {
  return 'ColumnRef' in node ? (strings(node.ColumnRef.fields).at(-1) ?? '') : canonical(node)
}

/** A node without its places in the text. */
function canonical(node: unknown): string {
  return serialised(node, name => name === 'location' || name.endsWith('_start') || name.endsWith('_end'))
}

const negations: Readonly<Record<Comparison, Comparison>> = {
  '<': '>=',
  '<=': '>',
  '=': '<>',
  '>=': '<',
  '>': '<=',
  '<>': '=',
}

const mirrored: Readonly<Record<Comparison, Comparison>> = {
  '<': '>',
  '<=': '>=',
  '=': '=',
  '>=': '<=',
  '>': '<',
  '<>': '<>',
}

export function not(predicate: Predicate): Predicate {
  switch (predicate.kind) {
    case 'and':
      return or(predicate.parts.map(not))
    case 'or':
      return and(predicate.parts.map(not))
    case 'compare':
      return twoValued({ ...predicate, comparison: negations[predicate.comparison] })
    case 'null':
      return { ...predicate, isNull: !predicate.isNull }
    case 'other':
      return { kind: 'other', text: `not ${predicate.text}` }
  }
}

/** `a <> true` is `a = false`. */
function twoValued(predicate: Extract<Predicate, { kind: 'compare' }>): Predicate {
  if (predicate.value.kind !== 'boolean' || predicate.comparison !== '<>') return predicate
  return { ...predicate, comparison: '=', value: booleanConstant(predicate.value.value === 0n) }
}

/** Longer lists are not examined (MAX_SAOP_ARRAY_SIZE, predtest.c). */
const longestList = 100

/** More deeply nested predicates are not examined. Nobody writes them, and comparing them part by part would take too long. */
const deepest = 100

/** Reads a condition on the rows of a table. */
export function predicateOf(backend: Backend, table: Table, node: Node, depth = 0): Predicate {
  const read = (part: Node): Predicate => predicateOf(backend, table, part, depth + 1)
  const other = (): Predicate => ({ kind: 'other', text: canonical(node) })
  if (depth > deepest) return other()
  if ('BoolExpr' in node) {
    const { boolop, args = [] } = node.BoolExpr
    const parts = args.map(read)
    if (boolop === 'NOT_EXPR') return parts[0] ? not(parts[0]) : other()
    return boolop === 'AND_EXPR' ? and(flat('and', parts)) : or(flat('or', parts))
  }
  if ('NullTest' in node && node.NullTest.arg) {
    return { kind: 'null', key: keyOf(node.NullTest.arg), isNull: node.NullTest.nulltesttype === 'IS_NULL' }
  }
  if ('A_Expr' in node) return operation(backend, table, node.A_Expr, other)
  // A column of type boolean by itself.
  return comparison(backend, table, node, '=', { A_Const: { boolval: { boolval: true } } }) ?? other()
}

function operation(
  backend: Backend,
  table: Table,
  { kind, name, lexpr, rexpr }: A_Expr,
  other: () => Predicate,
): Predicate {
  const written = strings(name).at(-1) ?? ''
  const operator = written === '!=' ? '<>' : written
  const compared = (sign: Comparison, right: Node | undefined): Predicate =>
    comparison(backend, table, lexpr, sign, right) ?? other()
  const list = rexpr && 'List' in rexpr ? (rexpr.List.items ?? []) : []
  switch (kind) {
    case 'AEXPR_OP':
      if (!isComparison(operator)) return other()
      return (
        comparison(backend, table, lexpr, operator, rexpr) ??
        comparison(backend, table, rexpr, mirrored[operator], lexpr) ??
        other()
      )
    case 'AEXPR_IN':
      if (list.length > longestList) return other()
      return operator === '=' ? or(list.map(item => compared('=', item))) : and(list.map(item => compared('<>', item)))
    case 'AEXPR_OP_ANY':
    case 'AEXPR_OP_ALL': {
      const elements = rexpr ? elementsOf(rexpr) : null
      if (!isComparison(operator) || !elements || elements.length === 0 || elements.length > longestList) return other()
      return (kind === 'AEXPR_OP_ANY' ? or : and)(elements.map(item => compared(operator, item)))
    }
    case 'AEXPR_BETWEEN':
      return and([compared('>=', list[0]), compared('<=', list[1])])
    case 'AEXPR_NOT_BETWEEN':
      return or([compared('<', list[0]), compared('>', list[1])])
    default:
      return other()
  }
}

/** `left sign right` where left is a column and right a constant of its type; null for anything else. */
function comparison(
  backend: Backend,
  table: Table,
  left: Node | undefined,
  sign: Comparison,
  right: Node | undefined,
): Predicate | null {
  const column = left && columnOf(table, left)
  const value = column && right ? constantOf(backend, right, column.type) : null
  if (!column || !value) return null
  return twoValued({ kind: 'compare', key: column.name, comparison: sign, value })
}

/** A known column, also under a cast between text and varchar, which does nothing. */
function columnOf(table: Table, node: Node): Column | undefined {
  const isString = (name: string | undefined): boolean => name === 'text' || name === 'varchar'
  let inner = node
  while ('TypeCast' in inner) {
    const { arg, typeName } = inner.TypeCast
    if (!arg || typeName?.typmods || !isString(strings(typeName?.names).at(-1))) return undefined
    inner = arg
  }
  if (!('ColumnRef' in inner)) return undefined
  const name = keyOf(inner)
  const column = table.columns.find(each => hasKnownType(each) && each.name === name)
  return inner === node || isString(column?.type.name) ? column : undefined
}

function flat(kind: 'and' | 'or', parts: readonly Predicate[]): Predicate[] {
  return parts.flatMap(part => (part.kind === kind ? part.parts : [part]))
}

function isComparison(operator: string): operator is Comparison {
  return Object.hasOwn(negations, operator)
}
