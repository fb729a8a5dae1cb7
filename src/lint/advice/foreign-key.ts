import type { Catalog, Constraint, ForeignKeyTarget, Oid, Table } from '../../postgres/catalog/catalog.ts'
import { nameKey } from '../../postgres/catalog/name.ts'
import { constraintsByName, hasKnownType } from '../../postgres/catalog/relation.ts'
import type { Step } from '../../postgres/step.ts'
import type { AddConstraint, CreateTable } from '../../postgres/table-operation.ts'
import { tableOf } from './table.ts'

export { hasKnownType }

/** A foreign key that an operation adds, with both tables as they are after it. */
export interface ForeignKey {
  readonly constraint: Constraint
  readonly references: ForeignKeyTarget
  readonly table: Table
  readonly target: Table
}

/**
 * The foreign keys that ADD CONSTRAINT, ADD COLUMN or CREATE TABLE adds. A partition's keys that come from its parent
 * do not count.
 */
export function addedForeignKeys(step: Step, operation: AddConstraint | CreateTable): ForeignKey[] {
  // A statement that fails leaves the catalog as it was.
  const catalog = step.error ? step.before : step.after
  const table =
    operation.kind === 'create-table' ? created(step, operation.name) : tableOf(catalog, operation.table.oid)
  const constraints = operation.kind === 'create-table' ? operation.constraints : [operation.constraint]
  if (!table) return []
  return known(catalog, table, constraints)
}

/** The foreign keys of a table. */
export function foreignKeys(catalog: Catalog, oid: Oid): ForeignKey[] {
  const table = tableOf(catalog, oid)
  return table ? known(catalog, table, table.constraints) : []
}

function known(catalog: Catalog, table: Table, constraints: readonly Constraint[]): ForeignKey[] {
  return constraints.flatMap(constraint => {
    const { references, inherited } = constraint
    const target = references ? tableOf(catalog, references.table) : undefined
    return references && target && !inherited ? [{ constraint, references, table, target }] : []
  })
}

export function constraintOf(table: Table | undefined, name: string): Constraint | undefined {
  return table && constraintsByName.find(table.constraints, name)
}

function created({ before, after }: Step, name: string): Table | undefined {
  // The name from which `displayName` makes this one.
  const keys = [nameKey('relation', 'public', name), nameKey('relation', 'pg_temp', name), `relation:${name}`]
  const oid = keys.flatMap(key => after.names.get(key) ?? []).find(each => !before.relations.has(each))
  return oid === undefined ? undefined : tableOf(after, oid)
}

/** The names that PostgreSQL (`orders_user_id_fkey`) and people (`fk_orders_users`) give, for a key that no migration creates. */
export function soundsLikeForeignKey(name: string): boolean {
  return name
    .toLowerCase()
    .split('_')
    .some(part => part === 'fk' || part === 'fkey')
}
