import { whoWaits } from '../src/lint/advice/effects.ts'
import { boundedWaitOf, waitIsBounded } from '../src/lint/advice/lock-timeout.ts'
import { help, raw, say } from '../src/lint/advice/sql.ts'
import { heldAgainstReaders, takenAt, waitsFor } from '../src/lint/advice/strongest-lock.ts'
import type { Config } from '../src/lint/config/config.ts'
import { onceForBoth, stepsBy } from '../src/lint/once.ts'
import { defineRule } from '../src/lint/rule.ts'
import type { Step } from '../src/postgres/step.ts'

export default defineRule({
  title: 'Locks on several tables in one transaction',
  why: 'The transaction keeps its first lock while it waits for the next. With one that locks the tables in the other order, that is a deadlock.',
  severity: 'warning',
  category: 'locking',
  // As with missing-lock-timeout: often the role or the deploy sets one.
  presets: { recommended: 'note', strict: 'warning' },
  peers: ['migrationpilot:MP008', 'pgfence:wide-lock-window', 'pgls:avoidWideLockWindow'],

  checkStep({ step, migration, history, config, runner, label }) {
    if (waitIsBounded(step, config)) return
    const [held, wanted] = pair(step)
    if (!held || !wanted) return
    // Once per transaction is enough.
    if ((pairs(migration, config).get(step.transaction.id)?.[0] ?? Infinity) < step.index) return
    return {
      at: step.statement.keyword,
      message: say`While this waits for ${wanted.relation}, ${raw(whoWaits(held.mode) ?? '')} ${held.relation} wait with it.`,
      help: help(
        `One table per transaction is safe. ${runner.laterMigration()}`,
        raw(`${step.statement.text};`),
        'Or limit the wait before the first lock is taken, and try again later:',
        boundedWaitOf(step).slice(1),
      ),
      ...takenAt(held, history, label),
    }
  },
})

/** Transactions, with the steps for which two tables are locked or waited for without a limit. */
const pairs = onceForBoth((migration: readonly Step[], config: Config) =>
  stepsBy(migration, each => (!waitIsBounded(each, config) && pair(each)[1] ? [each.transaction.id] : [])),
)

/** A table that nobody can read meanwhile, and another one that the statement has to wait for. */
function pair(step: Step) {
  const [held] = heldAgainstReaders(step)
  return held ? ([held, waitsFor(step).find(({ oid }) => oid !== held.oid)] as const) : []
}
