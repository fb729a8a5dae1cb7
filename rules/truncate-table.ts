import { help, quotedList, raw, say } from '../src/lint/advice/sql.ts'
import { defineRule } from '../src/lint/rule.ts'
import { reached, truncatedInUse } from '../src/lint/truncated.ts'

export default defineRule({
  title: 'TRUNCATE of a table that is in use',
  why: 'The rows are gone for good. Reads and writes wait from the moment TRUNCATE asks for its lock.',
  severity: 'error',
  category: 'data loss',
  on: ['truncate'],
  peers: ['pgls:banTruncate', 'pgfence:truncate'],

  check({ step, operation }) {
    // truncate-cascade reports the tables that CASCADE reaches, and all others with them.
    if (reached(operation.cascadesTo).length > 0) return
    const emptied = truncatedInUse(step)
    if (emptied[0]?.oid !== operation.table.oid) return
    const names = quotedList(emptied.map(({ name }) => name))
    return {
      at: operation.keyword,
      message: say`Truncating ${raw(names)} deletes all ${raw(emptied.length > 1 ? 'their' : 'its')} rows.`,
      help: help(
        'If only some of the rows should go, delete those in batches, with a condition that says which.',
        'If all of them should, keep a copy, and say in a suppression comment why nobody needs them.',
      ),
    }
  },
})
