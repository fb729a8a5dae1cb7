import { changing, withoutChecks } from '../src/lint/advice/column-type.ts'
import { help, quotedList, raw, say } from '../src/lint/advice/sql.ts'
import { defineRule } from '../src/lint/rule.ts'

export default defineRule({
  title: 'Change of type that checks every row',
  why: 'The rows stay as they are, but PostgreSQL checks each against the CHECK constraints of the column. Nobody can read or write the table meanwhile.',
  severity: 'error',
  category: 'locking',
  on: ['alter-column-type'],
  peers: ['migrationpilot:MP007', 'strong_migrations:change_column_constraint'],

  check(context) {
    const { operation, effects } = context
    const { column, cost, from, to, using, collate, recheckedConstraints: names } = operation
    if (cost !== 'recheck' || !effects.blockingWrites({ work: 'scan' })) return
    const same = from !== null && using === null && !collate && JSON.stringify(from) === JSON.stringify(to)
    const change = withoutChecks(context)
    return {
      at: operation.keyword,
      message: say`${changing(operation)} blocks reads and writes while every row is checked for ${raw(quotedList(names))}.`,
      help: same
        ? help(say`${column} is of that type already: leave it out.`)
        : change === null
          ? help(
              'In one ALTER TABLE, drop the constraint, change the type, and add the constraint again as NOT VALID. Validate it in a later migration.',
            )
          : help(
              `Take the ${names.length > 1 ? 'constraints away for a moment, and add them' : 'constraint away for a moment, and add it'} again without checking existing rows:`,
              change,
            ),
    }
  },
})
