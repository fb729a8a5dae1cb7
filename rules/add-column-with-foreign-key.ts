import { addAlone, addedColumn, hasNoValue, inlineText } from '../src/lint/advice/add-column.ts'
import { checkedLater } from '../src/lint/advice/foreign-key-sql.ts'
import { help, identifiers, raw, say } from '../src/lint/advice/sql.ts'
import { wordsAt } from '../src/lint/advice/words.ts'
import { defineRule } from '../src/lint/rule.ts'

export default defineRule({
  title: 'New column with a foreign key and a default',
  why: 'With a default every row has a value, and PostgreSQL looks each of them up in the other table. Both tables stay locked meanwhile.',
  severity: 'error',
  category: 'locking',
  on: ['add-constraint'],
  peers: [
    'migrationpilot:MP005',
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
    // ADD COLUMN keeps readers of its own table out as well.
    const locked = [
      ...(table.exposed ? [say`reads and writes of ${table.name},`] : []),
      ...(references?.exposed && references.oid !== table.oid ? [say`writes to ${references.name},`] : []),
    ]
    const definition = inlineText(text, operation)
    const [start] = wordsAt(definition ?? '', 'REFERENCES') ?? []
    const key = definition && `FOREIGN KEY (${identifiers(constraint.columns).sql}) ${definition.slice(start)}`
    const isNull = added.default !== null && hasNoValue(added)
    return {
      at: definition === null ? added.keyword : span,
      ...(isNull && { why: dueToNull }),
      message: say`Adding ${added.column.name} with ${constraint.name} blocks ${raw(locked.join(' and '))} until every row of ${table.name} is looked up.`,
      help: help(
        isNull && 'Leave out DEFAULT NULL, which every column has, and nothing is looked up.',
        isNull ? 'Otherwise add the column alone:' : 'Add the column alone:',
        addAlone(step, added),
        key === null ? [] : checkedLater(step, operation, key, context),
      ),
    }
  },
})

const dueToNull =
  'PostgreSQL looks up the rows of a new column that has a default, even if it is NULL, and reads the whole table for that. Both tables stay locked meanwhile.'
