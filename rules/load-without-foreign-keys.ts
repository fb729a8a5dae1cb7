import { tableOf } from '../src/lint/advice/foreign-key.ts'
import { help, say, sql } from '../src/lint/advice/sql.ts'
import { defineRule } from '../src/lint/rule.ts'
import type { Catalog, Oid } from '../src/postgres/catalog/catalog.ts'
import type { Step } from '../src/postgres/step.ts'

export default defineRule({
  title: 'Rows written while foreign keys are switched off',
  why: 'DISABLE TRIGGER ALL switches foreign keys off, too. Nothing checks the rows that were written meanwhile: not ENABLE, and not VALIDATE CONSTRAINT, for which the key is valid already.',
  severity: 'warning',
  category: 'data loss',
  on: ['enable-trigger'],

  check({ step, operation, migration, label }) {
    const { subject, detail } = operation
    if (detail !== 'ALL' || step.error || !mayHaveKeys(step.before, subject.oid)) return
    const disabled = migration.findLast(each => each.index < step.index && switchesOff(each, subject.oid))
    if (!disabled) return
    const written = migration.find(
      each => each.index > disabled.index && each.index < step.index && writesTo(each, subject.oid),
    )
    if (!written) return
    return {
      at: written.statement.keyword,
      message: say`Nothing ever checks the foreign keys of what this changes in ${subject.name}.`,
      help: help(
        'Disable the triggers of users only. That leaves the foreign keys on:',
        sql`ALTER TABLE ${subject.name} DISABLE TRIGGER USER;`,
        'Or drop the foreign keys before, add them again NOT VALID, and validate them afterwards.',
      ),
      related: [label(disabled, 'they are switched off here'), label(step, 'they are switched on again here')],
    }
  },
})

function switchesOff({ operations }: Step, table: Oid): boolean {
  return operations.some(each => each.kind === 'disable-trigger' && each.detail === 'ALL' && each.subject.oid === table)
}

const writes: ReadonlySet<string> = new Set(['insert', 'update', 'delete', 'merge', 'copy-from'])

function writesTo({ operations, error }: Step, table: Oid): boolean {
  return (
    error === null && operations.some(each => writes.has(each.kind) && 'table' in each && each.table?.oid === table)
  )
}

/** False for a table of which the migrations tell that it has no foreign key, and that none refers to it. */
function mayHaveKeys(catalog: Catalog, oid: Oid): boolean {
  const table = tableOf(catalog, oid)
  if (!table?.complete || catalog.uncertain !== null) return true
  if (table.constraints.some(({ kind }) => kind === 'foreign key')) return true
  return catalog.relations.some(
    relation => 'constraints' in relation && relation.constraints.some(({ references }) => references?.table === oid),
  )
}
