import { canBeVirtual, generationText } from '../src/lint/advice/add-column.ts'
import { keepComputed } from '../src/lint/advice/computed-column.ts'
import { ofTables } from '../src/lint/advice/effects.ts'
import { help, identifier, newName, quoted, raw, say, sql } from '../src/lint/advice/sql.ts'
import { columnOf, tableOf } from '../src/lint/advice/table.ts'
import { typeText } from '../src/lint/advice/type-text.ts'
import { defineRule } from '../src/lint/rule.ts'

export default defineRule({
  title: 'New expression of a generated column',
  why: 'The value is computed again for every row, and where it is stored PostgreSQL copies the whole table. Nobody can read or write it meanwhile.',
  severity: 'error',
  category: 'locking',
  on: ['set-expression'],

  check(context) {
    const { step, operation, effects, version } = context
    const { table, column, keyword } = operation
    const effect = effects.blockingWrites({ work: 'rewrite' }) ?? effects.blockingWrites()
    if (!effect) return
    const changed = tableOf(step.after, table.oid)
    const facts = changed && columnOf(changed, column)
    const value = facts ? generationText(step, facts) : ''
    const second = newName(column, 'new')
    const add = facts && sql`ALTER TABLE ${table.name} ADD COLUMN ${identifier(second)} ${raw(typeText(facts.type))}`
    const done = `Let code read it instead, and drop ${quoted(column)} when nothing needs it any longer.`
    return {
      at: keyword,
      message: say`Changing the expression of ${column} blocks reads and writes of ${table.name} while it is computed for every row.`,
      effects: ofTables(operation.effects),
      help:
        !facts || !add || value === ''
          ? help('Add a second column with the new expression, and let code read that one.')
          : canBeVirtual(step, facts, version)
            ? help(
                'Add a second column. A virtual one takes only a moment:',
                raw(`${add.sql}\n  GENERATED ALWAYS AS (${value}) VIRTUAL;`),
                done,
              )
            : help(
                'Add a second column:',
                raw(`${add.sql};`),
                keepComputed({ ...context, table, column: second, value }),
                done,
              ),
    }
  },
})
