import { help, say } from '../src/lint/advice/sql.ts'
import { defineRule } from '../src/lint/rule.ts'

export default defineRule({
  title: 'Dropped database',
  why: 'All of its data is gone for good. WITH (FORCE) also cuts off everybody who uses it.',
  severity: 'error',
  category: 'data loss',
  on: ['drop-database'],
  peers: ['migrationpilot:MP034', 'squawk:ban-drop-database', 'pgls:banDropDatabase', 'pgfence:drop-database'],

  check({ operation }) {
    return {
      at: operation.keyword,
      message: say`Dropping database ${operation.name} deletes everything in it.`,
      help: help('Remove it from the migration: drop a database by hand, after checking the backup.'),
    }
  },
})
