import type {
  AlterTableCmd,
  AlterTableStmt,
  AlterTypeStmt,
  CompositeTypeStmt,
  CreateRangeStmt,
  Node,
} from '@pgsql/types'
import type { Backend } from '../backend.ts'
import type { OtherType, Table } from '../catalog/catalog.ts'
import type { Column } from '../catalog/column.ts'
import { displayName, type QualifiedName, qualifiedName, rangeVarName, repeated } from '../catalog/name.ts'
import { blankTable } from '../catalog/relation.ts'
import { performDeletion } from '../object/deletion.ts'
import { tableUsing } from '../object/type-use.ts'
import { resolveType } from '../type/type.ts'
import { typeChange } from '../type/type-change.ts'
import type { Handlers } from './handler.ts'
import { namedRelation } from './named.ts'
import { typedTables } from './rename/rename-column.ts'
import { rewrite, scan } from './rewrite.ts'
import { defineColumn } from './table/column.ts'
import { otherOperation, wholeStatement } from './whole-statement.ts'

/** Composite, range and base types. Source: typecmds.c. */
export const typeHandlers = {
  CompositeTypeStmt: createComposite,
  CreateRangeStmt: (backend, node: CreateRangeStmt) => createPlainType(backend, qualifiedName(node.typeName), 'range'),
  AlterTypeStmt: (backend, _node: AlterTypeStmt) => otherOperation(backend, 'alter-type'),
} satisfies Partial<Handlers>

function createComposite(backend: Backend, node: CompositeTypeStmt): void {
  const name = rangeVarName(node.typevar ?? {})
  const created = { schema: name.schema ?? backend.creationSchema, name: name.name }
  announceType(backend, created)
  const columns = (node.coldeflist ?? []).flatMap(item =>
    'ColumnDef' in item ? [defineColumn(backend, item.ColumnDef).column] : [],
  )
  const twice = repeated(columns.map(column => column.name))
  if (twice !== undefined) backend.fail('42701', `column "${twice}" specified more than once`)
  const row = backend.create<Table>({ ...blankTable, ...created, kind: 'composite type', columns })
  backend.createType<OtherType>({ ...created, kind: 'composite', relation: row.oid })
}

/** A range, base or shell type: only its name is stored. */
export function createPlainType(backend: Backend, name: QualifiedName, kind: 'range' | 'base' | 'shell'): void {
  const created = { schema: name.schema ?? backend.creationSchema, name: name.name }
  announceType(backend, created)
  const shell = backend.lookupType(created)
  // A base type completes the shell that was made for its functions.
  if (kind === 'base' && shell && shell !== 'dropped' && shell.kind === 'shell') backend.putType({ ...shell, kind })
  else backend.createType<OtherType>({ ...created, kind, relation: null })
}

function announceType(backend: Backend, created: { readonly schema: string; readonly name: string }): void {
  const name = displayName(created)
  backend.operation({
    kind: 'create-type',
    ...wholeStatement(backend),
    name,
    subject: null,
    replace: false,
    ifNotExists: false,
  })
}

/** ALTER TYPE … ADD, DROP, ALTER ATTRIBUTE, which are sub-commands of ALTER TABLE. Source: ATSimplePermissions, tablecmds.c. */
export function alterCompositeType(backend: Backend, node: AlterTableStmt): void {
  backend.operation({ kind: 'alter-type', ...wholeStatement(backend) })
  const type = namedRelation(backend, rangeVarName(node.relation ?? {}), ['composite type']) as Table
  backend.lock(type, 'AccessExclusiveLock', 'the composite type is changed')
  if ((node.cmds ?? []).some(changesTypedTables)) backend.amend({ typedTablesOf: backend.subject(type) })
  for (const item of node.cmds ?? []) if ('AlterTableCmd' in item) alterAttribute(backend, type.oid, item.AlterTableCmd)
}

function changesTypedTables(item: Node): boolean {
  if (!('AlterTableCmd' in item)) return false
  const { subtype, behavior } = item.AlterTableCmd
  return subtype === 'AT_AlterColumnType' && behavior === 'DROP_CASCADE'
}

function alterAttribute(backend: Backend, oid: number, cmd: AlterTableCmd): void {
  const type = backend.getTable(oid)
  if (!type) return
  const name = cmd.subtype === 'AT_AddColumn' ? definition(cmd.def)?.colname : cmd.name
  if (cmd.subtype !== 'AT_AddColumn' && !backend.column(type, name ?? '') && type.complete) {
    if (cmd.missing_ok) return
    backend.fail('42703', `column "${name}" of relation "${type.name}" does not exist`)
  }
  if (cmd.subtype === 'AT_AddColumn' && backend.column(type, name ?? '')) {
    backend.fail('42701', `column "${name}" of relation "${type.name}" already exists`)
  }
  const cascade = cmd.behavior === 'DROP_CASCADE'
  const typed = typedTables(backend, type, cascade)
  if (cmd.subtype === 'AT_AlterColumnType') refuseUsedType(backend, type)
  for (const table of [type, ...typed]) {
    backend.lock(table, 'AccessExclusiveLock', `the composite type "${type.name}" is changed`)
    alterColumn(backend, table, cmd, cascade)
  }
}

function definition(node: Node | undefined) {
  return node && 'ColumnDef' in node ? node.ColumnDef : undefined
}

function alterColumn(backend: Backend, table: Table, cmd: AlterTableCmd, cascade: boolean): void {
  const def = definition(cmd.def)
  if (cmd.subtype === 'AT_AddColumn' && def) {
    backend.change<Table>(table.oid, { columns: [...table.columns, defineColumn(backend, def).column] })
  } else if (cmd.subtype === 'AT_DropColumn') {
    performDeletion(backend, [{ kind: 'column', relation: table.oid, name: cmd.name ?? '' }], cascade)
  } else if (cmd.subtype === 'AT_AlterColumnType' && def?.typeName) {
    const column = backend.column(table, cmd.name ?? '')
    if (!column) return
    const to = resolveType(backend, def.typeName)
    changeType(backend, table, column, to)
  }
}

function changeType(backend: Backend, table: Table, column: Column, to: Column['type']): void {
  if (table.kind !== 'composite type') {
    const change = typeChange(backend, { from: column.type, to, column: column.name, using: null })
    if (change.rewrite !== false) {
      rewrite(backend, table, change.because, change.rewrite === true)
      scan(backend, table, change.because, change.rewrite === true)
    }
  }
  const columns = table.columns.map(each => (each.name === column.name ? { ...each, type: to } : each))
  backend.change<Table>(table.oid, { columns })
}

/** Stored values of a composite type cannot be changed. Source: find_composite_type_dependencies in tablecmds.c. */
function refuseUsedType(backend: Backend, type: Table): void {
  const use = tableUsing(backend, type)
  if (use) backend.fail('0A000', `cannot alter type "${type.name}" because column "${use}" uses it`)
}
