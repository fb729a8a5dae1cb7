import type { Node } from '@pgsql/types'
import type { Name, Remedy } from '../../code/advice.ts'
import { lookUp } from '../../parse/look-up.ts'
import type { Statement } from '../../parse/script.ts'
import { strings } from '../../postgres/catalog/name.ts'

type Fields = Readonly<Record<string, unknown>>

/** Facts about the names in advice. */
export interface Surroundings {
  /** The name of the table of an index, with its schema if the index is named with one; null: it is unknown. */
  readonly tableOf: (index: Name) => Name | null
  /** The kind of the constraint that other advice adds under this name; null: none. */
  readonly kindOf: (constraint: string) => 'foreign key' | 'check' | null
}

/** What a statement of advice does, if tools may have a call for it. Null for all other statements, and for those with further clauses. */
export function remedyOf({ kind, node, text }: Statement, around: Surroundings): Remedy | null {
  switch (kind) {
    case 'IndexStmt':
      return createIndex(node, text)
    case 'DropStmt':
      return dropIndex(node, around)
    case 'AlterTableStmt':
      return alterTable(node, text, around)
    default:
      return null
  }
}

/**
 * True if a statement of advice fails in a transaction: CONCURRENTLY (except for REFRESH, which is one transaction), VACUUM, and loops
 * that commit. Advice has no other such statements.
 */
