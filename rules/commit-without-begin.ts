import type { TransactionStmt } from '@pgsql/types'
import { help, raw, say } from '../src/lint/advice/sql.ts'
import { once } from '../src/lint/once.ts'
import { defineRule } from '../src/lint/rule.ts'
import type { Script } from '../src/parse/script.ts'
import type { Step } from '../src/postgres/step.ts'

export default defineRule({
  title: 'COMMIT or ROLLBACK without BEGIN',
  why: 'Either there is no transaction, and PostgreSQL only warns, or it ends one that the migration did not begin: that of the tool.',
  severity: 'warning',
  category: 'transaction',
  on: ['commit', 'rollback'],
  peers: ['squawk:transaction-nesting', 'pgls:transactionNesting'],

  check({ step, operation, migration, script }) {
    const { openedBy, inTransaction } = operation
    if (step.error || !outermost(script).has(step.statement)) return
    // commit-in-runner-transaction reports a transaction that is certainly the tool's.
    if (openedBy === 'explicit' || openedBy === 'runner') return
    const { word, does } = ends.get(controlOf(step)) ?? commit
    // Directly after the end of a transaction nothing is open, even if a driver begins transactions.
    const last = ends.get(controlOf(migration[step.index - 1 - (migration[0]?.index ?? 0)]))
    return {
      at: operation.keyword,
      message:
        inTransaction === false || last
          ? say`This does nothing: there is no transaction in progress. What came before it ${raw((last ?? commit).fate)}.`
          : openedBy === 'implicit'
            ? say`This ${raw(does)} what was sent with it so far, although the migration never says BEGIN.`
            : say`This ${raw(word)} has no BEGIN: it does nothing, or ends the transaction of the tool that runs the migration.`,
      help: help('Leave it out, or put the BEGIN that it belongs to before the first statement.'),
    }
  },
})

interface End {
  readonly word: string
  readonly does: string
  /** What becomes of the statements before it. */
  readonly fate: string
}

const commit: End = { word: 'COMMIT', does: 'commits', fate: 'has been committed' }

const ends: ReadonlyMap<string | undefined, End> = new Map([
  ['TRANS_STMT_COMMIT', commit],
  ['TRANS_STMT_ROLLBACK', { word: 'ROLLBACK', does: 'undoes', fate: 'has been undone' }],
  [
    'TRANS_STMT_PREPARE',
    {
      word: 'PREPARE TRANSACTION',
      does: 'prepares',
      fate: 'is prepared, and keeps its locks until COMMIT PREPARED',
    },
  ],
])

function controlOf(step: Step | undefined): string | undefined {
  return step?.statement.kind === 'TransactionStmt' ? (step.statement.node as TransactionStmt).kind : undefined
}

const outermost = once(({ statements }: Script) => new Set(statements))
