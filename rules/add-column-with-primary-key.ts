import {
  addAlone,
  addedColumn,
  defaultLater,
  hasNoValue,
  inlineText,
  numberRows,
  requireValue,
} from '../src/lint/advice/add-column.ts'
import { help, identifiers, quoteIdentifier, say } from '../src/lint/advice/sql.ts'
import { keyFromIndex } from '../src/lint/advice/unique-key.ts'
import { defineRule } from '../src/lint/rule.ts'

export default defineRule({
  title: 'New column that is the primary key',
  why: "Every row gets a value of its own and the key's index is built, and nobody can read or write the table meanwhile.",
  severity: 'error',
  category: 'locking',
  on: ['add-constraint'],
  peers: ['squawk:adding-serial-primary-key-field', 'pgls:addingPrimaryKeyConstraint', 'atlas:PG104'],

  check(context) {
    const { step, operation, effects, runner, text } = context
    const { type, table, constraint, span } = operation
    const added = addedColumn(step, operation)
    if (type !== 'primary key' || !added || !table.exposed) return
    const empty = hasNoValue(added)
    if (!empty && !effects.blockingWrites()) return
    const { column, serial } = added
    const place = { ...context, operation: added }
    const clause = `ADD CONSTRAINT ${quoteIdentifier(constraint.name)} PRIMARY KEY (${identifiers(constraint.columns).sql})`
    return {
      at: inlineText(text, operation) === null ? added.keyword : span,
      message: empty
        ? say`Adding ${column.name} as the primary key fails unless ${table.name} is empty.`
        : say`Adding ${column.name} as the primary key blocks reads and writes of ${table.name} until every row is copied and the index built.`,
      ...(empty ? { why: 'Existing rows have no value for it.' } : {}),
      help: help(
        serial || column.identity
          ? numberRows(place)
          : empty
            ? [
                'Add the column alone, and give every row a value of its own:',
                addAlone(step, added),
                ...requireValue(place),
              ]
            : defaultLater(place),
        keyFromIndex(step, operation, clause, runner) ?? [],
      ),
    }
  },
})
