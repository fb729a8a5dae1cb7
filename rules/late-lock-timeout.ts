import { durationOf, waitIsBounded } from '../src/lint/advice/lock-timeout.ts'
import { help, raw, say } from '../src/lint/advice/sql.ts'
import { waitsFor } from '../src/lint/advice/strongest-lock.ts'
import { defineRule } from '../src/lint/rule.ts'

export default defineRule({
  title: 'Timeout that is set too late',
  why: 'A timeout applies to the statements after it. Earlier ones may wait for their locks without a limit, and everybody waits behind them.',
  severity: 'warning',
  category: 'transaction',
  on: ['set'],
  peers: ['pgfence:lock-timeout-after-dangerous-statement'],

  check({ step, operation, migration, config, text, label }) {
    if (operation.name !== 'lock_timeout' || !durationOf(operation.value)) return
    // Only the first one is reported.
    if (step.settings.has('lock_timeout')) return
    const unbounded = migration.find(
      each =>
        each.index < step.index &&
        !each.settings.has('lock_timeout') &&
        !waitIsBounded(each, config) &&
        waitsFor(each).length > 0,
    )
    const [effect] = unbounded ? waitsFor(unbounded) : []
    if (!unbounded || !effect) return
    return {
      at: operation.span,
      message: say`This lock_timeout comes too late for ${raw(text(unbounded.statement.keyword))}, which waits for ${effect.relation} without a limit.`,
      help: help('Set it before the first statement that needs a strong lock:', raw(`${text(step.statement.span)};`)),
      related: [label(unbounded, 'this waits without a limit')],
    }
  },
})
