import { help, say, sql } from '../src/lint/advice/sql.ts'
import { heldOn, stopsTraffic } from '../src/lint/advice/strongest-lock.ts'
import { defineRule } from '../src/lint/rule.ts'
import { nameParts } from '../src/parse/placeholder.ts'
import type { Oid } from '../src/postgres/catalog/catalog.ts'
import type { Step } from '../src/postgres/step.ts'

export default defineRule({
  title: 'Exchange of tables that loses rows',
  why: 'Rows that others write to the old table after the copy are only there, and the new table takes its name.',
  severity: 'error',
  category: 'data loss',
  on: ['rename-table', 'set-schema'],

  check(context) {
    const { step, operation, migration, label } = context
    const { subject } = operation
    if (!subject || step.error) return
    const to = operation.kind === 'rename-table' ? operation.to : bare(subject.name)
    // The old table, which had the name before and was renamed or dropped.
    const given = migration.findLast(each => each.index < step.index && givesUp(each, to))
    const old = given && oldTable(given, to)
    if (!given || !old || old.oid === subject.oid || !old.exposed) return
    const copied = migration.findLast(each => each.index < given.index && copies(each, old.oid, subject.oid))
    if (!copied || isKeptOut(copied, given, migration, old.oid)) return
    return {
      at: operation.keyword,
      message: say`Rows that are written to ${old.name} while this runs are lost: ${subject.name} takes its place with only the rows that were copied before.`,
      help: help(
        'Let a trigger on the old table write to the new one as well before the rows are copied. Or let nobody write from before the copy until the exchange is done, in one transaction, and keep that short:',
        sql`
          BEGIN;
          SET LOCAL lock_timeout = '2s';
          LOCK TABLE ${old.name} IN SHARE ROW EXCLUSIVE MODE;`,
        'Then copy, rename and COMMIT.',
      ),
      related: [label(copied, 'the rows are copied here'), label(given, 'the old table loses its name here')],
    }
  },
})

interface Old {
  readonly oid: Oid
  readonly name: string
  readonly exposed: boolean
}

function givesUp({ operations, error }: Step, name: string): boolean {
  return error === null && operations.some(each => named(each, name) !== undefined)
}

function oldTable({ operations }: Step, name: string): Old | undefined {
  for (const each of operations) {
    const found = named(each, name)
    if (found) return found
  }
  return undefined
}

function named(operation: Step['operations'][number], name: string): Old | undefined {
  if (operation.kind === 'rename-table' && operation.from === name) return operation.subject ?? undefined
  if ((operation.kind !== 'drop-table' && operation.kind !== 'set-schema') || !operation.subject) return undefined
  return bare(operation.subject.name) === name ? operation.subject : undefined
}

/** The name without its schema. */
function bare(name: string): string {
  return nameParts(name).at(-1) ?? name
}

/** Reads the old table and writes the new one, by INSERT … SELECT or CREATE TABLE AS. */
function copies({ operations, effects, before, after }: Step, old: Oid, copy: Oid): boolean {
  const reads = effects.some(({ oid }) => oid === old)
  const writes = operations.some(each => (each.kind === 'insert' || each.kind === 'merge') && each.table.oid === copy)
  const makes =
    !before.relations.has(copy) && after.relations.has(copy) && operations.some(each => each.kind === 'create-table')
  return reads && (writes || makes)
}

/**
 * Nobody could write to the old table from before the copy until it lost its name, or a trigger of this migration
 * copies such writes.
 */
function isKeptOut(copied: Step, given: Step, migration: readonly Step[], old: Oid): boolean {
  const follows = migration.some(
    each =>
      each.index < copied.index &&
      each.operations.some(other => other.kind === 'create-trigger' && other.subject?.oid === old),
  )
  if (follows) return true
  const { id, kind } = copied.transaction
  if (kind !== 'unknown') {
    return id !== null && id === given.transaction.id && stopsTraffic(heldOn(copied, old)?.mode ?? null)
  }
  // If it is not known how the file is run, LOCK TABLE and the like show that it is one transaction.
  return migration.some(
    each => each.index < copied.index && each.effects.some(({ oid, lock }) => oid === old && stopsTraffic(lock)),
  )
}
