import type { IndexElem, Node } from '@pgsql/types'
import { type Recursion, resultOf } from '../../parse/stackless.ts'
import type { Backend } from '../backend.ts'
import type { Table } from '../catalog/catalog.ts'
import { nameKey, strings } from '../catalog/name.ts'
import { nameLimit } from '../catalog/name-limit.ts'
import { constraintsByName } from '../catalog/relation.ts'

/** Bytes of a name in UTF-8, which is what NAMEDATALEN counts. */
function bytes(text: string): number {
  // Most names are ASCII, and each of a thousand equal constraints tries a thousand names.
  if (/^[\x20-\x7e]*$/.test(text)) return text.length
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
  while (size1 + size2 > nameLimit - overhead) {
    if (size1 > size2) size1--
    else size2--
  }
  const parts = [clip(name1, size1), ...(name2 === null ? [] : [clip(name2, size2)]), label]
  return parts.join('_')
}

/** The labels that are tried one after the other: label, label1, label2… */
function candidates(name1: string, name2: string | null, label: string): (attempt: number) => string {
  return attempt => objectName(name1, name2, attempt === 0 ? label : `${label}${attempt}`)
}

const isConstraint: ReadonlySet<string> = new Set(['pkey', 'key', 'excl'])

/** The name that PostgreSQL gives an index or sequence. Source: ChooseRelationName in indexcmds.c. */
export function chooseRelationName(
  backend: Backend,
  table: { schema: string; name: string } & Partial<Pick<Table, 'oid' | 'constraints'>>,
  name2: string | null,
  label: string,
): string {
  const candidate = candidates(table.name, name2, label)
  const about = JSON.stringify([table.schema, table.name, name2, label])
  const { names, numbered } = backend.catalog
  let attempt = numbered.get(about) ?? 0
  // The index of a constraint must also differ in name from the table's constraints.
  const taken = isConstraint.has(label) ? (table.constraints ?? []) : []
  let doubt: string | undefined
  for (; ; attempt++) {
    const oid = names.get(nameKey('relation', table.schema, candidate(attempt)))
    if (oid === undefined && !constraintsByName.find(taken, candidate(attempt))) break
    doubt ??= oid === undefined ? undefined : backend.get(oid)?.doubt
  }
  // It is unknown whether the name was taken, and so is the name of the next one.
  if (doubt !== undefined && table.oid !== undefined) backend.change<Table>(table.oid, { doubt })
  if (attempt > 0) backend.catalog = { ...backend.catalog, numbered: numbered.set(about, attempt) }
  return candidate(attempt)
}

/**
 * The name that PostgreSQL gives a CHECK, foreign key or NOT NULL constraint. Source: ChooseConstraintName in
 * pg_constraint.c.
 */
export function chooseConstraintName(table: Table, name2: string | null, label: string): string {
  const candidate = candidates(table.name, name2, label)
  return constraintsByName.firstFree(table.constraints, JSON.stringify([table.name, name2, label]), candidate)
}

/** The column part of an automatic index name. Source: ChooseIndexColumnNames, ChooseIndexNameAddition in indexcmds.c. */
export function indexNameAddition(elements: readonly IndexElem[]): string {
  const names = new Set<string>()
  const numbers = new Map<string, number>()
  for (const element of elements) {
    const original = element.indexcolname || element.name || (element.expr ? expressionName(element.expr) : 'expr')
    let name = original
    let number = numbers.get(original) ?? 1
    for (; names.has(name); number++) name = `${original}${number}`
    numbers.set(original, number)
    names.add(name)
  }
  // No character is shorter than a byte.
  return clip([...names].join('_').slice(0, nameLimit), nameLimit)
}

/** The name of an index column over an expression. Source: FigureColnameInternal in parse_target.c. */
function expressionName(node: Node): string {
  return resultOf(nameOf(node))
}

function* nameOf(node: Node): Recursion<string> {
  if ('FuncCall' in node) return strings(node.FuncCall.funcname).at(-1) ?? 'expr'
  if ('ColumnRef' in node) return strings(node.ColumnRef.fields).at(-1) ?? 'expr'
  if ('TypeCast' in node) {
    const inner = node.TypeCast.arg ? ((yield nameOf(node.TypeCast.arg)) as string) : 'expr'
    return inner === 'expr' ? (strings(node.TypeCast.typeName?.names).at(-1) ?? 'expr') : inner
  }
  if ('CollateClause' in node && node.CollateClause.arg) return (yield nameOf(node.CollateClause.arg)) as string
  if ('CoalesceExpr' in node) return 'coalesce'
  if ('MinMaxExpr' in node) return node.MinMaxExpr.op === 'IS_LEAST' ? 'least' : 'greatest'
  if ('A_Expr' in node && node.A_Expr.kind === 'AEXPR_NULLIF') return 'nullif'
  if ('CaseExpr' in node)
    return node.CaseExpr.defresult ? fallback((yield nameOf(node.CaseExpr.defresult)) as string, 'case') : 'case'
  if ('A_ArrayExpr' in node) return 'array'
  if ('RowExpr' in node) return 'row'
  return 'expr'
}

function fallback(name: string, otherwise: string): string {
  return name === 'expr' ? otherwise : name
}
