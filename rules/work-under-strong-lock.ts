import { whoWaits } from '../src/lint/effects.ts'
import { effectsUnder, heldAgainstOthers, mostFelt, takenAt, workOn } from '../src/lint/held.ts'
import { defineRule } from '../src/lint/rule.ts'
import { help, quoted, raw, say } from '../src/lint/sql.ts'

const doing = {
  none: '',
  scan: 'is read',
  build: 'gets a new index',
  rebuild: 'is built anew',
  rewrite: 'is copied',
} as const

/** backfill-in-schema-transaction and validate-in-same-transaction speak of these. */
const others: ReadonlySet<string> = new Set(['insert', 'update', 'delete', 'merge'])

export default defineRule({
  title: 'Long work in a transaction that holds a strong lock',
  why: "An earlier statement's lock is kept until the transaction ends, so everyone who needs that table waits for as long as this takes.",
  severity: 'error',
  category: 'locking',
  peers: ['eugene:E4', 'pgfence:statement-after-access-exclusive', 'pgls:runningStatementWhileHoldingAccessExclusive'],

  checkStep({ step, effects, runner, history, label, isLarge }) {
    // Work that blocks others by itself is spoken of as such.
    if (step.error || effects.blockingWrites() || effects.blockingReads()) return
    if (step.operations.some(each => others.has(each.kind))) return
    if (step.operations.some(each => each.kind === 'validate-constraint' && each.addedInSameTransaction)) return
    const work = workOn(effects, step, isLarge)
    if (!work) return
    const held = heldAgainstOthers(step)
    const lock = mostFelt(held, work)
    if (!lock) return
    const who = raw(whoWaits(lock.mode) ?? '')
    const may = raw(work.certain ? 'blocks' : 'may block')
    return {
      at: step.statement.keyword,
      message:
        lock.oid === work.oid
          ? say`This ${may} ${who} ${lock.relation} while it ${raw(doing[work.work])}.`
          : say`This ${may} ${who} ${lock.relation} while ${work.relation} ${raw(doing[work.work])}.`,
      severity: work.certain ? 'error' : 'warning',
      help: help(
        `Commit what locks ${quoted(lock.relation)} first. ${runner.laterMigration()}`,
        raw(`${step.statement.text};`),
      ),
      ...takenAt(lock, history, label),
      effects: effectsUnder(held, step),
    }
  },
})
