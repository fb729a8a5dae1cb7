import type { Backend } from '../../backend.ts'
import type { Oid, Table } from '../../catalog/catalog.ts'
import { changedColumns, isIndex, isInherited, systemColumns } from '../../catalog/relation.ts'
import { columnsOf } from '../../expression/expression.ts'
import { performDeletion } from '../../object/deletion.ts'
import { dependentsOf } from '../../object/dependents.ts'
import { lockDescendants } from './add-column.ts'
import type { Command } from './alter-table-command.ts'
import { givenBy } from './inherit.ts'

/**
 * DROP COLUMN is quick (the values stay where they are), but it drops every index and constraint that contains the
 * column. Source: ATExecDropColumn in tablecmds.c.
 */
export function dropColumn(backend: Backend, command: Command): void {
  const { table, cmd, span, keyword } = command
  const name = cmd.name ?? ''
  const cascade = cmd.behavior === 'DROP_CASCADE'
  const column = backend.column(table, name)
  const dependents = dependentsOf(backend, [{ kind: 'column', relation: table.oid, name }])
  backend.operation({
    kind: 'drop-column',
    span,
    keyword,
    table: backend.subject(table),
    column: name,
    known: column ?? null,
    ifExists: cmd.missing_ok ?? false,
    cascade,
    dropsIndexes: dependents.flatMap(({ kind, relation }) => {
      const index = kind === 'relation' && relation !== null ? backend.get(relation) : undefined
      return index && isIndex(index) ? [index.name] : []
    }),
    dropsConstraints: dependents.flatMap(({ object }) =>
      object.kind === 'constraint' && object.relation === table.oid ? [object.name] : [],
    ),
    dependents: dependents.flatMap(({ automatic, describe }) => (automatic ? [] : [describe])),
  })
  if (!column && table.complete && cmd.missing_ok) return
  if (systemColumns.has(name)) backend.fail('0A000', `cannot drop system column "${name}"`)
  backend.existingColumn(table, name)
  if (isInherited(table, column)) backend.fail('42P16', `cannot drop inherited column "${name}"`)
  const keys = table.partitioning?.keys ?? []
  if (keys.some(key => key.column === name || (key.expression && columnsOf(key.expression).includes(name)))) {
    backend.fail(
      '42P16',
      `cannot drop column "${name}" because it is part of the partition key of relation "${table.name}"`,
    )
  }
  if (command.only && table.kind === 'partitioned table' && table.children.length > 0) {
    backend.fail('42P16', 'cannot drop column from only the partitioned table when partitions exist')
  }
  // With ONLY the children keep their columns, but the children are still locked.
  lockDescendants(backend, { ...command, only: false })
  const losing = command.only ? new Set([table.oid]) : tablesLosing(backend, table, name)
  const keeping = [...losing].flatMap(oid => backend.getTable(oid)?.children ?? []).filter(oid => !losing.has(oid))
  for (const oid of [...losing].reverse()) {
    performDeletion(backend, [{ kind: 'column', relation: oid, name }], cascade || oid !== table.oid)
  }
  for (const oid of new Set(keeping)) {
    const child = backend.getTable(oid)
    if (!child) continue
    const columns = child.columns.map(own =>
      own.name === name ? givenBy(backend, parentsOf(backend, child), own) : own,
    )
    backend.change<Table>(oid, { columns })
  }
}

/**
 * The table and its descendants that lose the column with it, parents first, together with everything on it. A child keeps a column that it
 * declares itself, or that another parent gives it. Source: ATExecDropColumn.
 */
function tablesLosing(backend: Backend, table: Table, name: string): Set<Oid> {
  const losing = new Set<Oid>()
  const waiting = [table]
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    losing.add(next.oid)
    for (const child of next.children.flatMap(oid => backend.getTable(oid) ?? [])) {
      if (losing.has(child.oid)) continue
      const column = backend.column(child, name)
      const others = parentsOf(backend, child).filter(({ oid }) => !losing.has(oid))
      const isKept = column && (!column.inherited || column.local || others.some(other => backend.column(other, name)))
      if (child.partitionOf !== null || !isKept) waiting.push(child)
    }
  }
  return losing
}

