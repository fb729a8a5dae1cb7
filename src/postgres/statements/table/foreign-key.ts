import type { Constraint as ConstraintNode } from '@pgsql/types'
import { lookUp } from '../../../parse/look-up.ts'
import type { Backend } from '../../backend.ts'
import type { Constraint, ForeignKeyTarget, Table } from '../../catalog/catalog.ts'
import type { ColumnType } from '../../catalog/column.ts'
import { strings } from '../../catalog/name.ts'
import { hasKnownType, isTable } from '../../catalog/relation.ts'
import { casts } from '../../type/builtin.generated.ts'
import { baseType, typeOf, typeText } from '../../type/type.ts'
import { chooseConstraintName } from '../automatic-name.ts'
import { rowsOf, scan } from '../rewrite.ts'
import {
  type ConstraintPlace,
  constraintOf,
  keepConstraint,
  requireFreeName,
  startAddConstraint,
} from './constraint-parts.ts'

const actions = { a: 'no action', r: 'restrict', c: 'cascade', n: 'set null', d: 'set default' } as const

/**
 * Adds a foreign key: ShareRowExclusive on both tables, and on all partitions of either. Unless it is NOT VALID, it is
 * checked by a query that reads both. Source: ATAddForeignKeyConstraint, addFkRecurseReferenced,
 * validateForeignKeyConstraint.
 */
export function addForeignKey(backend: Backend, table: Table, node: ConstraintNode, place: ConstraintPlace): void {
  const columns = place.column === null ? strings(node.fk_attrs) : [place.column]
  const found = backend.relation(node.pktable ?? {})
  if (!isTable(found)) backend.fail('42809', `referenced relation "${found.name}" is not a table`)
  const target = found.oid === table.oid ? table : found
  const named = strings(node.pk_attrs)
  const primaryKey = target.constraints.find(constraint => constraint.kind === 'primary key')
  const referenced = named.length > 0 ? named : (primaryKey?.columns ?? [])
  const references: ForeignKeyTarget = {
    table: target.oid,
    columns: referenced,
    onDelete: lookUp(actions, node.fk_del_action || 'a') ?? actions.a,
    onUpdate: lookUp(actions, node.fk_upd_action || 'a') ?? actions.a,
    ...(node.fk_del_set_cols ? { onDeleteColumns: strings(node.fk_del_set_cols) } : {}),
  }
  const name = node.conname || chooseConstraintName(table, columns.join('_'), 'fkey')
  const enforced = node.is_enforced === true
  const constraint = constraintOf(backend, node, { name, columns, references, enforced })
  startAddConstraint(backend, table, node, place, { constraint, references: target })

  const because = place.creating
    ? 'a foreign key puts triggers on the table it references'
    : 'adding a foreign key puts triggers on both tables'
  const mode = 'ShareRowExclusiveLock'
  if (!place.creating) backend.lock(table, mode, because)
  backend.lock(target, mode, because)

  if (table.kind === 'partitioned table') {
    if (place.only && !place.creating) {
      backend.fail(
        '42809',
        `cannot use ONLY for foreign key on partitioned table "${table.name}" referencing relation "${target.name}"`,
      )
    }
    if (node.skip_validation && enforced && !backend.since(18)) {
      backend.fail(
        '42809',
        `cannot add NOT VALID foreign key on partitioned table "${table.name}" referencing relation "${target.name}"`,
      )
    }
  }
  requireFreeName(backend, table, name)
  requirePersistence(backend, table, target)
  for (const column of columns) backend.existingColumn(table, column)
  for (const column of referenced) backend.existingColumn(target, column)
  requireUniqueTarget(backend, target, named, referenced, columns)
  requireSameTypes(backend, table, columns, target, referenced, name)

  const referencing = backend
    .withDescendants(table)
    .filter(each => each.oid === table.oid || table.kind === 'partitioned table')
  const parents = backend
    .withDescendants(target)
    .filter(each => each.oid === target.oid || target.kind === 'partitioned table')
  for (const each of referencing.slice(1)) if (!place.creating) backend.lock(each, mode, because)
  if (parents.length > 1 && (enforced || !backend.since(18)))
    for (const each of parents.slice(1)) backend.lock(each, mode, because)

  // Since 18 the children of an inheritance parent are opened too, although they do not get the foreign key.
  if (table.kind === 'table' && !place.creating && !place.only) {
    const children = backend.withDescendants(table).slice(1)
    if (children.length > 0 && backend.since(18)) for (const each of children) backend.lock(each, mode, because)
  }
  const own = referencing.filter(each => each.oid === table.oid || !takeOver(backend, each, target, constraint))
  for (const each of own) keepConstraint(backend, each, { ...constraint, inherited: each.oid !== table.oid })
  // A table that this migration created and did not fill has no rows to check.
  const checked = own.filter(each => rowsOf(backend, each) !== 'none' && (backend.isExposed(each) || each.filled))
  if (constraint.valid && enforced && !place.creating && !place.allNull && checked.length > 0) {
    for (const each of checked) scan(backend, each, `every row of ${table.name} is looked up in ${target.name}`)
    const certain = checked.some(each => rowsOf(backend, each) === 'own')
    for (const each of parents)
      scan(backend, each, `every row of ${table.name} is looked up in ${target.name}`, certain)
  }
}

