import { addedForeignKeys, type ForeignKey, foreignKeys } from '../src/lint/advice/foreign-key.ts'
import { tableName } from '../src/lint/advice/relations.ts'
import { help, identifier, identifiers, raw, say, sql } from '../src/lint/advice/sql.ts'
import { columnOf } from '../src/lint/advice/table.ts'
import { defineRule } from '../src/lint/rule.ts'

export default defineRule({
  title: 'ON DELETE SET NULL on a column that is NOT NULL',
  why: 'PostgreSQL accepts the foreign key, but every DELETE or UPDATE that would have to set NULL fails.',
  severity: 'warning',
  category: 'schema',
  on: ['add-constraint', 'create-table', 'set-not-null'],

  check({ step, operation, version }) {
    if (step.error) return
    const changed = operation.kind === 'set-not-null' ? operation.column : null
    const keys =
      operation.kind === 'set-not-null'
        ? foreignKeys(step.after, operation.table.oid)
        : addedForeignKeys(step, operation)
    return keys.flatMap(key => {
      const found = actions(key).find(({ stuck }) => stuck !== undefined && (changed === null || stuck === changed))
      return found?.stuck === undefined
        ? []
        : [{ at: operation.keyword, ...told(key, found, found.stuck, operation.kind === 'create-table', version) }]
    })
  },
})

interface Action {
  readonly verb: 'Deleting from' | 'Changing the key of'
  readonly action: ForeignKey['references']['onDelete']
  readonly columns: readonly string[]
  /** The column that cannot take the value that the action would set. */
  readonly stuck: string | undefined
}

function actions({ constraint, references, table }: ForeignKey): Action[] {
  const { onDelete, onUpdate, onDeleteColumns } = references
  const stuck = (action: Action['action'], columns: readonly string[]) =>
    columns.find(name => {
      const column = columnOf(table, name)
      if (!column?.notNull) return false
      return action === 'set null' || (action === 'set default' && column.complete && column.default === null)
    })
  const emptied = onDeleteColumns ?? constraint.columns
  return [
    { verb: 'Deleting from', action: onDelete, columns: emptied, stuck: stuck(onDelete, emptied) },
    {
      verb: 'Changing the key of',
      action: onUpdate,
      columns: constraint.columns,
      stuck: stuck(onUpdate, constraint.columns),
    },
  ]
}

function told(key: ForeignKey, { verb, action, columns }: Action, stuck: string, isNew: boolean, version: number) {
  const [table, target] = [tableName(key.table), tableName(key.target)]
  const nullable = columns.filter(name => columnOf(key.table, name)?.notNull === false)
  // PostgreSQL 15 can empty some of the columns.
  const some = verb === 'Deleting from' && action === 'set null' && version >= 15 && nullable.length > 0
  return {
    message: say`${raw(verb)} ${target} fails while rows of ${table} refer to it: ${stuck} cannot be NULL.`,
    help: some
      ? say`Name the columns that can be emptied: ON DELETE SET NULL (${identifiers(nullable)}).`
      : isNew
        ? say`Choose CASCADE or RESTRICT, or let ${stuck} be NULL.`
        : help(
            'Choose CASCADE or RESTRICT, or let the column be NULL:',
            sql`ALTER TABLE ${table} ALTER COLUMN ${identifier(stuck)} DROP NOT NULL;`,
          ),
  }
}
