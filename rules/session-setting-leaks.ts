import { help, raw, say, sql } from '../src/lint/advice/sql.ts'
import { once, stepsBy } from '../src/lint/once.ts'
import { defineRule } from '../src/lint/rule.ts'
import type { Step } from '../src/postgres/step.ts'

export default defineRule({
  title: 'Setting that outlives the migration',
  why: 'SET holds until the connection closes. If a tool runs several migrations over one connection, the setting applies to all later ones as well.',
  severity: 'note',
  category: 'transaction',
  presets: { recommended: 'off', strict: 'off' },

  checkStep({ step, migration }) {
    const set = step.operations.find(each => each.kind === 'set' && !each.local)
    if (set?.kind !== 'set' || step.error) return
    const { name } = set
    // If it is set again, the last statement is reported. RESET and DISCARD ALL end it, and ROLLBACK undoes everything
    // set since BEGIN.
    const ends = [
      ...[name, 'all'].map(each => changes(migration).get(each)),
      rollbacks(migration).get(step.transaction.id),
    ]
    if (ends.some(steps => (steps?.at(-1) ?? -1) > step.index)) return
    return {
      at: set.span,
      message: say`This also sets ${raw(name)} for the migrations that run after this one over the same connection.`,
      help: help('Set it back at the end, or use SET LOCAL in a transaction:', sql`RESET ${raw(name)};`),
    }
  },
})

/** Settings, with the steps that set or reset them. */
const changes = once((migration: readonly Step[]) =>
  stepsBy(migration, ({ operations }) =>
    operations.flatMap(each => (each.kind === 'set' || each.kind === 'reset' ? [each.name] : [])),
  ),
)

/** Transactions, with the steps that undo them. */
const rollbacks = once((migration: readonly Step[]) =>
  stepsBy(migration, ({ operations, transaction }) =>
    operations.some(({ kind }) => kind === 'rollback') ? [transaction.id] : [],
  ),
)
