import { help, say, sql } from '../src/lint/advice/sql.ts'
import { tableOf } from '../src/lint/advice/table.ts'
import type { Label } from '../src/lint/finding.ts'
import { defineRule, type RuleResult } from '../src/lint/rule.ts'
import type { Catalog, Oid } from '../src/postgres/catalog/catalog.ts'
import type { SettingValue } from '../src/postgres/catalog/setting.ts'
import type { Step } from '../src/postgres/step.ts'
import type { Write } from '../src/postgres/table-operation.ts'

const orAddThemAgain = 'Or first drop the foreign keys, then add them again NOT VALID, and validate them afterwards.'

export default defineRule({
  title: 'Rows written while foreign keys are switched off',
  why: 'DISABLE TRIGGER ALL switches foreign keys off, and so does session_replication_role = replica. Nothing checks the rows that were written meanwhile: neither ENABLE, nor VALIDATE CONSTRAINT, for which the key is valid already.',
  severity: 'warning',
  category: 'data loss',
  on: ['enable-trigger', 'insert', 'update', 'delete', 'merge', 'copy-from'],

  check({ step, operation, migration, label }) {
    if (operation.kind !== 'enable-trigger') return asReplica(step, operation, migration, label)
    const { subject, detail } = operation
    if (detail !== 'ALL' || step.error) return
    const keys = keysOf(step.before, subject.oid)
    const isCertain = step.before.uncertain === null
    if (isCertain && keys?.size === 0) return
    const disabled = migration.findLast(each => each.index < step.index && switchesOff(each, subject.oid))
    if (!disabled) return
    const between = migration.filter(({ index }) => index > disabled.index && index < step.index)
    const about = between.find(each => writesTo(each, subject.oid, keys))
    // A migration that was not read may have added a foreign key of any column.
    const written = about ?? (isCertain ? undefined : between.find(each => writesTo(each, subject.oid, null)))
    if (!written) return
    return {
      at: written.statement.keyword,
      ...(about ? {} : { severity: 'note' }),
      message: say`Nothing ever checks the foreign keys of what this changes in ${subject.name}.`,
      help: help(
        'Disable the triggers of users only. That leaves the foreign keys on:',
        sql`ALTER TABLE ${subject.name} DISABLE TRIGGER USER;`,
        orAddThemAgain,
      ),
      related: [label(disabled, 'they are switched off here'), label(step, 'they are switched on again here')],
    }
  },
})

/** Writes while the session only applies what another server has checked. */
function asReplica(
  step: Step,
  { table, keyword }: Write,
  migration: readonly Step[],
  label: (step: Step, message: string) => Label,
): RuleResult {
  const set = asReplicaBy(step)
  if (!table || !set) return
  const keys = keysOf(step.before, table.oid)
  const isCertain = step.before.uncertain === null
  if (isCertain && keys?.size === 0) return
  const same = migration.filter(each => each.index <= step.index && asReplicaBy(each)?.setBy === set.setBy)
  const written = same.find(each => writesTo(each, table.oid, keys))
  const first = written ?? (isCertain ? undefined : same.find(each => writesTo(each, table.oid, null)))
  // Once is enough for each table.
  if (first !== step) return
  const setter = migration.find(({ index }) => index === set.setBy)
  return {
    at: keyword,
    ...(written ? {} : { severity: 'note' }),
    message: say`Nothing ever checks the foreign keys of what this changes in ${table.name}.`,
    help: help(
      'Leave session_replication_role as it is, and disable the triggers of users only:',
      sql`ALTER TABLE ${table.name} DISABLE TRIGGER USER;`,
      orAddThemAgain,
    ),
    ...(setter ? { related: [label(setter, 'they are switched off here')] } : {}),
  }
}

/** The setting with which the session fires only triggers for replicas. */
function asReplicaBy({ settings }: Step): SettingValue | undefined {
  const set = settings.get('session_replication_role')
  return set?.value?.toLowerCase() === 'replica' ? set : undefined
}

function switchesOff({ operations }: Step, table: Oid): boolean {
  return operations.some(each => each.kind === 'disable-trigger' && each.detail === 'ALL' && each.subject.oid === table)
}

const writes: ReadonlySet<string> = new Set(['insert', 'update', 'delete', 'merge', 'copy-from'])

/** True if it may write columns of a foreign key. Only an UPDATE of other columns does not. */
function writesTo({ operations, error }: Step, table: Oid, keys: ReadonlySet<string> | null): boolean {
  if (error !== null) return false
  return operations.some(each => {
    if (!writes.has(each.kind) || !('table' in each) || each.table?.oid !== table) return false
    const changes = 'changes' in each ? each.changes : undefined
    return !keys || !changes || changes.some(column => keys.has(column))
  })
}

/** The columns of a table in its own foreign keys and in those that refer to it; null if the migrations do not show all of them. */
function keysOf(catalog: Catalog, oid: Oid): ReadonlySet<string> | null {
  const table = tableOf(catalog, oid)
  if (!table?.complete) return null
  const own = table.constraints.flatMap(({ kind, columns }) => (kind === 'foreign key' ? columns : []))
  const all = new Set(own)
  for (const relation of catalog.relations.values()) {
    if (!('constraints' in relation)) continue
    for (const { references } of relation.constraints)
      if (references?.table === oid) for (const column of references.columns) all.add(column)
  }
  return all
}
