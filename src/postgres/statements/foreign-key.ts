import type { Constraint as ConstraintNode } from '@pgsql/types'
import { type Backend, isTable } from '../backend.ts'
import { casts } from '../builtin.generated.ts'
import type { ColumnType, ForeignKeyTarget, Table } from '../catalog.ts'
import { strings } from '../name.ts'
import { baseType, typeOf, typeText } from '../type.ts'
import { announce, constraintOf, keepConstraint, type Place, requireFreeName } from './constraint.ts'
import { chooseConstraintName } from './naming.ts'
import { scan } from './rewrite.ts'

const actions = { a: 'no action', r: 'restrict', c: 'cascade', n: 'set null', d: 'set default' } as const

/**
 * Adds a foreign key: ShareRowExclusive on both tables, and on all partitions of either; valid unless NOT VALID, which means
 * a query that reads both. Source: ATAddForeignKeyConstraint, addFkRecurseReferenced, validateForeignKeyConstraint.
 */
export function addForeignKey(backend: Backend, table: Table, node: ConstraintNode, place: Place): void {
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
    onDelete: actions[(node.fk_del_action || 'a') as keyof typeof actions],
    onUpdate: actions[(node.fk_upd_action || 'a') as keyof typeof actions],
  }
  const name = node.conname || chooseConstraintName(table, columns.join('_'), 'fkey')
  const enforced = node.is_enforced !== false
  const constraint = constraintOf(backend, node, { name, columns, references, enforced })
  announce(backend, table, node, place, { constraint, references: target })

  const because = place.creating
    ? 'a foreign key puts triggers on the table it references'
    : 'adding a foreign key puts triggers on both tables'
  const mode = 'ShareRowExclusiveLock'
  if (!place.creating) backend.lock(table, mode, because)
  backend.lock(target, mode, because)

  if (table.kind === 'partitioned table') {
    if (place.only && !place.creating) {
      backend.fail('42809', `cannot use ONLY for foreign key on partitioned table "${table.name}" referencing relation "${target.name}"`)
    }
    if (node.skip_validation && enforced && backend.version < 18) {
      backend.fail('42809', `cannot add NOT VALID foreign key on partitioned table "${table.name}" referencing relation "${target.name}"`)
    }
  }
  requireFreeName(backend, table, name)
  for (const column of columns) backend.existingColumn(table, column)
  for (const column of referenced) backend.existingColumn(target, column)
  requireUniqueTarget(backend, target, named, referenced, columns)
  requireSameTypes(backend, table, columns, target, referenced, name)

  const referencing = backend.withDescendants(table).filter(each => each.oid === table.oid || table.kind === 'partitioned table')
  const parents = backend.withDescendants(target).filter(each => each.oid === target.oid || target.kind === 'partitioned table')
  for (const each of referencing.slice(1)) if (!place.creating) backend.lock(each, mode, because)
  if (enforced || backend.version < 18) for (const each of parents.slice(1)) backend.lock(each, mode, because)

  for (const each of referencing) {
    keepConstraint(backend, each, { ...constraint, inherited: each.oid !== table.oid })
  }
  if (constraint.valid && enforced && !place.creating && !place.allNull) {
    for (const each of referencing) scan(backend, each, `every row of ${table.name} is looked up in ${target.name}`)
    for (const each of parents) scan(backend, each, `every row of ${table.name} is looked up in ${target.name}`)
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
  const unique = backend
    .indexesOf(target)
    .some(
      index =>
        index.unique &&
        index.valid &&
        index.predicate === null &&
        index.keys.every(key => key.column !== null) &&
        index.keys.map(key => key.column).sort().join() === wanted,
    )
  if (!unique) {
    backend.fail('42830', `there is no unique constraint matching given keys for referenced table "${target.name}"`)
  }
}

/** SQLSTATE 42804 when the columns of a foreign key can certainly not be compared. */
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
    if (!from?.complete || !to?.complete || comparable(backend, from.type, to.type)) return
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
 * True unless it is certain that no equality operator serves: types of one operator family, or an implicit cast to the
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
