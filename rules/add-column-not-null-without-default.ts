import { addAlone, hasNoValue, isPrimaryKey } from '../src/lint/add-column.ts'
import { makeNotNull } from '../src/lint/not-null.ts'
import { defineRule } from '../src/lint/rule.ts'
import { help, say } from '../src/lint/sql.ts'

export default defineRule({
  title: 'New NOT NULL column without a default',
  why: 'The rows that are there have no value for it, so PostgreSQL refuses; and code that does not know the column can insert no more.',
  severity: 'error',
  category: 'certain failure',
  on: ['add-column'],
  peers: [
    'squawk:adding-required-field',
    'pgfence:add-column-not-null-no-default',
    'atlas:MF103',
    'pgls:addingRequiredField',
  ],

  check({ step, operation, runner, version }) {
    const { table, column, skipped, constrainedDomain } = operation
    // Something else may be in the way already.
    if (step.error && step.error.sqlstate !== '23502') return
    if (!table.exposed || skipped || !column.notNull || !hasNoValue(operation)) return
    // Each of these has a rule of its own.
    if (constrainedDomain === true || isPrimaryKey(step, operation)) return
    return {
      at: operation.keyword,
      message: say`Adding ${column.name} NOT NULL fails unless ${table.name} is empty.`,
      help: help(
        'Add it with a DEFAULT, which costs nothing as long as that is not volatile. Or without NOT NULL:',
        addAlone(step, operation),
        ...makeNotNull(table.name, column.name, { runner, version }, 'Once code writes it and every row has a value,'),
      ),
    }
  },
})
