import { effectsOf, whoWaits } from '../src/lint/advice/effects.ts'
import { help, raw, say } from '../src/lint/advice/sql.ts'
import { effectsUnder, heldAgainstOthers, mostFelt, takenAt, workOn } from '../src/lint/advice/strongest-lock.ts'
import { batches } from '../src/lint/advice/whole-table.ts'
import { onceForBoth } from '../src/lint/once.ts'
import { type Context, defineRule } from '../src/lint/rule.ts'
import type { Write } from '../src/postgres/operation.ts'
import type { Step } from '../src/postgres/step.ts'

const doing = { insert: 'Filling', update: 'Updating', delete: 'Deleting from', merge: 'Merging into' } as const

export default defineRule({
  title: 'Rows changed in a transaction that holds a strong lock',
  why: 'A lock is held until its transaction ends. Everybody who needs what an earlier statement has locked waits while the rows are changed.',
  severity: 'error',
  category: 'locking',
  on: ['insert', 'update', 'delete', 'merge'],
  peers: [
    'migrationpilot:MP011',
    'eugene:E4',
    'pgfence:statement-after-access-exclusive',
    'pgls:runningStatementWhileHoldingAccessExclusive',
    'strong_migrations:execute',
  ],

  check({ step, operation, migration, runner, history, label, isLarge }) {
    const { kind, table } = operation
    if (!waited(step, operation, isLarge)) return
    // One transaction is one cause, so only the first write is reported that certainly makes others wait.
    const all = waitedIn(migration, isLarge).get(step.transaction.id) ?? []
    const told = all.find(({ work }) => work.certain) ?? all[0]
    if (told?.operation !== operation) return
    const { work, lock, held } = told
    const others = new Set(all.map(each => each.step).filter(each => each !== step))
    return {
      at: operation.keyword,
      message: say`${raw(doing[kind])} ${table.name} here ${raw(work.certain ? 'blocks' : 'may block')} ${raw(whoWaits(lock.mode) ?? '')} ${lock.relation} until it is done.`,
      severity: work.certain ? 'error' : 'warning',
      help: help(
        others.size === 0
          ? 'Let this migration change the schema only, and change the rows afterwards.'
          : `Let this migration change the schema only, and change the rows afterwards: these, and those of ${others.size === 1 ? 'one more statement' : `${others.size} more statements`}.`,
        kind === 'insert' || kind === 'merge'
          ? [runner.laterMigration(), raw(`${step.statement.text};`)]
          : batches(step, operation, runner),
      ),
      related: [
        ...(takenAt(lock, history, label).related ?? []),
        ...[...others].slice(0, 3).map(other => label(other, 'under the lock, too')),
      ],
      effects: effectsUnder(held, step),
    }
  },
})

/** The work of a write while others wait, and the lock that they wait for. */
function waited(step: Step, operation: Write, isLarge: Context['isLarge']) {
  if (step.error) return
  const work = workOn(effectsOf(operation.effects, step.before, isLarge), step, isLarge)
  const held = work ? heldAgainstOthers(step) : []
  const lock = work && mostFelt(held, work)
  return lock && { step, operation, work, held, lock }
}

/** The same for all writes of a migration, by transaction. */
const waitedIn = onceForBoth((migration: readonly Step[], isLarge: Context['isLarge']) => {
  const found = new Map<number | null, NonNullable<ReturnType<typeof waited>>[]>()
  for (const step of migration) {
    const writes = step.operations.flatMap(each => (isWrite(each) ? (waited(step, each, isLarge) ?? []) : []))
    const { id } = step.transaction
    const own = found.get(id)
    if (own) for (const each of writes) own.push(each)
    else found.set(id, writes)
  }
  return found
})

function isWrite(operation: Step['operations'][number]): operation is Write {
  return operation.kind in doing
}
