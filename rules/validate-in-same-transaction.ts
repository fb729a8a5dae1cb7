import { later } from '../src/lint/advice/advice.ts'
import { validate } from '../src/lint/advice/constraint-sql.ts'
import { whoWaits } from '../src/lint/advice/effects.ts'
import { help, raw, say } from '../src/lint/advice/sql.ts'
import { once, stepsBy } from '../src/lint/once.ts'
import { defineRule } from '../src/lint/rule.ts'
import type { Effect } from '../src/postgres/effect.ts'
import type { Step } from '../src/postgres/step.ts'

export default defineRule({
  title: 'Constraint validated in the transaction that adds it',
  why: 'VALIDATE itself lets reads and writes go on, but the statement that added the constraint holds its lock until the transaction ends.',
  severity: 'error',
  category: 'locking',
  on: ['validate-constraint'],
  peers: [
    'squawk:constraint-missing-not-valid',
    'strong_migrations:validate_constraint',
    'eugene:E4',
    'pgfence:not-valid-validate-same-tx',
    'pgls:requireSeparateConstraintValidation',
  ],

  check({ step, operation, runner, history, label, isLarge }) {
    const { table, name, constraint, addedInSameTransaction } = operation
    if (!table.exposed || !isLarge(table.name) || step.error) return
    const adding = additions(history).get(`${table.oid} ${name}`)
    const added = history[adding?.findLast(index => index <= step.index) ?? -1]
    // It is often not known whether a file runs as one transaction: then it may.
    const maybe = constraint?.createdIn === step.migration && step.transaction.kind === 'unknown'
    if (!added || !(addedInSameTransaction || maybe)) return
    const what = whoWaits(lockOf(added, { oid: table.oid, lock: null }))
    if (what === null) return
    const certain = addedInSameTransaction
    return {
      at: operation.keyword,
      message: certain
        ? say`Validating ${name} here blocks ${raw(what)} ${table.name} until every row is checked.`
        : say`Validating ${name} may block ${raw(what)} ${table.name}, if this migration runs in one transaction.`,
      ...(certain ? {} : { severity: 'warning' as const }),
      help: help(later(runner, 'once the constraint is committed'), validate(table.name, name)),
      ...(added === step ? {} : { related: [label(added, 'the lock is taken here')] }),
      // The lock on the table that is held while this statement runs.
      effects: step.effects.map(effect => ({ ...effect, lock: lockOf(added, effect) })),
    }
  },
})

/** Constraints, with the steps that add them. */
const additions = once((history: readonly Step[]) =>
  stepsBy(history, ({ operations }) =>
    operations.flatMap(each => (each.kind === 'add-constraint' ? [`${each.table.oid} ${each.constraint.name}`] : [])),
  ),
)

function lockOf(adding: Step, { oid, lock }: Pick<Effect, 'oid' | 'lock'>): Effect['lock'] {
  return adding.effects.find(effect => effect.oid === oid)?.lock ?? lock
}
