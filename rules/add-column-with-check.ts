import { addAlone, addedColumn, constraintClause, inlineText } from '../src/lint/advice/add-column.ts'
import { validateLater } from '../src/lint/advice/advice.ts'
import { addNotValid, validate } from '../src/lint/advice/constraint-sql.ts'
import { help, say } from '../src/lint/advice/sql.ts'
import { defineRule } from '../src/lint/rule.ts'

export default defineRule({
  title: 'New column with a CHECK constraint',
  why: 'PostgreSQL checks the constraint in every row, even where the new column is NULL, and lets nobody read or write the table meanwhile.',
  severity: 'error',
  category: 'locking',
  on: ['add-constraint'],
  peers: ['eugene:E1', 'atlas:PG305'],

  check({ step, operation, effects, runner, text }) {
    const { type, table, constraint, span } = operation
    const added = addedColumn(step, operation)
    if (type !== 'check' || !added || !effects.blockingWrites({ work: 'scan' })) return
    const definition = inlineText(text, operation)
    return {
      at: definition === null ? added.keyword : span,
      message: say`Adding ${added.column.name} with ${constraint.name} blocks reads and writes of ${table.name} until every row is checked.`,
      help:
        definition === null
          ? help('Add the column alone, then the constraint as NOT VALID. Validate it in a later migration.')
          : help(
              'Add the column alone, and the constraint without checking existing rows:',
              addAlone(step, added),
              addNotValid(table.name, constraintClause(operation, definition)),
              validateLater(runner),
              validate(table.name, constraint.name),
            ),
    }
  },
})
