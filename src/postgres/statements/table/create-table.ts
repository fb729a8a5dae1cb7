import type {
  Constraint as ConstraintNode,
  CreateForeignTableStmt,
  CreateStmt,
  RangeVar,
  TableLikeClause,
} from '@pgsql/types'
import type { Backend } from '../../backend.ts'
import type { Constraint, Relation, Table } from '../../catalog/catalog.ts'
import { type Column, isUnknownType } from '../../catalog/column.ts'
import { qualifiedName, rangeVarName, strings } from '../../catalog/name.ts'
import { blankTable, columnLists, isTable } from '../../catalog/relation.ts'
import { spanOf } from '../../expression/written.ts'
import { chooseRelationName } from '../automatic-name.ts'
import type { Handlers } from '../handler.ts'
import { addIndex } from '../index/index-build.ts'
import { requireDistinctOptions } from '../reloptions.ts'
import { keepNotNull, withDefault } from './add-column.ts'
import { areDifferent, type DefinedColumn, defineColumn, differentNames, requireType } from './column.ts'
import { addConstraint } from './constraint.ts'
import { keepConstraint } from './constraint-parts.ts'
import { isKey, mergedKeys } from './merged-keys.ts'
import { checkDefaultPartition, ensureIndex, lockReferencing } from './partition.ts'
import { partitionBound, partitioning, requireBound } from './partition-bound.ts'
import { definitions } from './table-options.ts'

export const createTableHandlers = {
  CreateStmt: (backend, node) => createTable(backend, node, 'table'),
  CreateForeignTableStmt: (backend, node: CreateForeignTableStmt) =>
    createTable(backend, node.base ?? {}, 'foreign table'),
} satisfies Partial<Handlers>

/** CREATE TABLE in all its forms. Source: transformCreateStmt, DefineRelation. */
function createTable(backend: Backend, node: CreateStmt, kind: 'table' | 'foreign table'): void {
  const { span, keyword } = backend.statement
  const name = rangeVarName(node.relation ?? {})
  const temporary = node.relation?.relpersistence === 't'
  const schema = temporary ? 'pg_temp' : (name.schema ?? backend.creationSchema)
  const existing = backend.lookup({ schema, name: name.name })
  const skipped = existing !== undefined && existing !== 'dropped' && (node.if_not_exists ?? false)
  const parents = (node.inhRelations ?? []).flatMap(each => ('RangeVar' in each ? [backend.table(each.RangeVar)] : []))
  const isPartition = node.partbound !== undefined
  backend.operation({
    kind: 'create-table',
    span,
    keyword,
    name: name.name,
    columns: [],
    constraints: [],
    ifNotExists: node.if_not_exists ?? false,
    skipped,
    partitionOf: isPartition && parents[0] ? backend.subject(parents[0]) : null,
  })
  if (skipped) return
  const columnDefs = (node.tableElts ?? []).flatMap(element => ('ColumnDef' in element ? [element.ColumnDef] : []))
  const tableConstraints = (node.tableElts ?? []).flatMap(element =>
    'Constraint' in element ? [element.Constraint] : [],
  )
  const columnsOfTable = columnDefs.map(def => defineColumn(backend, def))
  for (const { refused } of columnsOfTable) if (refused) backend.fail(refused.code, refused.message)
  const { defined, constraints } = withNotNulls(backend, columnsOfTable, tableConstraints)
  requireDistinct(backend, defined)
  for (const { column } of defined) requireType(backend, column.type)

  requireDistinctOptions(backend, node.options)
  const made = backend.create<Table>({
    kind: node.partspec ? 'partitioned table' : kind,
    schema,
    name: name.name,
    ...blankTable,
    persistence: temporary ? 'temporary' : node.relation?.relpersistence === 'u' ? 'unlogged' : 'permanent',
    tablespace: node.tablespacename || null,
    accessMethod: node.accessMethod || null,
    partitioning: node.partspec ? partitioning(node.partspec) : null,
    options: definitions(node.options),
  })
  inheritColumns(backend, made, parents, isPartition)
  const written = new Set(defined.map(({ column }) => column.name))
  for (const like of node.tableElts ?? [])
    if ('TableLikeClause' in like) copyLike(backend, made, like.TableLikeClause, written)
  if (node.ofTypename) takeTypeColumns(backend, made, qualifiedName(node.ofTypename.names))
  for (const each of defined) addDefinedColumn(backend, made, each)

  // In PostgreSQL's order: CHECK and NOT NULL come with the table, then indexes, then foreign keys, which may refer to the table itself.
  const place = { span, keyword, creating: true, allNull: false, only: true }
  const all = [
    ...defined.flatMap(({ column, constraints }) =>
      constraints.map(constraint => ({ constraint, column: column.name })),
    ),
    ...constraints.map(constraint => ({ constraint, column: null })),
  ].map(each => ({
    place: { column: each.column, ...place, span: spanOf(each.constraint, backend.statement) },
    ...each,
  }))
  const tableFirst = all.filter(({ constraint }) => !isKey(constraint) && constraint.contype !== 'CONSTR_FOREIGN')
  const keys = mergedKeys(all.filter(({ constraint }) => isKey(constraint)))
  const last = all.filter(({ constraint }) => constraint.contype === 'CONSTR_FOREIGN')
  for (const { constraint, place } of [...tableFirst, ...keys, ...last]) {
    addConstraint(backend, backend.getTable(made.oid) ?? made, constraint, place)
  }
  if (node.partbound && parents[0]) becomePartition(backend, made, parents[0], node)
  const table = backend.getTable(made.oid) ?? made
  backend.amend({ columns: table.columns, constraints: table.constraints })
}

