import type { ATAlterConstraint } from '@pgsql/types'
import type { Backend } from '../../backend.ts'
import type { Constraint, Table } from '../../catalog/catalog.ts'
import { isTable } from '../../catalog/relation.ts'
import { scan } from '../rewrite.ts'
import { lockDescendants } from './add-column.ts'
import type { Command } from './alter-table-command.ts'
import { keepConstraint, setNotNullFlag } from './constraint-parts.ts'

/**
 * VALIDATE CONSTRAINT reads the table under ShareUpdateExclusive, which allows reads and writes. For a foreign key it
 * takes RowShare on the referenced table and reads that as well. Source: ATExecValidateConstraint,
 * QueueFKConstraintValidation.
 */
export function validateConstraint(backend: Backend, command: Command): void {
  const { table, cmd, span, keyword } = command
  const name = cmd.name ?? ''
  const constraint = backend.constraint(table, name)
  backend.operation({
    kind: 'validate-constraint',
    span,
    keyword,
    table: backend.subject(table),
    name,
    constraint: constraint ?? null,
    addedInSameTransaction: addedInSameTransaction(backend, table, constraint),
  })
  if (!constraint) {
    if (table.complete) backend.fail('42704', `constraint "${name}" of relation "${table.name}" does not exist`)
    scan(backend, table, 'every row is checked', false)
    // Like a CHECK it may prove something, but it is unknown what. It may also be a foreign key, which children do not inherit.
    const unseen = { valid: true, enforced: true, deferrable: false, initiallyDeferred: false, noInherit: true }
    const nothing = { columns: [], expression: null, index: null, references: null, inherited: false, createdIn: null }
    keepConstraint(backend, table, { name, kind: 'check', ...unseen, ...nothing })
    return
  }
  const validatable =
    constraint.kind === 'foreign key' ||
    constraint.kind === 'check' ||
    (constraint.kind === 'not null' && backend.since(18))
  if (!validatable) {
    backend.fail('42809', `constraint "${name}" of relation "${table.name}" is not a foreign key or check constraint`)
  }
  if (!constraint.enforced) backend.fail('55000', 'cannot validate NOT ENFORCED constraint')
  if (constraint.valid) return
  if (constraint.kind === 'foreign key') return validateForeignKey(backend, table, constraint)
  if (command.only && table.children.length > 0 && !constraint.noInherit) {
    backend.fail('42P16', 'constraint must be validated on child tables too')
  }
  const family = command.only || constraint.noInherit ? [table] : backend.withDescendants(table)
  if (family.length > 1) lockDescendants(backend, command)
  for (const each of family) {
    const own =
      constraint.kind === 'not null'
        ? each.constraints.find(other => other.kind === 'not null' && other.columns[0] === constraint.columns[0])
        : backend.constraint(each, name)
    if (own?.valid) continue
    scan(backend, each, 'every row is checked')
    if (own) markValid(backend, each, own.name)
    if (constraint.kind === 'not null') setNotNullFlag(backend, each, constraint.columns[0] ?? '')
  }
}

function validateForeignKey(backend: Backend, table: Table, constraint: Constraint): void {
  const target = constraint.references ? backend.getTable(constraint.references.table) : undefined
  const because = `every row of ${table.name} is looked up in ${target?.name ?? 'the referenced table'}`
  if (target && target.oid !== table.oid) {
    for (const each of target.kind === 'partitioned table' ? backend.withDescendants(target) : [target]) {
      const mode = each.oid === target.oid ? 'RowShareLock' : 'AccessShareLock'
      backend.lock(each, mode, 'the referenced rows are looked up')
      scan(backend, each, because)
    }
  }
  for (const each of table.kind === 'partitioned table' ? backend.withDescendants(table) : [table]) {
    if (each.oid !== table.oid)
      backend.lock(each, 'ShareUpdateExclusiveLock', 'the constraint is validated on every partition')
    scan(backend, each, because)
    markValid(backend, each, constraint.name)
  }
}

function markValid(backend: Backend, table: Table, name: string): void {
  const now = backend.getTable(table.oid) ?? table
  backend.change<Table>(table.oid, {
    constraints: now.constraints.map(constraint =>
      constraint.name === name ? { ...constraint, valid: true } : constraint,
    ),
  })
}

/** Added by this statement, or by an earlier one whose transaction is still open. */
function addedInSameTransaction(backend: Backend, table: Table, constraint: Constraint | undefined): boolean {
  if (!constraint) return false
  const then = (backend.began ?? backend.before).relations.get(table.oid)
  return !(then && isTable(then) && then.constraints.some(({ name }) => name === constraint.name))
}

/** ALTER CONSTRAINT: deferrability, and from 18 enforceability and inheritance. Source: ATExecAlterConstraint. */
export function alterConstraint(backend: Backend, command: Command): void {
  const { table, cmd, span, keyword } = command
  const change =
    cmd.def && 'ATAlterConstraint' in cmd.def ? (cmd.def.ATAlterConstraint as ATAlterConstraint) : undefined
  const name = change?.conname ?? cmd.name ?? ''
  backend.operation({ kind: 'alter-constraint', span, keyword, subject: backend.subject(table), detail: name })
  const constraint = backend.constraint(table, name)
  if (!constraint) {
    if (table.complete) backend.fail('42704', `constraint "${name}" of relation "${table.name}" does not exist`)
    if (change?.alterEnforceability && change.is_enforced) {
      scan(backend, table, 'the foreign key is verified, unless it is enforced already', false)
    }
    return
  }
  if (change?.alterDeferrability && constraint.kind !== 'foreign key') {
    backend.fail('42809', `constraint "${name}" of relation "${table.name}" is not a foreign key constraint`)
  }
  if (change?.alterEnforceability && constraint.kind !== 'foreign key') {
    backend.fail('42809', `cannot alter enforceability of constraint "${name}" of relation "${table.name}"`)
  }
  const target = constraint.references ? backend.getTable(constraint.references.table) : undefined
  const family = table.kind === 'partitioned table' ? backend.withDescendants(table) : [table]
  if (change?.alterEnforceability && target) {
    const enforce = change.is_enforced ?? false
    if (enforce !== constraint.enforced) {
      backend.lock(
        target,
        enforce ? 'ShareRowExclusiveLock' : 'AccessExclusiveLock',
        'the triggers of the foreign key on the referenced table change',
      )
      for (const each of family) if (enforce) scan(backend, each, 'the foreign key is verified')
      if (enforce) scan(backend, target, 'the foreign key is verified')
    }
  }
  for (const each of family) {
    if (each.oid !== table.oid) backend.lock(each, 'AccessExclusiveLock', 'the constraint changes on every partition')
    const now = backend.getTable(each.oid) ?? each
    backend.change<Table>(each.oid, {
      constraints: now.constraints.map(other =>
        other.name === name
          ? {
              ...other,
              ...(change?.alterDeferrability
                ? { deferrable: change.deferrable ?? false, initiallyDeferred: change.initdeferred ?? false }
                : {}),
              ...(change?.alterEnforceability
                ? { enforced: change.is_enforced ?? false, valid: change.is_enforced ?? false }
                : {}),
            }
          : other,
      ),
    })
  }
}
