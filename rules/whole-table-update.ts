import { whoWaits } from '../src/lint/advice/effects.ts'
import { help, raw, say } from '../src/lint/advice/sql.ts'
import { isHeldAgainstOthers, waitsFor, workOn } from '../src/lint/advice/strongest-lock.ts'
import { batches, touchesEveryRow } from '../src/lint/advice/whole-table.ts'
import { once } from '../src/lint/once.ts'
import { defineRule } from '../src/lint/rule.ts'
import type { Step } from '../src/postgres/step.ts'

export default defineRule({
  title: 'UPDATE of every row at once',
  why: 'Each row stays locked from the moment it changes until all have changed. Each leaves a dead copy, so the table can grow to twice its size.',
  severity: 'error',
  category: 'transaction',
  on: ['update'],
  peers: ['migrationpilot:MP011', 'pgfence:update-in-migration', 'pgls:banUpdateWithoutWhere'],

  check({ step, operation, effects, runner, config, migration, isLarge }) {
    const { table } = operation
    if (!table.exposed || step.error || !workOn(effects, step, isLarge) || !touchesEveryRow(operation, step)) return
    // Under a strong lock it is worse: backfill-in-schema-transaction reports that.
    if (isHeldAgainstOthers(step)) return
    return {
      at: operation.keyword,
      message: say`Updating every row of ${table.name} at once blocks other updates of them until it commits.`,
      help: help(maybeLocked(step, migration), batches(step, operation, runner, config)),
      works: operation.effects,
    }
  },
})

const firstWaiting = once((migration: readonly Step[]) => migration.find(each => waitsFor(each).length > 0))

/** It is often not known whether a file runs as one transaction: then earlier locks may be held until this is done. */
function maybeLocked({ transaction, index }: Step, migration: readonly Step[]): string | null {
  if (transaction.kind !== 'unknown') return null
  const locking = firstWaiting(migration)
  const [lock] = locking && locking.index < index ? waitsFor(locking) : []
  if (!lock) return null
  return say`If the migration runs in one transaction, ${raw(whoWaits(lock.lock) ?? '')} ${lock.relation} wait as well.`
}