function parentsOf(backend: Backend, { parents }: Table): Table[] {
  return parents.flatMap(oid => backend.getTable(oid) ?? [])
}

/** DROP CONSTRAINT. A foreign key costs AccessExclusive on both tables. Source: ATExecDropConstraint. */
export function dropConstraint(backend: Backend, command: Command): void {
  const { table, cmd, span, keyword } = command
  const name = cmd.name ?? ''
  const cascade = cmd.behavior === 'DROP_CASCADE'
  const constraint = backend.constraint(table, name)
  backend.operation({
    kind: 'drop-constraint',
    span,
    keyword,
    table: backend.subject(table),
    name,
    constraint: constraint ?? null,
    constraintKind: constraint?.kind ?? backend.statement.constraint ?? null,
    ifExists: cmd.missing_ok ?? false,
    cascade,
    dependents: dependentsOf(backend, [{ kind: 'constraint', relation: table.oid, name }]).flatMap(
      ({ automatic, describe }) => (automatic ? [] : [describe]),
    ),
  })
  if (!constraint) {
    // Only 18 has names of NOT NULL constraints, and those of tables that were not created here are not known.
    if (table.complete && !cmd.missing_ok) {
      backend.fail('42704', `constraint "${name}" of relation "${table.name}" does not exist`)
    }
    // The server looks at all partitions before it looks for the constraint.
    if (table.kind === 'partitioned table') lockDescendants(backend, { ...command, only: false })
    return
  }
  if (constraint.inherited) {
    backend.fail('42P16', `cannot drop inherited constraint "${name}" of relation "${table.name}"`)
  }
  if (constraint.kind === 'not null') return dropNotNullConstraint(backend, command, constraint.columns[0] ?? '')
  if (recurses(table, constraint.kind, constraint.noInherit)) {
    if (
      command.only &&
      table.kind === 'partitioned table' &&
      table.children.length > 0 &&
      constraint.kind === 'check'
    ) {
      backend.fail('42P16', 'cannot remove constraint from only the partitioned table when partitions exist')
    }
    // With ONLY the children keep their constraints, but the children are still locked.
    lockDescendants(backend, { ...command, only: false })
    if (command.only) for (const oid of table.children) leaveConstraint(backend, oid, name, table)
  }
  const referenced = constraint.references && backend.getTable(constraint.references.table)
  if (referenced) backend.lock(referenced, 'AccessExclusiveLock', `foreign key "${name}" of "${table.name}" is dropped`)
  const index = constraint.index === null ? undefined : backend.getIndex(constraint.index)
  performDeletion(backend, [{ kind: 'constraint', relation: table.oid, name }], cascade)
  if (index && backend.get(index.oid)) performDeletion(backend, [{ kind: 'relation', oid: index.oid }], true)
}

/** The constraint belongs to the child from now on, unless another parent has it, too. */
function leaveConstraint(backend: Backend, oid: Oid, name: string, without: Table): void {
  const child = backend.getTable(oid)
  if (!child) return
  const others = parentsOf(backend, child).filter(parent => parent.oid !== without.oid)
  const inherited = others.some(other => backend.constraint(other, name))
  const constraints = child.constraints.map(own => (own.name === name ? { ...own, inherited } : own))
  backend.change<Table>(oid, { constraints })
}

function recurses(table: Table, kind: string, noInherit: boolean): boolean {
  return table.kind === 'partitioned table' || (kind === 'check' && !noInherit)
}

function dropNotNullConstraint(backend: Backend, command: Command, column: string): void {
  const { table } = command
  const isKey = table.constraints.some(other => other.kind === 'primary key' && other.columns.includes(column))
  if (isKey) backend.fail('42P16', `column "${column}" is in a primary key`)
  lockDescendants(backend, command)
  const facts = { notNull: false }
  for (const each of command.only ? [table] : backend.withDescendants(table)) {
    backend.change<Table>(each.oid, {
      constraints: each.constraints.filter(other => !(other.kind === 'not null' && other.columns[0] === column)),
      columns: changedColumns(each.columns, column, facts),
    })
  }
}
