import { addAlone } from '../src/lint/advice/add-column.ts'
import { usingClause } from '../src/lint/advice/column-type.ts'
import { help, identifier, raw, say, sql } from '../src/lint/advice/sql.ts'
import { tableOf } from '../src/lint/advice/table.ts'
import { once } from '../src/lint/once.ts'
import { defineRule, type RuleFinding } from '../src/lint/rule.ts'
import type { ColumnType } from '../src/postgres/catalog/column.ts'
import type { Step } from '../src/postgres/step.ts'
import type { AlterColumnType } from '../src/postgres/table-operation.ts'

export default defineRule({
  title: 'Column of type json',
  why: 'PostgreSQL cannot compare json values, not even for equality. So it refuses DISTINCT, GROUP BY and UNION over them.',
  severity: 'warning',
  category: 'breaking change',
  on: ['add-column', 'alter-column-type'],
  peers: [
    'strong_migrations:add_column_json',
    'eugene:E3',
    'pgfence:add-column-json',
    'pgls:preferJsonb',
    'pgrubic:TP008',
  ],

  check({ step, operation }) {
    if (operation.kind === 'alter-column-type') return becomesJson(step, operation)
    const { table, column, skipped } = operation
    if (!isJson(column.type) || !table.exposed || skipped) return
    // If another column of the table cannot be compared already, one more does no harm.
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

function becomesJson(
  step: Step,
  { table, column, from, to, using, keyword }: AlterColumnType,
): RuleFinding | undefined {
  if (!isJson(to) || (from && isJson(from)) || !table.exposed) return
  if (tableOf(step.before, table.oid)?.columns.some(({ name, type }) => name !== column && isJson(type))) return
  const type = to.array ? 'jsonb[]' : 'jsonb'
  const keeps = from?.name === 'jsonb'
  return {
    at: keyword,
    message: say`SELECT DISTINCT over all columns of ${table.name} fails once ${column} is of type json.`,
    help: keeps
      ? help(say`Leave ${column} as it is: a jsonb column can be compared and indexed.`)
      : help(
          'A jsonb column can be compared and indexed:',
          sql`ALTER TABLE ${table.name} ALTER COLUMN ${identifier(column)} TYPE ${raw(type)}${usingClause(step, using)};`,
        ),
  }
}

/** All ADD COLUMNs of a statement belong to one table. */
const firstAdded = once(({ operations }: Step) =>
  operations.find(each => each.kind === 'add-column' && isJson(each.column.type)),
)

function isJson({ schema, name }: ColumnType): boolean {
  return schema === 'pg_catalog' && name === 'json'
}
