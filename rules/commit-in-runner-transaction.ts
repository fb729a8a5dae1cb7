import { defineRule } from '../src/lint/rule.ts'
import { help, say } from '../src/lint/sql.ts'

export default defineRule({
  title: "COMMIT or ROLLBACK of the tool's transaction",
  why: 'The tool opened this transaction to do all of the migration or nothing, and to record it as applied at the same time.',
  severity: 'warning',
  category: 'transaction',
  on: ['commit', 'rollback'],

  check({ step, operation, migration, script }) {
    if (operation.openedBy !== 'runner' || step.error || !script.statements.includes(step.statement)) return
    // With a BEGIN of its own the file has a pair too many: nested-transaction.
    const { id } = step.transaction
    const begun = (each: (typeof migration)[number]) =>
      each.transaction.id === id && each.index < step.index && each.operations.some(({ kind }) => kind === 'begin')
    if (migration.some(begun)) return
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
