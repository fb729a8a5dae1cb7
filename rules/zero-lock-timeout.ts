import { whoWaits } from '../src/lint/effects.ts'
import { waitsFor } from '../src/lint/held.ts'
import { boundedWaitOf, duration } from '../src/lint/lock-timeout.ts'
import { defineRule } from '../src/lint/rule.ts'
import { help, raw, say } from '../src/lint/sql.ts'

export default defineRule({
  title: 'Timeout of zero where a strong lock is needed',
  why: 'Zero means no limit, even where the role sets one. One long query is enough to make this statement wait, and everybody behind it.',
  severity: 'warning',
  category: 'transaction',
  peers: ['pgfence:lock-timeout-zero'],

  checkStep({ step, migration, history, text, label }) {
    const [effect] = waitsFor(step)
    if (!effect || duration(step, 'lock_timeout') !== 0 || (duration(step, 'statement_timeout') ?? 0) > 0) return
    // The first statement after each SET is enough.
    const setBy = step.settings.get('lock_timeout')?.setBy ?? null
    const first = migration.find(each => each.index > (setBy ?? -1) && waitsFor(each).length > 0)
    if (first?.index !== step.index) return
    const setter = setBy === null ? undefined : history[setBy]
    return {
      at: step.statement.keyword,
      message: say`While this waits for its lock, ${raw(whoWaits(effect.lock) ?? '')} ${effect.relation} wait behind it: lock_timeout is 0.`,
      help: help(...boundedWaitOf(step, raw(`${text(step.statement.span)};`))),
      ...(setter ? { related: [label(setter, 'it is switched off here')] } : {}),
    }
  },
})
