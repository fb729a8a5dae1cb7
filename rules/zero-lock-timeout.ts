import { boundedWaitOf, duration, endsSoon } from '../src/lint/advice/lock-timeout.ts'
import { help, raw, say } from '../src/lint/advice/sql.ts'
import { waitingList, waitsFor } from '../src/lint/advice/strongest-lock.ts'
import { once } from '../src/lint/once.ts'
import { defineRule } from '../src/lint/rule.ts'
import type { Step } from '../src/postgres/step.ts'

export default defineRule({
  title: 'Timeout of zero where a strong lock is needed',
  why: 'Zero means no limit, even where the role sets one. One long query is enough to make this statement wait, and everybody behind it.',
  severity: 'warning',
  category: 'transaction',
  peers: ['pgfence:lock-timeout-zero'],

  checkStep({ step, migration, history, text, label }) {
    const waits = waitsFor(step)
    if (waits.length === 0 || duration(step, 'lock_timeout') !== 0 || endsSoon(step)) return
    // The first statement after each SET is enough.
    const setBy = step.settings.get('lock_timeout')?.setBy ?? null
    if (nextWaiting(migration)(setBy ?? -1) !== step.index) return
    const setter = setBy === null ? undefined : history[setBy]
    return {
      at: step.statement.keyword,
      message: say`While this waits for its lock, ${raw(waitingList(waits, step))} wait behind it: lock_timeout is 0.`,
      help: help(boundedWaitOf(step, raw(`${text(step.statement.span)};`))),
      ...(setter ? { related: [label(setter, 'it is switched off here')] } : {}),
    }
  },
})

/** The first step after another step that must wait for a lock. */
const nextWaiting = once((migration: readonly Step[]) => {
  const after = new Map<number, number | undefined>()
  let next: number | undefined
  for (const step of migration.toReversed()) {
    after.set(step.index, next)
    if (waitsFor(step).length > 0) next = step.index
  }
  // A setting from an earlier migration was made before all steps of this one.
  return (index: number) => (after.has(index) ? after.get(index) : next)
})
