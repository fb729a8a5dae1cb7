import { asCertain, blocks } from '../src/lint/advice/effects.ts'
import { nullableColumns, proveNotNull, withoutProof } from '../src/lint/advice/not-null.ts'
import { help, say } from '../src/lint/advice/sql.ts'
import { keyFromIndex, notInSteps } from '../src/lint/advice/unique-key.ts'
import { defineRule } from '../src/lint/rule.ts'

export default defineRule({
  title: 'Primary key that builds its index',
  why: "PostgreSQL builds the key's index in one go, checks columns that may be NULL, and lets nobody read or write the table meanwhile.",
  severity: 'error',
  category: 'locking',
  on: ['add-constraint'],
  peers: [
    'squawk:adding-serial-primary-key-field',
    'eugene:E7',
    'pgfence:add-pk-without-using-index',
    'atlas:PG104',
    'pgls:addingPrimaryKeyConstraint',
  ],

  check({ step, operation, effects, runner, version, text }) {
    const { type, table, constraint, inline } = operation
    const work = effects.blockingWrites({ work: 'build' })
    if (type !== 'primary key' || inline || !work) return
    const nullable = nullableColumns(step.before, table.oid, constraint.columns)
    const steps = keyFromIndex(step, operation, text(operation.span), runner)
    return {
      at: operation.keyword,
      message: say`Adding ${constraint.name} ${blocks(work)} reads and writes of ${table.name} until its index is built.`,
      ...asCertain(work),
      help: help(
        nullable.flatMap(column => proveNotNull(table.name, column, { runner, version })),
        steps ?? [notInSteps],
        withoutProof(table.name, nullable, version),
      ),
    }
  },
})
