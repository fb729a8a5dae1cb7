import { concurrentKinds, concurrentWork } from '../src/lint/concurrently.ts'
import { defineRule } from '../src/lint/rule.ts'
import { help, raw, say } from '../src/lint/sql.ts'

export default defineRule({
  title: 'CONCURRENTLY inside a transaction',
  why: 'What is done CONCURRENTLY commits in between, so PostgreSQL refuses it inside a transaction: the migration fails.',
  severity: 'error',
  category: 'certain failure',
  on: [...concurrentKinds],
  peers: [
    'squawk:ban-concurrent-index-creation-in-transaction',
    'pgfence:concurrent-in-transaction',
    'atlas:PG103',
    'pgls:banConcurrentIndexCreationInTransaction',
  ],

  check({ step, operation, runner, history, label, text }) {
    // PreventInTransactionBlock() in xact.c.
    if (!operation.concurrently || step.error?.sqlstate !== '25001') return
    const { kind, openedBy } = step.transaction
    const opener = openedBy === null ? undefined : history[openedBy]
    const inBlock = opener?.operations.some(each => each.kind === 'do') ?? false
    const begun =
      kind === 'explicit' ? 'the transaction begins here' : inBlock ? 'the DO block is one transaction' : null
    return {
      at: operation.keyword,
      message: say`${raw(concurrentWork(operation))} fails: this runs inside a transaction.`,
      help: help(
        inBlock
          ? 'Take it out of the DO block, and out of any transaction:'
          : kind === 'explicit'
            ? 'Before BEGIN or after COMMIT:'
            : runner.outsideTransaction(),
        raw(`${text(step.statement.span)};`),
      ),
      ...(begun !== null && opener ? { related: [label(opener, begun)] } : {}),
    }
  },
})