/** NOT NULL of a column may also be written behind the columns (18), with its name. Source: AddRelationNotNullConstraints in heap.c. */
function withNotNulls(
  backend: Backend,
  columns: readonly DefinedColumn[],
  constraints: readonly ConstraintNode[],
): { readonly defined: readonly DefinedColumn[]; readonly constraints: readonly ConstraintNode[] } {
  const defined = [...columns]
  const rest = constraints.filter(constraint => {
    if (constraint.contype !== 'CONSTR_NOTNULL') return true
    const i = defined.findIndex(({ column }) => column.name === strings(constraint.keys)[0])
    const own = defined[i]
    if (!own) return true
    if (areDifferent(backend, own.notNullName, constraint.conname))
      backend.fail('42601', `${differentNames} for column "${own.column.name}"`)
    const notNullName = own.notNullName ?? (constraint.conname || null)
    defined[i] = { ...own, column: { ...own.column, notNull: true }, notNullName }
    return false
  })
  return { defined, constraints: rest }
}

function requireDistinct(backend: Backend, defined: readonly DefinedColumn[]): void {
  const names = new Set<string>()
  for (const { column } of defined) {
    if (names.has(column.name)) backend.fail('42701', `column "${column.name}" specified more than once`)
    names.add(column.name)
  }
}

function addDefinedColumn(backend: Backend, made: Table, defined: DefinedColumn): void {
  const table = backend.getTable(made.oid) ?? made
  const column = withDefault(backend, table, defined)
  const merged = backend.column(table, column.name) !== undefined
  // A column that a parent also has is merged with it. In a partition only its options are written.
  const own = isUnknownType(column.type) ? { ...column, complete: false } : column
  const columns = merged
    ? table.columns.map(own => (own.name === column.name ? mergeColumn(own, column) : own))
    : [...table.columns, own]
  backend.change<Table>(made.oid, { columns })
  if (column.notNull) keepNotNull(backend, backend.getTable(made.oid) ?? table, defined)
}

function mergeColumn(own: Column, written: Column): Column {
  return {
    ...own,
    notNull: own.notNull || written.notNull,
    default: written.default ?? own.default,
    identity: written.identity ?? own.identity,
    generated: written.generated ?? own.generated,
    local: true,
  }
}

