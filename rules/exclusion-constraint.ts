import { asCertain, blocks } from '../src/lint/advice/effects.ts'
import { help, say, sql } from '../src/lint/advice/sql.ts'
import { defineRule } from '../src/lint/rule.ts'

export default defineRule({
  title: 'Exclusion constraint on a table in use',
  why: "PostgreSQL builds the constraint's index, compares every row with the others, and lets nobody read or write the table meanwhile.",
  severity: 'error',
  category: 'locking',
  on: ['add-constraint'],
  peers: [
    'migrationpilot:MP031',
    'strong_migrations:add_exclusion_constraint',
    'eugene:E8',
    'pgfence:add-constraint-exclude',
    'pgls:avoidAddingExclusionConstraint',
  ],

  check({ operation, effects }) {
    const { type, table, constraint } = operation
    const work = effects.blockingWrites({ work: 'build' })
    if (type !== 'exclusion' || !work) return
    const copy = `${table.name}_new`
    return {
      at: operation.keyword,
      message: say`Adding ${constraint.name} ${blocks(work)} reads and writes of ${table.name} until its index is built.`,
      ...asCertain(work),
      help: help(
        'PostgreSQL cannot add it in steps. Do it while nobody uses the table, or make a table that has it from the start:',
        sql`CREATE TABLE ${copy} (LIKE ${table.name} INCLUDING ALL);`,
        'Add the constraint to that one, copy the rows in batches, keep the two alike with a trigger, and swap their names.',
      ),
    }
  },
})
