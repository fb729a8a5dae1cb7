import { help, say, sql } from '../src/lint/advice/sql.ts'
import { defineRule } from '../src/lint/rule.ts'
import type { Step } from '../src/postgres/step.ts'

export default defineRule({
  title: 'Transaction that nothing ends',
  why: 'The migration counts as applied although none of its changes stay. Until the connection closes, its locks make others wait.',
  severity: 'error',
  category: 'transaction',
  peers: ['migrationpilot:MP053', 'squawk:ban-uncommitted-transaction', 'pgfence:unclosed-transaction'],

  checkMigration({ migration }) {
    const open = migration.reduce<Step | null>(follow, null)
    if (!open) return
    // A tool that wraps the file in a transaction of its own would also end this one.
    const wrapped = open.transaction.kind === 'unknown'
    return {
      at: open.statement.keyword,
      message: wrapped
        ? say`Nothing here ends this transaction: unless something else does, everything after it is undone.`
        : say`Nothing ends this transaction: everything after it is undone when the connection closes.`,
      severity: wrapped ? 'warning' : 'error',
      help: help('End the migration with:', sql`COMMIT;`),
    }
  },
})

/** The statement that opened the transaction that is open after a step. The runner ends its own transaction. */
function follow(open: Step | null, step: Step): Step | null {
  for (const operation of step.error ? [] : step.operations) {
    if (operation.kind === 'begin')
      return open ?? (operation.openedBy === 'runner' || step.transaction.runnerCommits ? null : step)
    if (operation.kind === 'commit' || operation.kind === 'rollback')
      return step.statement.node.chain && !step.transaction.runnerCommits ? step : null
  }
  return open
}
