import type { ColumnDef, Constraint as ConstraintNode, Node } from '@pgsql/types'
import type { Backend } from '../../backend.ts'
import { appended } from '../../catalog/appended.ts'
import type { Table } from '../../catalog/catalog.ts'
import type { Column } from '../../catalog/column.ts'
import { columnLists, hasKnownType, notNullsByColumn, systemColumns } from '../../catalog/relation.ts'
import { walk, withoutCasts } from '../../expression/expression.ts'
import { volatility } from '../../expression/volatility.ts'
import { spanOf, textOf } from '../../expression/written.ts'
import { callFunction } from '../../query/calls.ts'
import { topContext } from '../../query/level.ts'
import { isConstrainedDomain, typeOf, typeText } from '../../type/type.ts'
import type { Lifetime } from '../../version.ts'
import { checkDefault, checkGenerated } from '../column-expression.ts'
import { useOfNewEnumValue } from '../enum.ts'
import { rewrite, scan } from '../rewrite.ts'
import type { Command } from './alter-table-command.ts'
import {
  createOwnedSequence,
  type DefinedColumn,
  defineColumn,
  nextvalOf,
  requireType,
  sequenceType,
} from './column.ts'
import { addConstraint } from './constraint.ts'
import { notNullConstraint, requireFreeName } from './constraint-parts.ts'
import { isKey, mergedKeys } from './merged-keys.ts'

/** ALTER TABLE … ADD COLUMN. Source: ATExecAddColumn in tablecmds.c, transformColumnDefinition in parse_utilcmd.c. */
export function addColumn(backend: Backend, command: Command): void {
  const { table, cmd } = command
  if (!cmd.def || !('ColumnDef' in cmd.def)) return
  const def = cmd.def.ColumnDef
  const defined = defineColumn(backend, def)
  const { column } = defined
  const existing = backend.column(table, column.name)
  const skipped = existing !== undefined && (cmd.missing_ok ?? false)
  startAddColumn(backend, command, def, defined, skipped)
  if (skipped) {
    // PostgreSQL 12 still carried out the rest of the definition (fixed in 13).
    if (!backend.since(13)) {
      if (defined.constraints.some(({ contype }) => contype === 'CONSTR_CHECK')) lockDescendants(backend, command)
      for (const constraint of defined.constraints.filter(each => each.contype === 'CONSTR_FOREIGN')) {
        const target = backend.relation(constraint.pktable ?? {})
        backend.lock(target, 'ShareRowExclusiveLock', 'PostgreSQL 12 adds the foreign key although the column exists')
      }
    }
    sureOf(backend, table, column.name)
    return
  }
  lockDescendants(backend, command)
  if (existing?.complete) backend.fail('42701', `column "${column.name}" of relation "${table.name}" already exists`)
  if (table.partitionOf !== null) backend.fail('42809', 'cannot add column to a partition')
  if (table.ofType !== null) backend.fail('42809', 'cannot add column to typed table')
  if (command.only && table.children.length > 0) backend.fail('42P16', 'column must be added to child tables too')
  if (defined.refused) backend.fail(defined.refused.code, defined.refused.message)
  requireType(backend, column.type)
  checkColumn(backend, table, defined)
  requireAddable(backend, table, defined)

  const cost = costOf(backend, defined)
  if ((column.default || cost.rewrite) && isRowTypeInUse(backend, table)) {
    backend.fail(
      '0A000',
      `cannot alter table "${table.name}" because its row type is used as the type of a column elsewhere`,
    )
  }
  const added = withDefault(backend, table, defined)
  const below = { isThere: true, ...added, inherited: true }
  for (const each of backend.withDescendants(table)) {
    const inherited = each.oid !== table.oid
    if (inherited && backend.column(each, column.name)) continue
    const now = backend.getTable(each.oid) ?? each
    const own = inherited ? below : { isThere: true, ...added, inherited }
    backend.change<Table>(each.oid, { columns: columnLists.of(now.columns, own, list => appended(list, own)) })
    if (cost.rewrite) {
      rewrite(backend, each, cost.rewrite.because, cost.rewrite.certain)
      walk(column.default, (kind, call) => {
        if (kind === 'FuncCall') callFunction(topContext(backend, 'execute'), call)
      })
    }
    if (cost.check) {
      if (column.generated === null && (each.filled || (table.filled && table.kind === 'partitioned table')))
        backend.fail('23502', `column "${column.name}" of relation "${each.name}" contains null values`)
      scan(backend, each, cost.check)
    }
  }
  if (defined.notNullName || column.notNull) keepNotNull(backend, table, defined)
  const place = {
    span: command.span,
    keyword: command.keyword,
    column: column.name,
    allNull:
      column.default === null && defined.serial === null && column.identity === null && column.generated === null,
    creating: false,
    only: command.only,
  }
  for (const constraint of mergedWithin(defined)) {
    const span = spanOf(constraint, backend.statement)
    addConstraint(backend, backend.getTable(table.oid) ?? table, constraint, { ...place, span, keyword: span })
  }
}

