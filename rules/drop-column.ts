import { defineRule } from '../src/lint/rule.ts'
import { help, identifier, quotedList, raw, say, sql } from '../src/lint/sql.ts'

export default defineRule({
  title: 'Dropped column',
  why: 'Code that still names the column fails from this moment on, also a SELECT or INSERT that an ORM wrote; the data is gone.',
  severity: 'error',
  category: 'breaking change',
  on: ['drop-column'],
  peers: ['squawk:ban-drop-column', 'pgls:banDropColumn', 'atlas:DS103', 'pgfence:drop-column'],

  check({ operation, runner }) {
    const { table, column, known, dropsIndexes, dropsConstraints } = operation
    if (!table.exposed) return
    // The migrations tell that there is no such column: IF EXISTS makes it a statement that does nothing.
    if (table.complete && known === null) return
    const along = [...new Set([...dropsIndexes, ...dropsConstraints])]
    const withIt = along.length > 0 ? `, and takes ${quotedList(along)} along` : ''
    const required = known?.notNull === true && known.default === null
    return {
      at: operation.keyword,
      message: say`Dropping ${column} of ${table.name} breaks code that still uses it${raw(withIt)}.`,
      help: help(
        required && 'Deploy code that does not use it. New rows can do without it after:',
        required && sql`ALTER TABLE ${table.name} ALTER COLUMN ${identifier(column)} DROP NOT NULL;`,
        !required && 'Deploy code that does not use it first.',
        runner.laterMigration(),
        sql`ALTER TABLE ${table.name} DROP COLUMN ${identifier(column)};`,
      ),
    }
  },
})
