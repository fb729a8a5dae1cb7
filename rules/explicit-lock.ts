import { whoWaits } from '../src/lint/advice/effects.ts'
import { boundedWaitOf, waitIsBounded } from '../src/lint/advice/lock-timeout.ts'
import { help, raw, say } from '../src/lint/advice/sql.ts'
import { stopsTraffic } from '../src/lint/advice/strongest-lock.ts'
import { defineRule } from '../src/lint/rule.ts'

export default defineRule({
  title: 'LOCK TABLE that may wait without a limit',
  why: 'Everybody waits behind it: first until it has the lock, then until the transaction ends.',
  severity: 'warning',
  category: 'locking',
  peers: ['migrationpilot:MP065'],
  on: ['lock-table'],

  check({ step, operation, config }) {
    const { table, mode, nowait } = operation
    if (!table.exposed || step.error || nowait || !stopsTraffic(mode) || waitIsBounded(step, config)) return
    return {
      at: operation.keyword,
      message: say`This blocks ${raw(whoWaits(mode) ?? '')} ${table.name} until the transaction ends.`,
      help: help(
        'Leave it out unless later statements need a stronger lock than their own, and commit soon.',
        boundedWaitOf(step),
      ),
      // It does not matter here that the lock is taken at once.
      effects: [],
    }
  },
})