/** Whatever the column was before: from now on it is there. */
function sureOf(backend: Backend, table: Table, name: string): void {
  const columns = table.columns.map(column => (column.name === name ? { ...column, isThere: true } : column))
  backend.change<Table>(table.oid, { columns })
}

/** What is left of the constraints that are written beside a column, keys first. */
function mergedWithin({ column, constraints }: DefinedColumn): ConstraintNode[] {
  const keys = mergedKeys(constraints.filter(isKey).map(constraint => ({ constraint, column: column.name })))
  return [...keys.map(({ constraint }) => constraint), ...constraints.filter(each => !isKey(each))]
}

function startAddColumn(
  backend: Backend,
  command: Command,
  def: ColumnDef,
  defined: DefinedColumn,
  skipped: boolean,
): void {
  const { column } = defined
  const expression = column.default
  backend.operation({
    kind: 'add-column',
    span: command.span,
    keyword: command.keyword,
    table: backend.subject(command.table),
    column,
    typeText: def.typeName ? typeText(def.typeName) : '',
    serial: defined.serial !== null,
    ifNotExists: command.cmd.missing_ok ?? false,
    skipped,
    default:
      expression === null
        ? null
        : {
            expression,
            text: textOf(expression, backend.statement),
            volatility: volatility(backend, expression).volatility,
          },
    constrainedDomain: isConstrainedDomain(backend, column.type),
  })
}

/**
 * Errors for impossible columns. Source: checkSystemAttributeNames, transformColumnDefinition,
 * generateSerialExtraStmts.
 */
function checkColumn(backend: Backend, table: Table, { column }: DefinedColumn): void {
  if (systemColumns.has(column.name)) {
    backend.fail('42701', `column name "${column.name}" conflicts with a system column name`)
  }
  if (column.identity && column.type.schema === 'pg_catalog' && !['int2', 'int4', 'int8'].includes(column.type.name)) {
    backend.fail('22023', 'identity column type must be smallint, integer, or bigint')
  }
  if (column.default) checkDefault(backend, column.default)
  checkGenerated(backend, table, column)
}

/**
 * Errors for columns that cannot be added to this table. Source: transformIndexConstraints, CheckAttributeType,
 * ATExecAddColumn.
 */
function requireAddable(backend: Backend, table: Table, { column, constraints }: DefinedColumn): void {
  const isKey = constraints.some(({ contype }) => contype === 'CONSTR_PRIMARY')
  if (isKey && table.constraints.some(({ kind }) => kind === 'primary key')) {
    backend.fail('42P16', `multiple primary keys for table "${table.name}" are not allowed`)
  }
  if (column.type.name === table.name && column.type.schema === table.schema) {
    backend.fail('42P16', `composite type ${table.name} cannot be made a member of itself`)
  }
  if (column.identity && table.kind === 'partitioned table' && table.children.length > 0 && !backend.since(17)) {
    backend.fail('42P16', 'cannot recursively add identity column to table that has child tables')
  }
  for (const child of backend.withDescendants(table).slice(1)) {
    const own = backend.column(child, column.name)
    if (hasKnownType(own) && (own.type.name !== column.type.name || own.type.array !== column.type.array)) {
      backend.fail('42804', `child table "${child.name}" has different type for column "${column.name}"`)
    }
  }
}

interface Cost {
  readonly rewrite: { readonly because: string; readonly certain: boolean } | null
  /** Why every row is read without a rewrite, or null. */
  readonly check: string | null
}

/**
 * The cost of adding the column. Since PostgreSQL 11, a default that is not volatile is stored in the catalog and costs
 * nothing.
 */
