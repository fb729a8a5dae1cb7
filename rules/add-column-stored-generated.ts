import { addAlone, canBeVirtual, generationText, isPrimaryKey, requireValue } from '../src/lint/advice/add-column.ts'
import { keepComputed } from '../src/lint/advice/computed-column.ts'
import { ofTables } from '../src/lint/advice/effects.ts'
import { help, identifier, raw, say, sql } from '../src/lint/advice/sql.ts'
import { defineRule } from '../src/lint/rule.ts'

export default defineRule({
  title: 'New stored generated column',
  why: 'The value is computed and stored for every existing row, so PostgreSQL copies the whole table and lets nobody read or write it meanwhile.',
  severity: 'error',
  category: 'locking',
  on: ['add-column'],
  peers: [
    'migrationpilot:MP062',
    'strong_migrations:add_column_generated_stored',
    'eugene:E11',
    'pgfence:add-column-stored-generated',
    'pgls:addSerialColumn',
    'pgrubic:US006',
  ],

  check(context) {
    const { step, operation, effects, version } = context
    const { table, column, typeText, keyword } = operation
    if (column.generated?.kind !== 'stored' || isPrimaryKey(step, operation)) return
    if (!effects.blockingWrites({ work: 'rewrite' })) return
    const value = generationText(step, column)
    return {
      at: keyword,
      message: say`Adding ${column.name} to ${table.name} blocks reads and writes while it is computed for every row.`,
      effects: ofTables(operation.effects),
      help:
        value === ''
          ? help(
              'Add a plain column:',
              addAlone(step, operation),
              'Let a trigger compute it, and fill existing rows in batches.',
            )
          : canBeVirtual(step, column, version)
            ? help(
                'A virtual column is computed when it is read, and takes only a moment to add:',
                sql`
              ALTER TABLE ${table.name} ADD COLUMN ${identifier(column.name)} ${raw(typeText)}
                GENERATED ALWAYS AS (${raw(value)}) VIRTUAL;`,
                'It cannot have an index, but its expression can.',
              )
            : help(
                'Add a plain column:',
                addAlone(step, operation),
                keepComputed({ ...context, table, column: column.name, value }),
                requireValue(context),
              ),
    }
  },
})
