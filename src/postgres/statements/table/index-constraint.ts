import type { Constraint as ConstraintNode, Node } from '@pgsql/types'
import type { Backend } from '../../backend.ts'
import type { Constraint, Index, Table } from '../../catalog/catalog.ts'
import { repeated, strings } from '../../catalog/name.ts'
import { provesNotNull } from '../../expression/proof.ts'
import { chooseRelationName } from '../automatic-name.ts'
import {
  buildIndex,
  checkDefinition,
  type IndexDefinition,
  indexDefinition,
  requirePartitionKey,
} from '../index/index-build.ts'
import { scan } from '../rewrite.ts'
import {
  type ConstraintPlace,
  constraintOf,
  keepConstraint,
  requireFreeName,
  setNotNullFlag,
  startAddConstraint,
} from './constraint-parts.ts'

/** UNIQUE, PRIMARY KEY and EXCLUDE: constraints that are enforced by an index. */

function definitionOf(node: ConstraintNode, place: ConstraintPlace): IndexDefinition {
  const keys = strings(node.keys)
  const columns = keys.length === 0 && place.column !== null ? [place.column] : keys
  const exclusions = (node.exclusions ?? []).flatMap(item =>
    'List' in item ? (item.List.items ?? []).slice(0, 1) : [],
  )
  const asElements: Node[] =
    node.contype === 'CONSTR_EXCLUSION'
      ? exclusions
      : columns.map(name => ({
          IndexElem: { name, ordering: 'SORTBY_DEFAULT', nulls_ordering: 'SORTBY_NULLS_DEFAULT' },
        }))
  return indexDefinition({
    // UNIQUE (…, period WITHOUT OVERLAPS) is an exclusion constraint by another name (transformIndexConstraint).
    accessMethod: node.without_overlaps ? 'gist' : (node.access_method ?? 'btree'),
    indexParams: asElements,
    indexIncludingParams: strings(node.including).map(name => ({ IndexElem: { name } })),
    ...(node.where_clause ? { whereClause: node.where_clause } : {}),
    unique: node.contype !== 'CONSTR_EXCLUSION',
    nulls_not_distinct: node.nulls_not_distinct ?? false,
    tableSpace: node.indexspace ?? '',
  })
}

function requireOnePrimaryKey(backend: Backend, table: Table, node: ConstraintNode): void {
  if (node.contype === 'CONSTR_PRIMARY' && table.constraints.some(constraint => constraint.kind === 'primary key')) {
    backend.fail('42P16', `multiple primary keys for table "${table.name}" are not allowed`)
  }
}

