import { addAlone } from '../src/lint/add-column.ts'
import { defineRule } from '../src/lint/rule.ts'
import { help, say } from '../src/lint/sql.ts'

export default defineRule({
  title: 'New json column',
  why: 'Values of type json cannot be compared, not even for equality: DISTINCT, GROUP BY and UNION over them are refused (SQLSTATE 42883).',
  severity: 'warning',
  category: 'breaking change',
  on: ['add-column'],
  peers: [
    'strong_migrations:add_column_json',
    'eugene:E3',
    'pgfence:add-column-json',
    'pgls:preferJsonb',
    'pgrubic:TP008',
  ],

  check({ step, operation }) {
    const { table, column, skipped } = operation
    if (column.type.name !== 'json' || column.type.schema !== 'pg_catalog' || !table.exposed || skipped) return
    return {
      at: operation.keyword,
      message: say`SELECT DISTINCT over all columns of ${table.name} fails once it has ${column.name} of type json.`,
      help: help(
        'A jsonb column can be compared, and takes up an index:',
        addAlone(step, operation, column.type.array ? 'jsonb[]' : 'jsonb'),
      ),
    }
  },
})