function inheritColumns(backend: Backend, made: Table, parents: readonly Table[], isPartition: boolean): void {
  for (const parent of parents) {
    backend.lock(
      parent,
      isPartition ? 'AccessExclusiveLock' : 'ShareUpdateExclusiveLock',
      isPartition ? 'it gets a partition' : 'it gets a child',
    )
    if (isPartition && parent.complete && parent.kind !== 'partitioned table') {
      backend.fail('42P17', `"${parent.name}" is not partitioned`)
    }
    if (!isPartition && parent.kind === 'partitioned table') {
      backend.fail('42809', `cannot inherit from partitioned table "${parent.name}"`)
    }
    const table = backend.getTable(made.oid) ?? made
    const keepsIdentity = isPartition && backend.since(17)
    const inherited = (column: Column) => ({
      ...column,
      inherited: true,
      local: false,
      createdIn: backend.migration,
      identity: keepsIdentity ? column.identity : null,
    })
    const below = columnLists.of(parent.columns, backend.migration, list => list.map(inherited), `${keepsIdentity}`)
    const checks = parent.constraints.filter(
      constraint => (constraint.kind === 'check' || constraint.kind === 'not null') && !constraint.noInherit,
    )
    backend.change<Table>(made.oid, {
      // Thousands of partitions have the same columns.
      columns:
        table.columns.length === 0
          ? below
          : [...table.columns, ...below.filter(column => !backend.column(table, column.name))],
      constraints: [...table.constraints, ...checks.map(constraint => ({ ...constraint, inherited: true }))],
      ...(isPartition ? {} : { parents: [...table.parents, parent.oid] }),
      // Unknown parts of a parent that was not created here are inherited as well.
      ...(parent.complete ? {} : { complete: false }),
    })
    if (!isPartition) backend.change<Table>(parent.oid, { children: [...parent.children, made.oid] })
  }
}

/** CREATE TABLE … PARTITION OF: AccessExclusive on the parent and on its DEFAULT partition, which is read unless it excludes the bound. */
function becomePartition(backend: Backend, made: Table, parent: Table, node: CreateStmt): void {
  const bound = partitionBound(node.partbound ?? {})
  requireBound(backend, parent, made, bound)
  if (bound.kind !== 'default') checkDefaultPartition(backend, parent, bound, true)
  if (bound.kind === 'default') {
    const existing = parent.children
      .flatMap(oid => backend.getTable(oid) ?? [])
      .find(child => child.bound?.kind === 'default')
    if (existing) {
      backend.fail('42P17', `partition "${made.name}" conflicts with existing default partition "${existing.name}"`)
    }
  }
  backend.change<Table>(made.oid, { partitionOf: parent.oid, bound })
  const now = backend.getTable(parent.oid) ?? parent
  backend.change<Table>(parent.oid, { children: [...now.children, made.oid] })
  lockReferencing(backend, parent)
  for (const index of backend.indexesOf(parent)) {
    backend.lock(index, 'ShareUpdateExclusiveLock', 'the index of the partition is attached to it')
    ensureIndex(backend, backend.getTable(made.oid) ?? made, index, 'the index of the parent')
  }
  for (const constraint of parent.constraints) {
    if (constraint.kind === 'unique' || constraint.kind === 'primary key' || constraint.kind === 'exclusion') {
      takeKey(backend, made, constraint)
    }
    if (constraint.kind === 'foreign key') {
      const target = constraint.references && backend.getTable(constraint.references.table)
      if (target)
        backend.lock(
          target,
          'ShareRowExclusiveLock',
          `the foreign key "${constraint.name}" of "${parent.name}" is put on the new partition`,
        )
      keepConstraint(backend, backend.getTable(made.oid) ?? made, { ...constraint, inherited: true })
    }
  }
}

function takeKey(backend: Backend, made: Table, constraint: Constraint): void {
  const table = backend.getTable(made.oid) ?? made
  const index = backend.indexesOf(table).find(each => each.parent === constraint.index)
  if (!index) return
  backend.change(index.oid, { constraint: index.name })
  keepConstraint(backend, table, { ...constraint, name: index.name, index: index.oid, inherited: true })
}