function costOf(backend: Backend, { column, serial }: DefinedColumn): Cost {
  const certainly = (because: string): Cost => ({ rewrite: { because, certain: true }, check: null })
  if (serial || column.identity) return certainly('every existing row gets its own number from a sequence')
  if (column.generated?.kind === 'stored') return certainly('the generated value is computed and stored for every row')
  const domain = isConstrainedDomain(backend, column.type)
  if (domain === true) return certainly('the type is a domain with a constraint, which is checked row by row')
  let maybe: Cost['rewrite'] = null
  if (domain === 'unknown')
    maybe = {
      because: 'the type may be a domain with a constraint: its definition is not in the migrations',
      certain: false,
    }
  // Before 13, the default of a domain was only used for new rows.
  const type = backend.since(13) ? typeOf(backend, column.type) : null
  const inherited = type !== null && type !== 'unknown' && type.kind === 'domain' ? type.default : null
  const value = column.default ?? inherited
  if (value) {
    useOfNewEnumValue(backend, value)
    const found = volatility(backend, value)
    if (found.volatility === 'volatile') return certainly(`${found.because}, so every row gets its own value`)
    if (found.volatility === 'unknown')
      maybe = { because: `${found.because}: if it is volatile, every row gets its own value`, certain: false }
  }
  const isNullDefault = column.default === null || isNull(column.default)
  const check = column.notNull && isNullDefault ? `every row is checked for "${column.name}" IS NOT NULL` : null
  // A type that no migration creates is assumed to be no such domain, unless something that was not read may have
  // created it.
  const isFarFetched = domain === 'unknown' && !value && backend.catalog.uncertain === null
  return { rewrite: isFarFetched ? null : maybe, check }
}

function isNull(node: Node): boolean {
  const value = withoutCasts(node)
  return 'A_Const' in value && value.A_Const.isnull === true
}

/** The column, with the sequence that serial and identity create. */
export function withDefault(backend: Backend, table: Table, { column, serial }: DefinedColumn): Column {
  if (serial) {
    const sequence = createOwnedSequence(backend, table, column.name, { identity: false, type: serial })
    return { ...column, default: nextvalOf(sequence) }
  }
  if (column.identity) {
    createOwnedSequence(backend, table, column.name, { identity: true, type: sequenceType(column.type) })
  }
  return column
}

/**
 * PostgreSQL 18 keeps NOT NULL as a constraint with a name. Before that the column alone says the same, so that only a name that somebody has
 * chosen makes a difference; `Backend.constraint` asks about the usual names.
 */
export function keepNotNull(backend: Backend, table: Table, { column, notNullName }: DefinedColumn): void {
  if (!(notNullName === null ? backend.quietlySince(18) : backend.since(18))) return
  for (const each of backend.withDescendants(backend.getTable(table.oid) ?? table)) {
    const name = notNullName ?? `${each.name}_${column.name}_not_null`
    if (notNullsByColumn.find(each.constraints, column.name)) continue
    if (notNullName !== null && each.oid === table.oid) requireFreeName(backend, each, notNullName)
    backend.change<Table>(each.oid, {
      constraints: appended(each.constraints, notNullConstraint(backend, name, column.name, each.oid !== table.oid)),
    })
  }
}

/** Another table has a column of this table's row type, so ALTER TABLE refuses to change the stored rows. */
export function isRowTypeInUse(backend: Backend, table: Table): boolean {
  return backend
    .mentioning(`type:${table.name}`)
    .some(
      relation =>
        'columns' in relation &&
        relation.kind !== 'view' &&
        relation.kind !== 'composite type' &&
        relation.columns.some(
          column => column.type.name === table.name && (column.type.schema ?? table.schema) === table.schema,
        ),
    )
}

/** Sub-commands that recurse lock all descendants as strongly as the statement locks the table (ATSimpleRecursion). */
export function lockDescendants(backend: Backend, command: Command, on: Lifetime = {}): Table[] {
  if (command.only) return []
  const descendants = backend.withDescendants(command.table).slice(1)
  if (descendants.length > 0 && !backend.has(on)) return []
  for (const each of descendants) {
    backend.lock(
      each,
      command.mode,
      command.table.kind === 'partitioned table'
        ? 'the change is made on every partition'
        : 'the change is made on every child table',
    )
  }
  return descendants
}
