import type { Node, PartitionBoundSpec, RangeVar } from '@pgsql/types'
import { append } from '../../parse/list.ts'
import type { Backend } from '../backend.ts'
import type { Relation } from '../catalog/catalog.ts'
import type { Column, ColumnType } from '../catalog/column.ts'
import { displayName, strings } from '../catalog/name.ts'
import { isTable } from '../catalog/relation.ts'
import { relationsIn, walk } from '../expression/expression.ts'
import { resolveType } from '../type/type.ts'
import { isOfType, literal } from './object.ts'

/**
 * A label that ALTER TYPE … ADD VALUE added in this transaction cannot be used before it commits: 55P04. Since 17 it can
 * when the transaction also created the type. Source: check_safe_enum_use in enum.c, EnumUncommitted in pg_enum.c.
 */
export function refuseNewLabels(backend: Backend, node: unknown): void {
  const unsafe = unsafeLabels(backend)
  if (unsafe.length === 0) return
  const literals = literalsWithType(backend, node)
  const used = unsafe.find(each => literals.some(({ text, type }) => text === each.label && type && each.isType(type)))
  // The literal is the new label itself, and the column may have the type.
  const perhaps = unsafe.find(({ label }) => literals.some(({ text, type }) => text === label && type === null))
  const found = used ?? perhaps
  if (!found) return
  const { span, keyword } = backend.statement
  const { type, label } = found
  backend.operation({ kind: 'use-new-enum-value', span, keyword, type, value: label })
  if (used?.certain) backend.fail('55P04', `unsafe use of new value "${label}" of enum type ${type}`)
}

interface UnsafeLabel {
  /** For people. */
  readonly type: string
  readonly label: string
  /** False when the label may have existed before. */
  readonly certain: boolean
  isType(type: ColumnType): boolean
}

function unsafeLabels(backend: Backend): UnsafeLabel[] {
  const { id } = backend.transaction
  if (id === null || backend.catalog.labelledBy !== id) return []
  const known = [...backend.catalog.types.values()].flatMap(type => {
    if (type.kind !== 'enum') return []
    if (type.added.size === 0 || (type.createdInTransaction === id && backend.since(17))) return []
    return [...type.added].flatMap(([label, transaction]) =>
      transaction === id
        ? [{ type: displayName(type), label, certain: true, isType: (other: ColumnType) => isOfType(other, type) }]
        : [],
    )
  })
  const unknown = backend.catalog.addedLabels.flatMap(({ schema, name, label, transaction, ifNotExists }) => {
    if (transaction !== id) return []
    const isType = (other: ColumnType) =>
      other.name === name && (schema === null || other.schema === null || other.schema === schema)
    return [{ type: displayName({ schema: schema ?? 'public', name }), label, certain: !ifNotExists, isType }]
  })
  return [...known, ...unknown]
}

interface TypedLiteral {
  readonly text: string
  /**
   * Null when the migrations do not define the type: the literal goes to a column, or is compared with one, about which
   * they say nothing.
   */
  readonly type: ColumnType | null
}

