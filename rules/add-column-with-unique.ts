import { addAlone, addedColumn, inlineText } from '../src/lint/advice/add-column.ts'
import { help, identifiers, quoteIdentifier, say } from '../src/lint/advice/sql.ts'
import { keyFromIndex } from '../src/lint/advice/unique-key.ts'
import { defineRule } from '../src/lint/rule.ts'

export default defineRule({
  title: 'New column with a UNIQUE constraint',
  why: "PostgreSQL builds the constraint's index in one go, and lets nobody read or write the table meanwhile.",
  severity: 'error',
  category: 'locking',
  on: ['add-constraint'],
  peers: [
    'migrationpilot:MP027',
    'squawk:disallowed-unique-constraint',
    'pgls:disallowUniqueConstraint',
    'atlas:PG105',
  ],

  check({ step, operation, effects, runner, text }) {
    const { type, table, constraint, span } = operation
    const added = addedColumn(step, operation)
    if (type !== 'unique' || !added || !effects.blockingWrites({ work: 'build' })) return
    const clause = `ADD CONSTRAINT ${quoteIdentifier(constraint.name)} UNIQUE (${identifiers(constraint.columns).sql})`
    return {
      at: inlineText(text, operation) === null ? added.keyword : span,
      message: say`Adding ${added.column.name} with ${constraint.name} blocks reads and writes of ${table.name} until its index is built.`,
      help: help('Add the column alone:', addAlone(step, added), keyFromIndex(step, operation, clause, runner) ?? []),
    }
  },
})
