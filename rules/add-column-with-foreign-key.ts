import { addAlone, addedColumn, inlineText } from '../src/lint/add-column.ts'
import { checkedLater } from '../src/lint/foreign-key-sql.ts'
import { defineRule } from '../src/lint/rule.ts'
import { help, identifiers, quotedList, raw, say } from '../src/lint/sql.ts'

export default defineRule({
  title: 'New column with a foreign key and a default',
  why: 'A column with a default has a value in every row, and each is looked up in the other table, under locks on both tables.',
  severity: 'error',
  category: 'locking',
  on: ['add-constraint'],
  peers: [
    'squawk:adding-foreign-key-constraint',
    'strong_migrations:add_reference',
    'pgfence:add-column-inline-foreign-key',
    'atlas:PG306',
    'pgls:addingForeignKeyConstraint',
  ],

  check(context) {
    const { step, operation, effects, text } = context
    const { type, table, references, constraint, span } = operation
    const added = addedColumn(step, operation)
    // Without a default all values are NULL, and nothing is looked up.
    if (type !== 'foreign key' || !added || !effects.blockingWrites({ work: 'scan' })) return
    const both = [table, references].flatMap(each => (each?.exposed ? [each.name] : []))
    const definition = inlineText(text, operation)
    const key = definition?.replace(
      /^.*?\bREFERENCES\b/is,
      `FOREIGN KEY (${identifiers(constraint.columns).sql}) REFERENCES`,
    )
    return {
      at: definition === null ? added.keyword : span,
      message: say`Adding ${added.column.name} with ${constraint.name} blocks writes to ${raw(quotedList([...new Set(both)]))} until every row of ${table.name} is looked up.`,
      help: help(
        'Add the column alone:',
        addAlone(step, added),
        ...(key === undefined ? [] : checkedLater(step, operation, key, context)),
      ),
    }
  },
})