/** Literals that get their type from a cast, or from the column that they are assigned to or compared with. */
function literalsWithType(backend: Backend, node: unknown): TypedLiteral[] {
  const found: TypedLiteral[] = []
  const relations = relationsIn(node).flatMap(name => known(backend, name) ?? [])
  const columnType = (name: string | undefined): LiteralType => {
    if (name === undefined) return undefined
    for (const relation of relations) {
      const column = 'columns' in relation ? relation.columns.find(column => column.name === name) : undefined
      if (column) return typeOfColumn(column)
    }
    return relations.some(({ complete }) => !complete) ? null : undefined
  }
  const add = (value: Node | undefined, type: LiteralType) => {
    if (value && 'A_ArrayExpr' in value) for (const element of value.A_ArrayExpr.elements ?? []) add(element, type)
    const text = literal(value)
    if (text !== null && type !== undefined) found.push({ text, type })
  }
  const visit = (kind: string, fields: Record<string, unknown>) => {
    if (kind === 'TypeCast') add(fields.arg as Node, resolveType(backend, fields.typeName as never))
    else if (kind === 'A_Expr') {
      const [left, right] = [fields.lexpr as Node | undefined, fields.rexpr as Node | undefined]
      for (const each of operands(right)) add(each, columnType(columnName(left)))
      if (fields.kind === 'AEXPR_OP_ANY' || fields.kind === 'AEXPR_OP_ALL') {
        for (const text of elementsOf(literal(right))) append(found, typed(text, columnType(columnName(left))))
      }
      for (const each of operands(left)) add(each, columnType(columnName(right)))
    } else if (kind === 'ResTarget') add(fields.val as Node, columnType(fields.name as string | undefined))
    else if (kind === 'InsertStmt') for (const { value, type } of inserted(backend, fields)) add(value, type)
    else if (kind === 'ColumnDef' && fields.typeName) {
      const type = resolveType(backend, fields.typeName as never)
      walk(fields.constraints, (part, constraint) => {
        if (part === 'Constraint' && constraint.contype === 'CONSTR_DEFAULT') add(constraint.raw_expr as Node, type)
      })
    } else if (kind === 'CreateStmt' || kind === 'PartitionCmd') {
      const bound = (fields.partbound ?? fields.bound) as PartitionBoundSpec | undefined
      const parent = relations.find(relation => 'partitioning' in relation && relation.partitioning !== null)
      const key = parent && 'partitioning' in parent ? parent.partitioning?.keys[0]?.column : undefined
      for (const value of bound?.listdatums ?? []) add(value, columnType(key ?? undefined))
    } else if (kind === 'AlterTableCmd' && fields.subtype === 'AT_ColumnDefault') {
      add(fields.def as Node, columnType(fields.name as string))
    }
  }
  walk({ [backend.statement.kind]: node }, visit)
  return found
}

/** Undefined: nothing says that it belongs to a column at all. */
type LiteralType = ColumnType | null | undefined

function typeOfColumn({ type, complete }: Column): ColumnType | null {
  return complete ? type : null
}

function typed(text: string, type: LiteralType): TypedLiteral[] {
  return type === undefined ? [] : [{ text, type }]
}

/** Elements of an array literal: `{a,"b c"}`. */
function elementsOf(text: string | null): string[] {
  const inside = /^\s*\{(.*)\}\s*$/s.exec(text ?? '')?.[1]
  return inside === undefined ? [] : inside.split(',').map(part => part.trim().replace(/^"(.*)"$/s, '$1'))
}

function known(backend: Backend, name: RangeVar): Relation | null {
  const found = backend.lookup({ schema: name.schemaname ?? null, name: name.relname ?? '' })
  return found && found !== 'dropped' ? found : null
}

function operands(node: Node | undefined): Node[] {
  if (!node) return []
  return 'List' in node ? (node.List.items ?? []) : [node]
}

function columnName(node: Node | undefined): string | undefined {
  return node && 'ColumnRef' in node ? strings(node.ColumnRef.fields).at(-1) : undefined
}

/** The values of INSERT … VALUES and of a plain INSERT … SELECT, each with the type of its column. */
function inserted(backend: Backend, fields: Record<string, unknown>): { value: Node; type: LiteralType }[] {
  const table = known(backend, (fields.relation ?? {}) as RangeVar)
  if (!table || !isTable(table)) return []
  const targets = ((fields.cols ?? []) as Node[]).flatMap(col => ('ResTarget' in col ? [col.ResTarget.name ?? ''] : []))
  const names = targets.length > 0 ? targets : table.columns.map(({ name }) => name)
  const query = fields.selectStmt as Node | undefined
  if (!query || !('SelectStmt' in query)) return []
  const { valuesLists, targetList } = query.SelectStmt
  const rows = valuesLists
    ? valuesLists.map(row => ('List' in row ? (row.List.items ?? []) : []))
    : [
        (targetList ?? []).flatMap(target =>
          'ResTarget' in target && target.ResTarget.val ? [target.ResTarget.val] : [],
        ),
      ]
  return rows.flatMap(row =>
    row.map((value, at) => {
      const column = table.columns.find(({ name }) => name === names[at])
      return { value, type: column ? typeOfColumn(column) : table.complete ? undefined : null }
    }),
  )
}