const like = {
  comments: 1,
  compression: 2,
  constraints: 4,
  defaults: 8,
  generated: 16,
  identity: 32,
  indexes: 64,
} as const

/**
 * LIKE copies columns, and with INCLUDING other parts of the table: none that is `written` already. Source:
 * transformTableLikeClause; TableLikeOption in parsenodes.h.
 */
function copyLike(backend: Backend, made: Table, clause: TableLikeClause, written: Set<string>): void {
  const source: Relation = backend.relation((clause.relation ?? {}) as RangeVar)
  backend.lock(source, 'AccessShareLock', 'its columns are copied')
  if (!isTable(source) && source.kind !== 'view') return
  for (const { name, complete } of source.columns) {
    if (complete && written.has(name)) backend.fail('42701', `column "${name}" specified more than once`)
    written.add(name)
  }
  const options = clause.options ?? 0
  const has = (bit: number) => (options & bit) !== 0
  const table = backend.getTable(made.oid) ?? made
  const copied = (column: Column): Column => ({
    ...column,
    inherited: false,
    createdIn: backend.migration,
    default: has(like.defaults) ? column.default : null,
    identity: has(like.identity) ? column.identity : null,
    generated: has(like.generated) ? column.generated : null,
  })
  const columns = columnLists.of(source.columns, backend.migration, list => list.map(copied), `like ${options}`)
  backend.change<Table>(made.oid, {
    columns: table.columns.length === 0 ? columns : [...table.columns, ...columns],
    // PostgreSQL copies a table that was not created here as it is. Only the columns seen so far are known.
    complete: table.complete && source.complete,
  })
  if (!isTable(source)) return
  // NOT NULL is always copied, since 18 with the names of its constraints (transformTableLikeClause).
  for (const constraint of source.constraints.filter(({ kind }) => kind === 'not null')) {
    keepConstraint(backend, made, { ...constraint, inherited: false, createdIn: backend.migration })
  }
  if (has(like.constraints)) {
    for (const constraint of source.constraints.filter(({ kind }) => kind === 'check')) {
      keepConstraint(backend, made, { ...constraint, inherited: false, createdIn: backend.migration })
    }
  }
  if (has(like.indexes)) copyIndexes(backend, made, source)
}

function copyIndexes(backend: Backend, made: Table, source: Table): void {
  for (const index of backend.indexesOf(source)) {
    const constraint = source.constraints.find(each => each.index === index.oid)
    const label =
      constraint?.kind === 'primary key'
        ? 'pkey'
        : constraint?.kind === 'exclusion'
          ? 'excl'
          : constraint
            ? 'key'
            : 'idx'
    const addition = label === 'pkey' ? null : index.keys.map(key => key.column ?? 'expr').join('_')
    const table = backend.getTable(made.oid) ?? made
    const name = chooseRelationName(backend, table, addition, label)
    const copy = addIndex(backend, table, index, { name, constraint: constraint ? name : null })
    if (constraint) keepConstraint(backend, made, { ...constraint, name, index: copy.oid, inherited: false })
  }
}

/** CREATE TABLE … OF type. */
function takeTypeColumns(backend: Backend, made: Table, name: { schema: string | null; name: string }): void {
  const type = backend.lookupType(name)
  if (!type || type === 'dropped' || !('relation' in type) || type.relation === null) {
    backend.change<Table>(made.oid, { complete: false })
    return
  }
  const row = backend.get(type.relation)
  if (row && isTable(row)) {
    // check_of_type in parse_type.c
    backend.lock(row, 'AccessShareLock', 'its attributes become the columns of the table')
    backend.change<Table>(made.oid, {
      ofType: type.oid,
      columns: row.columns.map(column => ({ ...column, createdIn: backend.migration })),
      complete: row.complete,
    })
  }
}
