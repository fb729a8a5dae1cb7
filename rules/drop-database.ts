import { defineRule } from '../src/lint/rule.ts'
import { help, say } from '../src/lint/sql.ts'

export default defineRule({
  title: 'Dropped database',
  why: 'All of its data is gone for good, and WITH (FORCE) ends the sessions of those who use it.',
  severity: 'error',
  category: 'data loss',
  on: ['drop-database'],
  peers: ['squawk:ban-drop-database', 'pgls:banDropDatabase', 'pgfence:drop-database'],

  check({ operation }) {
    return {
      at: operation.keyword,
      message: say`Dropping database ${operation.name} deletes everything in it.`,
      help: help('Take it out of the migration: an operator drops a database by hand, after a look at the backup.'),
    }
  },
})
