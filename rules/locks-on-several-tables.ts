import { later } from '../src/lint/advice/advice.ts'
import { feltLocks, onlyHeld } from '../src/lint/advice/felt-locks.ts'
import { boundedWaitOf, waitIsBounded } from '../src/lint/advice/lock-timeout.ts'
import { help, raw, say } from '../src/lint/advice/sql.ts'
import {
  heldAgainstOthers,
  isHeldAgainstOthers,
  Named,
  takenAt,
  untold,
  waitingList,
  waitsFor,
} from '../src/lint/advice/strongest-lock.ts'
import type { Config } from '../src/lint/config/config.ts'
import { onceForBoth } from '../src/lint/once.ts'
import { defineRule } from '../src/lint/rule.ts'
import type { Effect } from '../src/postgres/effect.ts'
import type { HeldLock, HeldLocks } from '../src/postgres/held.ts'
import type { Step } from '../src/postgres/step.ts'

export default defineRule({
  title: 'Locks on several tables in one transaction',
  why: 'The transaction keeps its first lock while it waits for the next. With one that locks the tables in the other order, that is a deadlock.',
  severity: 'warning',
  category: 'locking',
  fallback: 'by relation',
  // As with missing-lock-timeout: often the role or the deploy sets one.
  presets: { recommended: 'note', strict: 'warning' },
  peers: ['migrationpilot:MP008', 'pgfence:wide-lock-window', 'pgls:avoidWideLockWindow'],

  checkStep({ step, migration, history, config, runner, label, told }) {
    const here = toldAt(migration, config).get(step)
    if (!here) return
    const { wanted } = here
    const waiting = untold(here.more, told('warning'))
    if (waiting.length === 0 || untold([wanted, ...waiting], told('note')).length === 0) return
    return {
      at: step.statement.keyword,
      message: say`While this waits for ${wanted.relation}, ${raw(waitingList(waiting, step))} wait with it.`,
      help: help(
        `One table per transaction is safe. ${later(runner)}`,
        raw(`${step.statement.text};`),
        'Or limit the wait before the first lock is taken, and try again later:',
        boundedWaitOf(step).slice(1),
      ),
      ...takenAt(waiting, step, history, label),
      effects: waiting,
    }
  },
})

/** Once per transaction is enough: at the last statement that names as many. */
const toldAt = onceForBoth((migration: readonly Step[], config: Config) => {
  const found = new Map<Step, { readonly wanted: Effect; readonly more: readonly Effect[] }>()
  const told = new Map<
    number | null,
    { readonly named: Named; readonly held: HeldLocks | null; readonly left: readonly HeldLock[] }
  >()
  for (const step of migration.toReversed()) {
    const wanted = waitIsBounded(step, config) ? undefined : waitedForWithOthers(step)
    if (!wanted) continue
    const { id, held } = step.transaction
    const known = told.get(id) ?? { named: new Named(), held: null, left: [] }
    const isUntold = ({ oid, mode }: HeldLock) => known.named.isUntold(oid, mode)
    // If it holds the locks of a later statement, or fewer, only those that no later statement has named are examined again.
    const before = known.held?.family === held.family ? known.held : null
    const others = before?.differing(held).flatMap(place => held.at(place) ?? [])
    const all = others?.every(lock => !isUntold(lock))
      ? known.left.filter(lock => held.get(lock.oid) === lock)
      : feltLocks(held)
    const more = heldAgainstOthers(step, lock => lock.oid !== wanted.oid && isUntold(lock), all).map(onlyHeld)
    if (more.length > 0) found.set(step, { wanted, more })
    known.named.add(more)
    told.set(id, { ...known, held, left: all.filter(isUntold) })
  }
  return found
})

/** A table for which a statement must wait, while others cannot use another one. */
function waitedForWithOthers(step: Step): Effect | undefined {
  const wanted = waitsFor(step)
  const [first] = wanted
  if (!first) return
  if (isHeldAgainstOthers(step, first.oid)) return first
  return isHeldAgainstOthers(step) ? wanted.find(({ oid }) => oid !== first.oid) : undefined
}
