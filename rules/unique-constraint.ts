import { asCertain, blocks } from '../src/lint/advice/effects.ts'
import { help, say } from '../src/lint/advice/sql.ts'
import { keyFromIndex, notInSteps } from '../src/lint/advice/unique-key.ts'
import { defineRule } from '../src/lint/rule.ts'

export default defineRule({
  title: 'Unique constraint that builds its index',
  why: "PostgreSQL builds the constraint's index in one go, and lets nobody read or write the table meanwhile.",
  severity: 'error',
  category: 'locking',
  on: ['add-constraint'],
  peers: [
    'migrationpilot:MP027',
    'squawk:disallowed-unique-constraint',
    'strong_migrations:add_unique_constraint',
    'eugene:E7',
    'pgfence:add-constraint-unique',
    'atlas:PG105',
    'pgls:disallowUniqueConstraint',
  ],

  check({ step, operation, effects, runner, text }) {
    const { type, table, constraint, inline } = operation
    // USING INDEX builds nothing.
    const work = effects.blockingWrites({ work: 'build' })
    if (type !== 'unique' || inline || !work) return
    const steps = keyFromIndex(step, operation, text(operation.span), runner)
    return {
      at: operation.keyword,
      message: say`Adding ${constraint.name} ${blocks(work)} reads and writes of ${table.name} until its index is built.`,
      ...asCertain(work),
      help: help(steps ?? [notInSteps]),
    }
  },
})
