import { help, say } from '../src/lint/advice/sql.ts'
import { once, stepsBy } from '../src/lint/once.ts'
import { defineRule } from '../src/lint/rule.ts'
import type { Script } from '../src/parse/script.ts'
import type { Step } from '../src/postgres/step.ts'

export default defineRule({
  title: "COMMIT or ROLLBACK of the tool's transaction",
  why: 'The tool opened this transaction to do all of the migration or nothing, and to record it as applied at the same time.',
  severity: 'warning',
  category: 'transaction',
  on: ['commit', 'rollback'],

  check({ step, operation, migration, script }) {
    if (operation.openedBy !== 'runner' || step.error || !outermost(script).has(step.statement)) return
    // With a BEGIN of its own the file has a pair too many: nested-transaction.
    if ((begins(migration).get(step.transaction.id)?.[0] ?? Infinity) < step.index) return
    const undone = operation.kind === 'rollback'
    return {
      at: operation.keyword,
      message: undone
        ? say`This undoes all that the migration did so far, and yet it is recorded as applied.`
        : say`This ends the tool's transaction: if what follows fails, what came before stays.`,
      severity: undone ? 'error' : 'warning',
      help: help('Leave it out. What has to run outside a transaction goes into a migration of its own.'),
    }
  },
})

const outermost = once(({ statements }: Script) => new Set(statements))

/** Transactions with the steps in them that say BEGIN. */
const begins = once((migration: readonly Step[]) =>
  stepsBy(migration, ({ operations, transaction }) =>
    operations.some(({ kind }) => kind === 'begin') ? [transaction.id] : [],
  ),
)