/**
 * A partition that already has the same foreign key, validated, keeps it. It becomes the partition's part of the new
 * one, nothing is read, and its triggers on the referenced table are dropped. Source: tryAttachPartitionForeignKey in
 * tablecmds.c.
 */
export function takeOver(backend: Backend, partition: Table, target: Table, wanted: Constraint): boolean {
  const same = partition.constraints.find(
    ({ kind, valid, enforced, inherited, columns, references, deferrable, initiallyDeferred }) =>
      kind === 'foreign key' &&
      valid &&
      enforced === wanted.enforced &&
      !inherited &&
      columns.join() === wanted.columns.join() &&
      references?.table === target.oid &&
      references.columns.join() === wanted.references?.columns.join() &&
      references.onDelete === wanted.references.onDelete &&
      references.onUpdate === wanted.references.onUpdate &&
      deferrable === wanted.deferrable &&
      initiallyDeferred === wanted.initiallyDeferred,
  )
  if (!same) return false
  backend.change<Table>(partition.oid, {
    constraints: partition.constraints.map(each => (each.name === same.name ? { ...each, inherited: true } : each)),
  })
  backend.lock(target, 'AccessExclusiveLock', 'the foreign keys of partitions have triggers there, which go')
  return true
}

/** SQLSTATE 42P16: the referenced table must last at least as long as the referencing one. */
function requirePersistence(backend: Backend, table: Table, target: Table): void {
  const fits = {
    permanent: target.persistence === 'permanent',
    unlogged: target.persistence !== 'temporary',
    temporary: target.persistence === 'temporary',
  }[table.persistence]
  if (!fits && target.complete) {
    backend.fail('42P16', `constraints on ${table.persistence} tables may reference only ${table.persistence} tables`)
  }
}

/** SQLSTATE 42830 without a unique index on exactly the referenced columns; 42704 when a primary key is meant and there is none. */
function requireUniqueTarget(
  backend: Backend,
  target: Table,
  named: readonly string[],
  referenced: readonly string[],
  columns: readonly string[],
): void {
  if (!target.complete) return
  if (named.length === 0 && referenced.length === 0) {
    backend.fail('42704', `there is no primary key for referenced table "${target.name}"`)
  }
  if (referenced.length !== columns.length) {
    backend.fail('42830', 'number of referencing and referenced columns for foreign key disagree')
  }
  if (named.length === 0) return
  const wanted = [...referenced].sort().join()
  const index = backend.indexesOf(target).find(
    index =>
      index.unique &&
      index.valid &&
      index.predicate === null &&
      index.keys.every(key => key.column !== null) &&
      index.keys
        .map(key => key.column)
        .sort()
        .join() === wanted,
  )
  const deferrable = target.constraints.some(constraint => constraint.deferrable && constraint.index === index?.oid)
  if (index && deferrable) {
    backend.fail('55000', `cannot use a deferrable unique constraint for referenced table "${target.name}"`)
  }
  if (!index) {
    backend.fail('42830', `there is no unique constraint matching given keys for referenced table "${target.name}"`)
  }
}

/** SQLSTATE 42804 when the columns of a foreign key certainly cannot be compared. */
export function requireSameTypes(
  backend: Backend,
  table: Table,
  columns: readonly string[],
  target: Table,
  referenced: readonly string[],
  name: string,
): void {
  columns.forEach((column, i) => {
    const from = backend.column(table, column)
    const to = backend.column(target, referenced[i] ?? '')
    if (!hasKnownType(from) || !hasKnownType(to) || comparable(backend, from.type, to.type)) return
    backend.fail(
      '42804',
      `foreign key constraint "${name}" cannot be implemented: ${column} is ${typeText(from.type)}, ${to.name} is ${typeText(to.type)}`,
    )
  })
}

const crossType = [
  new Set(['int2', 'int4', 'int8']),
  new Set(['float4', 'float8']),
  new Set(['text', 'varchar', 'name']),
  new Set(['date', 'timestamp', 'timestamptz']),
]

/**
 * True unless it is certain that no equality operator applies: types of one operator family, or an implicit cast to the
 * referenced type (transformFkeyCheckAttrs and the search for pfeqop in ATAddForeignKeyConstraint).
 */
function comparable(backend: Backend, referencing: ColumnType, referenced: ColumnType): boolean {
  const from = baseType(backend, referencing)
  const to = baseType(backend, referenced)
  if (from.array !== to.array) return false
  if (from.name === to.name && from.schema === to.schema) return true
  if (typeOf(backend, from) === 'unknown' || typeOf(backend, to) === 'unknown') return true
  if (crossType.some(family => family.has(from.name) && family.has(to.name))) return true
  return casts.get(`${from.name} ${to.name}`)?.context === 'implicit'
}
