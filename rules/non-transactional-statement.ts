import { defineRule } from '../src/lint/rule.ts'
import { help, raw, say } from '../src/lint/sql.ts'

export default defineRule({
  title: 'Statement that cannot run in a transaction',
  why: 'It does what could not be rolled back, or commits in between, so PostgreSQL refuses it inside a transaction: the migration fails.',
  severity: 'error',
  category: 'certain failure',
  peers: ['pgfence:concurrent-in-transaction'],

  checkStep({ step, history, runner, label }) {
    // PreventInTransactionBlock() in xact.c. Of CONCURRENTLY another rule speaks.
    if (step.error?.sqlstate !== '25001') return
    if (step.operations.some(operation => 'concurrently' in operation && operation.concurrently)) return
    const { kind, openedBy } = step.transaction
    const opener = openedBy === null ? undefined : history[openedBy]
    const inBlock = opener?.operations.some(each => each.kind === 'do') ?? false
    const begun =
      kind === 'explicit' ? 'the transaction begins here' : inBlock ? 'the DO block is one transaction' : null
    const command = step.error.message.replace(/ cannot run inside a transaction block$/, '')
    return {
      at: step.statement.keyword,
      message: say`${raw(command)} fails: this runs inside a transaction.`,
      help: help(
        inBlock
          ? 'Take it out of the DO block, and out of any transaction:'
          : kind === 'explicit'
            ? 'Before BEGIN or after COMMIT:'
            : runner.outsideTransaction(),
        raw(`${step.statement.text};`),
      ),
      ...(begun !== null && opener ? { related: [label(opener, begun)] } : {}),
    }
  },
})
