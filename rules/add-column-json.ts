import { addAlone } from '../src/lint/advice/add-column.ts'
import { tableOf } from '../src/lint/advice/foreign-key.ts'
import { help, say } from '../src/lint/advice/sql.ts'
import { once } from '../src/lint/once.ts'
import { defineRule } from '../src/lint/rule.ts'
import type { ColumnType } from '../src/postgres/catalog/catalog.ts'
import type { Step } from '../src/postgres/step.ts'

export default defineRule({
  title: 'New json column',
  why: 'PostgreSQL cannot compare json values, not even for equality. So it refuses DISTINCT, GROUP BY and UNION over them.',
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
    if (!isJson(column.type) || !table.exposed || skipped) return
    // Where a column of the table cannot be compared, one more does no harm.
    if (tableOf(step.before, table.oid)?.columns.some(({ type }) => isJson(type))) return
    if (firstAdded(step) !== operation) return
    return {
      at: operation.keyword,
      message: say`SELECT DISTINCT over all columns of ${table.name} fails once it has ${column.name} of type json.`,
      help: help(
        'A jsonb column can be compared and indexed:',
        addAlone(step, operation, column.type.array ? 'jsonb[]' : 'jsonb'),
      ),
    }
  },
})

/** All ADD COLUMNs of a statement are of one table. */
const firstAdded = once(({ operations }: Step) =>
  operations.find(each => each.kind === 'add-column' && isJson(each.column.type)),
)

function isJson({ schema, name }: ColumnType): boolean {
  return schema === 'pg_catalog' && name === 'json'
}
