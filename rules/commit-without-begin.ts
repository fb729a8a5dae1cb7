import { help, raw, say } from '../src/lint/advice/sql.ts'
import { once } from '../src/lint/once.ts'
import { defineRule } from '../src/lint/rule.ts'
import type { Script } from '../src/parse/script.ts'

export default defineRule({
  title: 'COMMIT or ROLLBACK without BEGIN',
  why: 'Either there is no transaction, and PostgreSQL only warns, or it ends one that the migration did not begin: that of the tool.',
  severity: 'warning',
  category: 'transaction',
  on: ['commit', 'rollback'],
  peers: ['squawk:transaction-nesting', 'pgls:transactionNesting'],

  check({ step, operation, script }) {
    const { kind, openedBy, inTransaction } = operation
    if (step.error || !outermost(script).has(step.statement)) return
    // commit-in-runner-transaction reports a transaction that is certainly the tool's.
    if (openedBy === 'explicit' || openedBy === 'runner') return
    const word = raw(kind === 'rollback' ? 'ROLLBACK' : 'COMMIT')
    return {
      at: operation.keyword,
      message:
        inTransaction === false
          ? say`This does nothing: no transaction is open, and all that came before it has been committed.`
          : openedBy === 'implicit'
            ? say`This ${raw(kind === 'rollback' ? 'undoes' : 'commits')} what was sent with it so far, although the migration never says BEGIN.`
            : say`This ${word} has no BEGIN: it does nothing, or ends the transaction of the tool that runs the migration.`,
      help: help('Leave it out, or put the BEGIN that it belongs to before the first statement.'),
    }
  },
})

const outermost = once(({ statements }: Script) => new Set(statements))
