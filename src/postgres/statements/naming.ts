import type { IndexElem, Node } from '@pgsql/types'
import type { Backend } from '../backend.ts'
import type { Table } from '../catalog.ts'
import { nameKey, strings } from '../name.ts'

const limit = 63

/** Bytes of a name in UTF-8, which is what NAMEDATALEN counts. */
function bytes(text: string): number {
  return new TextEncoder().encode(text).length
}

function clip(text: string, size: number): string {
  let clipped = text
  while (bytes(clipped) > size) clipped = clipped.slice(0, -1)
  return clipped
}

/** `name1_name2_label`, the longer of the names shortened until it fits. Source: makeObjectName in indexcmds.c. */
function objectName(name1: string, name2: string | null, label: string): string {
  const overhead = bytes(label) + 1 + (name2 === null ? 0 : 1)
  let size1 = bytes(name1)
  let size2 = name2 === null ? 0 : bytes(name2)
  while (size1 + size2 > limit - overhead) {
    if (size1 > size2) size1--
    else size2--
  }
  const parts = [clip(name1, size1), ...(name2 === null ? [] : [clip(name2, size2)]), label]
  return parts.join('_')
}

/** The first free name: label, label1, label2… */
function firstFree(name1: string, name2: string | null, label: string, taken: (name: string) => boolean): string {
  for (let attempt = 0; ; attempt++) {
    const name = objectName(name1, name2, attempt === 0 ? label : `${label}${attempt}`)
    if (!taken(name)) return name
  }
}

/** Name that PostgreSQL gives an index or sequence. Source: ChooseRelationName in indexcmds.c. */
export function chooseRelationName(
  backend: Backend,
  table: { schema: string; name: string },
  name2: string | null,
  label: string,
): string {
  return firstFree(table.name, name2, label, name => backend.catalog.names.has(nameKey('relation', table.schema, name)))
}

/** Name that PostgreSQL gives a CHECK, foreign key or NOT NULL constraint. Source: ChooseConstraintName in pg_constraint.c. */
export function chooseConstraintName(table: Table, name2: string | null, label: string): string {
  return firstFree(table.name, name2, label, name => table.constraints.some(constraint => constraint.name === name))
}

/** Column part of an automatic index name. Source: ChooseIndexColumnNames, ChooseIndexNameAddition in indexcmds.c. */
export function indexNameAddition(elements: readonly IndexElem[]): string {
  const names: string[] = []
  for (const element of elements) {
    const original = element.indexcolname || element.name || (element.expr ? expressionName(element.expr) : 'expr')
    let name = original
    for (let i = 1; names.includes(name); i++) name = `${original}${i}`
    names.push(name)
  }
  return clip(names.join('_'), limit)
}

/** What an index column over an expression is called. Source: FigureColnameInternal in parse_target.c. */
function expressionName(node: Node): string {
  if ('FuncCall' in node) return strings(node.FuncCall.funcname).at(-1) ?? 'expr'
  if ('ColumnRef' in node) return strings(node.ColumnRef.fields).at(-1) ?? 'expr'
  if ('TypeCast' in node) {
    const inner = node.TypeCast.arg ? expressionName(node.TypeCast.arg) : 'expr'
    return inner === 'expr' ? (strings(node.TypeCast.typeName?.names).at(-1) ?? 'expr') : inner
  }
  if ('CollateClause' in node && node.CollateClause.arg) return expressionName(node.CollateClause.arg)
  if ('CoalesceExpr' in node) return 'coalesce'
  if ('MinMaxExpr' in node) return node.MinMaxExpr.op === 'IS_LEAST' ? 'least' : 'greatest'
  if ('A_Expr' in node && node.A_Expr.kind === 'AEXPR_NULLIF') return 'nullif'
  if ('CaseExpr' in node)
    return node.CaseExpr.defresult ? fallback(expressionName(node.CaseExpr.defresult), 'case') : 'case'
  if ('A_ArrayExpr' in node) return 'array'
  if ('RowExpr' in node) return 'row'
  return 'expr'
}

function fallback(name: string, otherwise: string): string {
  return name === 'expr' ? otherwise : name
}
