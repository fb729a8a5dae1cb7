import { validateLater } from '../src/lint/advice/advice.ts'
import { addNotValid, dropOfSame, validate } from '../src/lint/advice/constraint-sql.ts'
import { asCertain, blocks } from '../src/lint/advice/effects.ts'
import { help, say } from '../src/lint/advice/sql.ts'
import { defineRule } from '../src/lint/rule.ts'

export default defineRule({
  title: 'CHECK constraint that is checked at once',
  why: 'Without NOT VALID PostgreSQL checks every existing row at once, and lets nobody read or write the table meanwhile.',
  severity: 'error',
  category: 'locking',
  on: ['add-constraint'],
  peers: [
    'migrationpilot:MP030',
    'squawk:constraint-missing-not-valid',
    'strong_migrations:add_check_constraint',
    'eugene:E1',
    'pgfence:add-constraint-check-no-not-valid',
    'atlas:PG305',
    'pgls:constraintMissingNotValid',
  ],

  check({ step, operation, effects, runner, text }) {
    const { type, table, constraint, inline } = operation
    const work = effects.blockingWrites({ work: 'scan' })
    if (type !== 'check' || inline || !work) return
    return {
      at: operation.keyword,
      message: say`Adding ${constraint.name} ${blocks(work)} reads and writes of ${table.name} until every row is checked.`,
      ...asCertain(work),
      help: help(
        'Add it without checking existing rows:',
        addNotValid(table.name, text(operation.span), dropOfSame(step, table.oid, constraint.name)),
        validateLater(runner),
        validate(table.name, constraint.name),
      ),
    }
  },
})
