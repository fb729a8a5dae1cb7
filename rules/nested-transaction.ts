import { help, say } from '../src/lint/advice/sql.ts'
import { once, stepsBy } from '../src/lint/once.ts'
import { defineRule } from '../src/lint/rule.ts'
import type { Step } from '../src/postgres/step.ts'

export default defineRule({
  title: 'BEGIN inside a transaction',
  why: 'PostgreSQL has no transactions inside transactions. It warns and continues in the open transaction, and the next COMMIT ends that one.',
  severity: 'warning',
  category: 'transaction',
  on: ['begin'],
  peers: ['squawk:transaction-nesting', 'pgls:transactionNesting'],

  check({ step, operation, history, migration, label }) {
    const { inTransaction, openedBy } = operation
    if (inTransaction !== true || (openedBy !== 'explicit' && openedBy !== 'runner')) return
    const { id, openedBy: opener } = step.transaction
    const end = ends(migration)
      .get(id)
      ?.find(index => index > step.index)
    const ending = end === undefined ? undefined : history[end]
    const begun = openedBy === 'explicit' && opener !== null ? history[opener] : undefined
    return {
      at: operation.keyword,
      message:
        openedBy === 'runner'
          ? say`This opens nothing: the migration already runs in a transaction, and its COMMIT would end that one.`
          : say`This opens nothing: a transaction is open already, and the next COMMIT ends all of it.`,
      help: help(
        openedBy === 'runner'
          ? 'Leave out BEGIN and COMMIT: the whole file is one transaction anyway.'
          : 'Leave it out, with its COMMIT. For a part that may have to be undone alone, use a SAVEPOINT.',
      ),
      related: [
        ...(begun ? [label(begun, 'the transaction begins here')] : []),
        ...(ending ? [label(ending, 'this ends all of it')] : []),
      ],
    }
  },
})

/** Transactions, with the steps that end them. */
const ends = once((migration: readonly Step[]) =>
  stepsBy(migration, ({ operations, transaction }) =>
    operations.some(({ kind }) => kind === 'commit' || kind === 'rollback') ? [transaction.id] : [],
  ),
)
