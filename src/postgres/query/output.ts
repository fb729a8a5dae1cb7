import type { Node, ResTarget } from '@pgsql/types'
import { append } from '../../parse/list.ts'
import { type Recursion, resultOf } from '../../parse/stackless.ts'
import type { Backend } from '../backend.ts'
import type { ColumnUse } from '../catalog/catalog.ts'
import type { ColumnType } from '../catalog/column.ts'
import { qualifiedName, strings } from '../catalog/name.ts'
import { nodeKind } from '../expression/expression.ts'
import { typeOfNode } from '../expression/type-of.ts'
import type { Collation } from './collation.ts'
import { collationOf } from './derived-collation.ts'
import type { Level, Output, Outputs } from './level.ts'
import { resolve, starred } from './resolve.ts'

/** Columns that a target list puts out, `*` expanded. Source: transformTargetList in parse_target.c. */
export function outputsOfTargets(level: Level, targets: readonly Node[]): Outputs {
  const columns: Output[] = []
  let complete = true
  for (const target of targets) {
    if (!('ResTarget' in target) || !target.ResTarget.val) continue
    const value = target.ResTarget.val
    const star = starFields(value)
    if (star) {
      const merged = star.length === 0 ? level.starred : null
      const sources = merged ? [merged] : starred(level, star)
      complete &&= sources.length > 0 && sources.every(source => source.complete)
      append(
        columns,
        sources.flatMap(source => source.columns),
      )
    } else columns.push(outputOf(level, target.ResTarget, value))
  }
  return { columns, complete }
}

function outputOf(level: Level, target: ResTarget, value: Node): Output {
  const found = resolve(level, value)
  const collated = collationOf(level, value)
  return {
    name: target.name ?? columnName(value, level.context.backend),
    type: typeOfExpression(level, value),
    collation: found?.column.collation ?? (collated && isOther(collated) ? collated.name : null),
    collated,
    uses: found?.column.uses ?? usesIn(level, value),
    ...(!target.name && isUnnamed(value, level.context.backend) ? { isUnnamed: true } : {}),
  }
}

/** What a column of its own would have to name. */
function isOther({ strength, name }: Collation): boolean {
  return (strength === 'implicit' || strength === 'explicit') && name !== 'default'
}

/** Constants, operators and conditions have no name. PostgreSQL may find names for expressions unknown here. */
function isUnnamed(value: Node, backend: Backend): boolean {
  return unnamed.has(nodeKind(value)) && columnName(value, backend) === '?column?'
}

const unnamed: ReadonlySet<string> = new Set(['A_Const', 'A_Expr', 'BoolExpr', 'NullTest', 'BooleanTest'])

function usesIn(level: Level, node: Node): readonly ColumnUse[] {
  return resolve(level, node)?.column.uses ?? []
}

function starFields(value: Node): readonly Node[] | null {
  if (!('ColumnRef' in value)) return null
  const fields = value.ColumnRef.fields ?? []
  const last = fields.at(-1)
  return last && 'A_Star' in last ? fields.slice(0, -1) : null
}

/** The name PostgreSQL gives to a column without AS. Source: FigureColnameInternal in parse_target.c. */
function columnName(node: Node, backend: Backend): string {
  // Up to 14, true and false were casts to bool.
  if ('A_Const' in node && node.A_Const.boolval && !backend.since(15)) return 'bool'
  return resultOf(figure(node)) ?? '?column?'
}

function* figure(node: Node): Recursion<string | null> {
  const inner = function* (arg: Node | undefined): Recursion<string | null> {
    return arg ? ((yield figure(arg)) as string | null) : null
  }
  if ('ColumnRef' in node) return strings(node.ColumnRef.fields).at(-1) ?? null
  if ('FuncCall' in node) return strings(node.FuncCall.funcname).at(-1) ?? null
  if ('TypeCast' in node) {
    const { arg, typeName } = node.TypeCast
    return ((yield inner(arg)) as string | null) ?? qualifiedName(typeName?.names).name
  }
  if ('CollateClause' in node) return (yield inner(node.CollateClause.arg)) as string | null
  if ('A_Indirection' in node) {
    const { indirection, arg } = node.A_Indirection
    return strings(indirection).at(-1) ?? ((yield inner(arg)) as string | null)
  }
  if ('SubLink' in node) {
    if (node.SubLink.subLinkType === 'EXISTS_SUBLINK') return 'exists'
    if (node.SubLink.subLinkType === 'ARRAY_SUBLINK') return 'array'
    const select = node.SubLink.subselect
    const first = select && 'SelectStmt' in select ? select.SelectStmt.targetList?.[0] : undefined
    if (node.SubLink.subLinkType !== 'EXPR_SUBLINK' || !first || !('ResTarget' in first)) return null
    return first.ResTarget.name ?? ((yield inner(first.ResTarget.val)) as string | null)
  }
  if ('CaseExpr' in node) return ((yield inner(node.CaseExpr.defresult)) as string | null) ?? 'case'
  if ('CoalesceExpr' in node) return 'coalesce'
  if ('MinMaxExpr' in node) return node.MinMaxExpr.op === 'IS_LEAST' ? 'least' : 'greatest'
  if ('A_ArrayExpr' in node) return 'array'
  if ('RowExpr' in node) return 'row'
  if ('A_Expr' in node && node.A_Expr.kind === 'AEXPR_NULLIF') return 'nullif'
  if ('GroupingFunc' in node) return 'grouping'
  if ('SQLValueFunction' in node) return (node.SQLValueFunction.op ?? '').replace(/^SVFOP_|_N$/g, '').toLowerCase()
  return null
}

/** The type of an expression if it is known without PostgreSQL's operator and function tables; otherwise null. */
export function typeOfExpression(level: Level, node: Node): ColumnType | null {
  return typeOfNode(level.context.backend, node, column => resolve(level, column)?.column.type ?? null)
}