/** UNIQUE, PRIMARY KEY and EXCLUDE build their index right away. */
export function addIndexConstraint(backend: Backend, table: Table, node: ConstraintNode, place: ConstraintPlace): void {
  const definition = definitionOf(node, place)
  const columns = definition.keys.flatMap(key => key.column ?? [])
  const addition = [...columns, ...definition.included].join('_')
  const label = node.contype === 'CONSTR_PRIMARY' ? 'pkey' : node.contype === 'CONSTR_UNIQUE' ? 'key' : 'excl'
  const joined = label === 'pkey' ? null : addition
  const name = node.conname || chooseRelationName(backend, table, joined, label)
  const constraint = constraintOf(backend, node, { name, columns })
  startAddConstraint(backend, table, node, place, { constraint })
  const twice = label === 'excl' ? undefined : repeated(strings(node.keys))
  if (twice !== undefined) {
    const what = label === 'pkey' ? 'primary key' : 'unique'
    backend.fail('42701', `column "${twice}" appears twice in ${what} constraint`)
  }
  if (node.skip_validation) {
    const what = { pkey: 'PRIMARY KEY', key: 'UNIQUE', excl: 'EXCLUDE' }[label]
    backend.fail('0A000', `${what} constraints cannot be marked NOT VALID`)
  }
  requireOnePrimaryKey(backend, table, node)
  // The name of the index is looked at before that of the constraint (index_create).
  if (backend.constraint(table, name)?.index) backend.fail('42P07', `relation "${name}" already exists`)
  requireFreeName(backend, table, name)
  checkDefinition(backend, table, node.without_overlaps ? { ...definition, unique: false } : definition)
  if (table.kind === 'partitioned table') {
    if (label === 'excl' && !backend.since(17)) {
      backend.fail('0A000', 'exclusion constraints are not supported on partitioned tables')
    }
    requirePartitionKey(backend, table, definition, label === 'pkey' ? 'PRIMARY KEY' : 'UNIQUE')
  }
  // ONLY a partitioned table: its index is invalid until an index of every partition is attached, and no partition is
  // touched.
  const alone = table.kind === 'partitioned table' && place.only && !place.creating
  const family =
    alone || (label !== 'pkey' && table.kind !== 'partitioned table') ? [table] : backend.withDescendants(table)
  // DefineIndex locks the partitions to build their indexes. Since 18 the ALTER TABLE locks them before that.
  if (table.kind === 'partitioned table' && !place.creating && family.length > 1) {
    const mode = backend.since(18) ? 'AccessExclusiveLock' : 'ShareLock'
    for (const each of family.slice(1)) backend.lock(each, mode, 'the index is built on every partition')
  }
  lockChildren(backend, table, place)
  if (label === 'pkey') {
    requireValidNotNull(backend, table, columns)
    if (alone) requireNotNullBelow(backend, table, columns)
    for (const each of table.kind === 'partitioned table' || !place.only ? family : [table]) {
      for (const column of columns) {
        if (each.oid !== table.oid && !isNotNullBelow(backend, table, column))
          backend.lock(each, 'AccessExclusiveLock', 'the primary key makes its columns NOT NULL everywhere')
        if (!place.creating && !isNotNull(backend, each, column))
          scan(backend, each, `every row is checked for "${column}" IS NOT NULL`)
        setNotNullFlag(backend, each, column)
      }
    }
  }
  const index = buildIndex(backend, backend.getTable(table.oid) ?? table, definition, {
    name,
    because: 'every row is read to build the index',
    only: alone,
    constraint: name,
    label,
    addition: joined,
  })
  keepConstraint(backend, table, { ...constraint, index: index.oid })
  cloneToPartitions(backend, index, constraint)
}

/** ALTER TABLE ONLY … ADD PRIMARY KEY cannot make columns of partitions NOT NULL. Source: ATPrepAddPrimaryKey in tablecmds.c. */
function requireNotNullBelow(backend: Backend, table: Table, columns: readonly string[]): void {
  for (const each of backend.withDescendants(table).slice(1)) {
    const nullable = columns.find(column => backend.column(each, column)?.notNull === false)
    if (nullable === undefined) continue
    // 18 fails with an internal error here.
    backend.fail(
      !backend.since(18) ? '42P16' : 'XX000',
      `column "${nullable}" of table "${each.name}" is not marked NOT NULL`,
    )
  }
}

/**
 * True where PostgreSQL does not visit partitions, whose columns are NOT NULL because the parent's is. Inheritance children may differ.
 * Source: ATPrepSetNotNull in tablecmds.c.
 */
function isNotNullBelow(backend: Backend, table: Table, column: string): boolean {
  return table.kind === 'partitioned table' && backend.column(table, column)?.notNull === true
}

/** From 18 on, any ADD CONSTRAINT opens the inheritance children, although they do not get the index. Source: ATPrepCmd in tablecmds.c. */
function lockChildren(backend: Backend, table: Table, place: ConstraintPlace): void {
  if (table.kind !== 'table' || place.creating || place.only) return
  const children = backend.withDescendants(table).slice(1)
  if (children.length === 0 || !backend.since(18)) return
  for (const each of children) {
    backend.lock(each, 'AccessExclusiveLock', 'ADD CONSTRAINT opens all that inherits')
  }
}

/** A primary key over a NOT NULL constraint that is not validated is refused (18). */
function requireValidNotNull(backend: Backend, table: Table, columns: readonly string[]): void {
  for (const column of columns) {
    const invalid = table.constraints.some(
      other => other.kind === 'not null' && !other.valid && other.columns[0] === column,
    )
    if (invalid) backend.fail('55000', `cannot create primary key on column "${column}": its NOT NULL is not valid`)
  }
}

