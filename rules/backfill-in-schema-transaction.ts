import { whoWaits } from '../src/lint/effects.ts'
import { effectsUnder, heldAgainstOthers, mostFelt, takenAt, workOn } from '../src/lint/held.ts'
import { defineRule } from '../src/lint/rule.ts'
import { help, raw, say } from '../src/lint/sql.ts'
import { batches } from '../src/lint/whole-table.ts'

const doing = { insert: 'Filling', update: 'Updating', delete: 'Deleting from', merge: 'Merging into' } as const

export default defineRule({
  title: 'Rows changed in a transaction that holds a strong lock',
  why: "An earlier statement's lock is kept until the transaction ends, so everyone who needs that table waits while the rows are gone through.",
  severity: 'error',
  category: 'locking',
  on: ['insert', 'update', 'delete', 'merge'],
  peers: [
    'eugene:E4',
    'pgfence:statement-after-access-exclusive',
    'pgls:runningStatementWhileHoldingAccessExclusive',
    'strong_migrations:execute',
  ],

  check({ step, operation, effects, runner, history, label, isLarge }) {
    const { kind, table } = operation
    const work = workOn(effects, step, isLarge)
    if (step.error || !work) return
    const held = heldAgainstOthers(step)
    const lock = mostFelt(held, work)
    if (!lock) return
    return {
      at: operation.keyword,
      message: say`${raw(doing[kind])} ${table.name} here ${raw(work.certain ? 'blocks' : 'may block')} ${raw(whoWaits(lock.mode) ?? '')} ${lock.relation} until it is done.`,
      severity: work.certain ? 'error' : 'warning',
      help: help(
        'Let this migration change the schema only, and the rows follow.',
        ...(kind === 'insert' || kind === 'merge'
          ? [runner.laterMigration(), raw(`${step.statement.text};`)]
          : batches(step, operation, runner)),
      ),
      ...takenAt(lock, history, label),
      effects: effectsUnder(held, step),
    }
  },
})