export function isRefusedInTransaction({ kind, node, text }: Statement): boolean {
  const fields: Fields = node
  switch (kind) {
    case 'IndexStmt':
    case 'DropStmt':
      return fields.concurrent === true
    case 'ReindexStmt':
      return listOf(fields.params).some(each => inner(each, 'DefElem')?.defname === 'concurrently')
    case 'VacuumStmt':
      return fields.is_vacuumcmd === true
    case 'AlterTableStmt':
      return listOf(fields.cmds).some(
        each => inner(inner(each, 'AlterTableCmd')?.def, 'PartitionCmd')?.concurrent === true,
      )
    case 'DoStmt':
      return /\bCOMMIT\b/i.test(text)
    default:
      return false
  }
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** Null if the node has other fields. Fields that are false do not count. */
function only(node: Fields, ...names: readonly string[]): true | null {
  return Object.entries(node).every(([name, value]) => names.includes(name) || value === false) || null
}

function nameOf(relation: unknown): Name | null {
  const { relname, schemaname, inh, ...rest } = relation as Fields
  const isPlain = inh === true && only(rest, 'relpersistence', 'location')
  if (!isPlain || typeof relname !== 'string') return null
  return { schema: typeof schemaname === 'string' ? schemaname : null, name: relname }
}

/** The fields of a node of this kind; null if it is of another kind. */
function inner(node: unknown, kind: string): Fields | null {
  const found = lookUp((node ?? {}) as Fields, kind)
  return typeof found === 'object' && found !== null ? (found as Fields) : null
}

function createIndex(node: Fields, text: string): Remedy | null {
  const { idxname, accessMethod, indexParams, whereClause, unique, concurrent, if_not_exists: ifNotExists } = node
  const table = nameOf(node.relation)
  const columns = (indexParams as Node[]).map(each => {
    const column = inner(each, 'IndexElem')
    const isPlain =
      column &&
      only(column, 'name', 'ordering', 'nulls_ordering', 'location') &&
      column.ordering === 'SORTBY_DEFAULT' &&
      column.nulls_ordering === 'SORTBY_NULLS_DEFAULT'
    return isPlain && typeof column.name === 'string' ? column.name : null
  })
  const where = whereClause === undefined ? null : afterWhere(text)
  const isWhole = only(
    node,
    ...['idxname', 'relation', 'accessMethod', 'indexParams', 'whereClause', 'unique', 'concurrent', 'if_not_exists'],
  )
  if (!isWhole || !table || typeof idxname !== 'string' || columns.includes(null) || where === '') return null
  return {
    kind: 'createIndex',
    name: idxname,
    table,
    columns: columns.flatMap(column => column ?? []),
    unique: unique === true,
    concurrently: concurrent === true,
    ifNotExists: ifNotExists === true,
    method: accessMethod === 'btree' || typeof accessMethod !== 'string' ? null : accessMethod,
    where,
  }
}

/** The text after the only WHERE; empty: there are several. */
function afterWhere(text: string): string {
  const parts = text.split(/\bWHERE\b/i)
  return parts.length === 2 ? (parts[1] ?? '').trim() : ''
}

function dropIndex(node: Fields, { tableOf }: Surroundings): Remedy | null {
  const [first, second] = node.objects as Node[]
  const isOne = node.removeType === 'OBJECT_INDEX' && node.behavior === 'DROP_RESTRICT' && second === undefined
  const parts = strings((inner(first, 'List')?.items ?? []) as Node[])
  const [name, schema, more] = [...parts].reverse()
  if (!isOne || name === undefined || more !== undefined) return null
  if (!only(node, 'removeType', 'behavior', 'objects', 'concurrent', 'missing_ok')) return null
  const index: Name = { schema: schema ?? null, name }
  return {
    kind: 'dropIndex',
    index,
    table: tableOf(index),
    concurrently: node.concurrent === true,
    ifExists: node.missing_ok === true,
  }
}

function alterTable(node: Fields, text: string, { kindOf }: Surroundings): Remedy | null {
  const [first, second] = node.cmds as Node[]
  const command = inner(first, 'AlterTableCmd')
  const table = nameOf(node.relation)
  const isOne = only(node, 'relation', 'cmds', 'objtype') && node.objtype === 'OBJECT_TABLE' && second === undefined
  if (!isOne || !command || !table || (command.behavior ?? 'DROP_RESTRICT') !== 'DROP_RESTRICT') return null
  const { name, subtype } = command
  if (subtype === 'AT_AddConstraint') return addConstraint(command, table, text)
  if (!only(command, 'subtype', 'name', 'behavior', 'missing_ok') || typeof name !== 'string') return null
  const ifExists = command.missing_ok === true
  if (subtype === 'AT_DropConstraint') return { kind: 'dropConstraint', table, name, ifExists }
  if (ifExists) return null
  switch (subtype) {
    case 'AT_ValidateConstraint':
      return { kind: 'validateConstraint', table, name, of: kindOf(name) }
    case 'AT_SetNotNull':
      return { kind: 'setNotNull', table, column: name }
    case 'AT_DropNotNull':
      return { kind: 'dropNotNull', table, column: name }
    case 'AT_DropColumn':
      return { kind: 'dropColumn', table, column: name }
    default:
      return null
  }
}

function addConstraint({ def }: Fields, table: Name, text: string): Remedy | null {
  const constraint = inner(def, 'Constraint')
  const start = text.search(/\bADD CONSTRAINT /i)
  const clause = text.slice(start + 'ADD CONSTRAINT '.length)
  const [name] = /^(?:"(?:[^"]|"")+"|[\w$]+)\s/.exec(clause) ?? []
  const definition = clause.slice(name?.length ?? 0).trim()
  if (!constraint || start < 0 || name === undefined || typeof constraint.conname !== 'string') return null
  const own = { table, name: constraint.conname, definition, notValid: constraint.skip_validation === true }
  if (constraint.contype === 'CONSTR_CHECK') {
    const isWhole = only(
      constraint,
      ...['contype', 'conname', 'raw_expr', 'location', 'skip_validation', 'initially_valid', 'is_enforced'],
    )
    const condition = /^CHECK\s*\(([\s\S]*)\)(?:\s+NOT VALID)?$/i.exec(definition)?.[1]
    if (!isWhole || condition === undefined) return null
    return { kind: 'addCheck', ...own, condition, notNull: notNullColumn(constraint.raw_expr) }
  }
  if (constraint.contype === 'CONSTR_UNIQUE') {
    const { indexname: index, conname: name } = constraint
    const isWhole = only(constraint, 'contype', 'conname', 'location', 'indexname', 'initially_valid', 'is_enforced')
    return isWhole && typeof index === 'string' ? { kind: 'addUniqueByIndex', table, name, index } : null
  }
  if (constraint.contype !== 'CONSTR_FOREIGN') return null
  const referenced = nameOf(constraint.pktable)
  const [onDelete, onUpdate] = [actionOf(constraint.fk_del_action), actionOf(constraint.fk_upd_action)]
  const isWhole =
    only(
      constraint,
      ...['contype', 'conname', 'location', 'skip_validation', 'initially_valid', 'is_enforced', 'pktable', 'fk_attrs'],
      ...['pk_attrs', 'fk_matchtype', 'fk_upd_action', 'fk_del_action'],
    ) && constraint.fk_matchtype === 's'
  if (!isWhole || !referenced || onDelete === undefined || onUpdate === undefined) return null
  const columns = strings((constraint.fk_attrs ?? []) as Node[])
  const referencedColumns = strings((constraint.pk_attrs ?? []) as Node[])
  return { kind: 'addForeignKey', ...own, columns, referenced, referencedColumns, onDelete, onUpdate }
}

/** `a` of `a IS NOT NULL`. */
function notNullColumn(expression: unknown): string | null {
  const test = inner(expression, 'NullTest')
  const names = strings(listOf(inner(test?.arg, 'ColumnRef')?.fields) as Node[])
  const [name, ...more] = names
  return test?.nulltesttype === 'IS_NOT_NULL' && name !== undefined && more.length === 0 ? name : null
}

const actions: ReadonlyMap<unknown, string | null> = new Map([
  ['a', null],
  ['r', 'RESTRICT'],
  ['c', 'CASCADE'],
  ['n', 'SET NULL'],
  ['d', 'SET DEFAULT'],
])

/** Undefined: it is not one of these. */
function actionOf(letter: unknown): string | null | undefined {
  return actions.get(letter)
}