/** Partitions get the constraint with the index that buildIndex built or found for them. */
function cloneToPartitions(backend: Backend, index: Index, constraint: Constraint): void {
  for (const oid of index.children) {
    const child = backend.getIndex(oid)
    const table = child && backend.getTable(child.table)
    if (!child || !table) continue
    backend.change<Index>(child.oid, { constraint: child.name })
    keepConstraint(backend, table, { ...constraint, name: child.name, index: child.oid, inherited: true })
    cloneToPartitions(backend, child, constraint)
  }
}

function isNotNull(backend: Backend, table: Table, column: string): boolean {
  const now = backend.getTable(table.oid) ?? table
  return (backend.column(now, column)?.notNull ?? false) || provesNotNull(now.constraints, column) !== null
}

/** UNIQUE or PRIMARY KEY USING INDEX. Source: transformIndexConstraint, ATExecAddIndexConstraint. */
export function addUsingIndex(backend: Backend, table: Table, node: ConstraintNode, place: ConstraintPlace): void {
  const indexName = node.indexname ?? ''
  const found = backend.lookup({ schema: table.schema, name: indexName })
  const index = found !== undefined && found !== 'dropped' && 'table' in found ? found : undefined
  const name = node.conname || indexName
  const columns = index?.keys.flatMap(key => key.column ?? []) ?? []
  const constraint = constraintOf(backend, node, { name, columns, index: index?.oid ?? null })
  startAddConstraint(backend, table, node, place, { constraint })
  if (table.kind === 'partitioned table') {
    backend.fail('0A000', 'ALTER TABLE / ADD CONSTRAINT USING INDEX is not supported on partitioned tables')
  }
  if (!index && (found === 'dropped' || table.complete)) backend.fail('42704', `index "${indexName}" does not exist`)
  if (index) requireEligible(backend, table, index)
  if (node.contype === 'CONSTR_PRIMARY') requireValidNotNull(backend, table, columns)
  requireOnePrimaryKey(backend, table, node)
  if (index && name !== indexName) {
    backend.lock(index, 'ShareUpdateExclusiveLock', 'the index takes the name of the constraint')
    backend.rename(index, index.schema, name)
  }
  lockChildren(backend, table, place)
  if (node.contype === 'CONSTR_PRIMARY') {
    for (const column of columns) {
      // A column whose definition was not seen may already be NOT NULL.
      const certain = backend.column(table, column)?.complete ?? false
      const because = `every row is checked for "${column}" IS NOT NULL`
      if (!isNotNull(backend, table, column)) scan(backend, table, because, certain)
      setNotNullFlag(backend, table, column)
    }
    if (!index) scan(backend, table, 'every row is checked if a column of the index may be NULL', false)
  }
  if (index) backend.change<Index>(index.oid, { constraint: name })
  keepConstraint(backend, table, constraint)
}

function requireEligible(backend: Backend, table: Table, index: Index): void {
  if (index.table !== table.oid) backend.fail('55000', `"${index.name}" is not an index for table "${table.name}"`)
  if (index.constraint !== null) backend.fail('55000', `index "${index.name}" is already associated with a constraint`)
  if (!index.valid) backend.fail('55000', `index "${index.name}" is not valid`)
  if (!index.unique) backend.fail('42809', `"${index.name}" is not a unique index`)
  if (index.keys.some(key => key.expression !== null))
    backend.fail('42809', `index "${index.name}" contains expressions`)
  if (index.predicate !== null) backend.fail('42809', `"${index.name}" is a partial index`)
  if (index.keys.some(key => key.operatorClass !== null)) {
    backend.fail('42809', `index "${index.name}" column number 1 does not have default sorting behavior`)
  }
  // This was not checked before 13.
  if (
    backend.since(13) &&
    index.keys.some(
      key => key.collation !== null && key.collation !== backend.column(table, key.column ?? '')?.collation,
    )
  ) {
    backend.fail('42809', `index "${index.name}" column number 1 does not have default sorting behavior`)
  }
  if (index.keys.some(key => !key.defaultOrder)) {
    backend.fail('42809', `index "${index.name}" column number 1 does not have default sorting behavior`)
  }
}
