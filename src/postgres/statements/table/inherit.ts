import type { Backend } from '../../backend.ts'
import type { Relation, Table } from '../../catalog/catalog.ts'
import type { Column } from '../../catalog/column.ts'
import { isTable } from '../../catalog/relation.ts'
import type { Command } from './alter-table-command.ts'

/**
 * SQLSTATE 42804 when the columns of the two certainly do not match. Source: MergeAttributesIntoExisting,
 * ATExecAttachPartition.
 */
export function requireColumns(backend: Backend, parent: Table, child: Table): void {
  if (!parent.complete || !child.complete) return
  for (const column of child.columns) {
    if (!backend.column(parent, column.name)) {
      backend.fail(
        '42804',
        `table "${child.name}" contains column "${column.name}" not found in parent "${parent.name}"`,
      )
    }
  }
  for (const column of parent.columns) {
    const own = backend.column(child, column.name)
    if (!own) backend.fail('42804', `child table is missing column "${column.name}"`)
    if (own.type.name !== column.type.name || own.type.array !== column.type.array) {
      backend.fail('42804', `child table "${child.name}" has different type for column "${column.name}"`)
    }
    if (column.notNull && !own.notNull) {
      backend.fail('42804', `column "${column.name}" in child table "${child.name}" must be marked NOT NULL`)
    }
  }
  for (const constraint of parent.constraints) {
    if (constraint.kind !== 'check' || constraint.noInherit) continue
    if (!child.constraints.some(own => own.name === constraint.name)) {
      backend.fail('42804', `child table is missing constraint "${constraint.name}"`)
    }
  }
}

/**
 * A table cannot be its own descendant. Source: the checks for circular inheritance in ATExecAddInherit and
 * ATExecAttachPartition.
 */
export function requireNoCircle(backend: Backend, parent: Table, child: Table): void {
  if (backend.withDescendants(child).some(({ oid }) => oid === parent.oid)) {
    backend.fail('42P07', 'circular inheritance not allowed')
  }
}

/** ALTER TABLE … INHERIT. Source: ATExecAddInherit. */
export function addInherit(backend: Backend, command: Command): void {
  const parent = announceParent(backend, command, 'inherit')
  if (!parent) return
  backend.lock(parent, 'ShareUpdateExclusiveLock', 'it gets a child')
  const { table } = command
  if (parent.kind === 'partitioned table')
    backend.fail('42809', `cannot inherit from partitioned table "${parent.name}"`)
  if (table.parents.includes(parent.oid))
    backend.fail('42P07', `relation "${parent.name}" would be inherited from more than once`)
  requireNoCircle(backend, parent, table)
  if (parent.complete && table.complete) {
    for (const column of parent.columns) {
      const own = backend.column(table, column.name)
      if (!own) backend.fail('42804', `child table is missing column "${column.name}"`)
      if (own.type.name !== column.type.name || own.type.array !== column.type.array) {
        backend.fail('42804', `child table "${table.name}" has different type for column "${column.name}"`)
      }
    }
    const check = parent.constraints.find(
      ({ name, kind, noInherit }) => kind === 'check' && !noInherit && !backend.constraint(table, name),
    )
    if (check) backend.fail('42804', `child table is missing constraint "${check.name}"`)
  }
  const columns = table.columns.map(own => {
    const isGiven = backend.column(parent, own.name) !== undefined
    return isGiven ? { ...own, inherited: true, local: own.local ?? !own.inherited } : own
  })
  backend.change<Table>(table.oid, { parents: [...table.parents, parent.oid], columns })
  backend.change<Table>(parent.oid, { children: [...parent.children, table.oid] })
}

/** ALTER TABLE … NO INHERIT. Source: ATExecDropInherit. */
export function dropInherit(backend: Backend, command: Command): void {
  const parent = announceParent(backend, command, 'no-inherit')
  if (!parent) return
  const { table } = command
  if (table.partitionOf !== null) backend.fail('42809', 'cannot change inheritance of a partition')
  backend.lock(parent, 'AccessShareLock', 'it loses a child')
  if (table.complete && parent.complete && !table.parents.includes(parent.oid)) {
    backend.fail('42P01', `relation "${parent.name}" is not a parent of relation "${table.name}"`)
  }
  const parents = table.parents.filter(oid => oid !== parent.oid)
  const others = parents.flatMap(oid => backend.getTable(oid) ?? [])
  // What no other parent gives belongs to the table from now on (attinhcount and coninhcount in RemoveInheritance).
  backend.change<Table>(table.oid, {
    parents,
    columns: table.columns.map(column => givenBy(backend, others, column)),
    constraints: table.constraints.map(constraint => ({
      ...constraint,
      inherited: constraint.inherited && others.some(other => backend.constraint(other, constraint.name)),
    })),
  })
  backend.change<Table>(parent.oid, { children: parent.children.filter(oid => oid !== table.oid) })
}

/** A column of a table that has these parents. Only what a parent gives is inherited. */
export function givenBy(backend: Backend, parents: readonly Table[], column: Column): Column {
  if (!column.inherited || parents.some(parent => backend.column(parent, column.name))) return column
  return { ...column, inherited: false, local: true }
}

function announceParent(backend: Backend, command: Command, kind: 'inherit' | 'no-inherit'): Table | undefined {
  const { table, cmd, span, keyword } = command
  const name = cmd.def && 'RangeVar' in cmd.def ? cmd.def.RangeVar : undefined
  const parent: Relation | undefined = name ? backend.relation(name) : undefined
  backend.operation({ kind, span, keyword, subject: backend.subject(table), detail: parent?.name ?? null })
  return parent && isTable(parent) ? parent : undefined
}
