import { isAllKnown } from '../src/lint/advice/relations.ts'
import { help, quoted, quotedList, raw, say } from '../src/lint/advice/sql.ts'
import { defineRule } from '../src/lint/rule.ts'
import { reached, truncated, truncatedInUse } from '../src/lint/truncated.ts'

export default defineRule({
  title: 'TRUNCATE that also empties other tables',
  why: 'CASCADE empties every table whose foreign keys refer to this one, those that refer to them, and so on.',
  severity: 'error',
  category: 'data loss',
  on: ['truncate'],
  peers: ['migrationpilot:MP036', 'squawk:ban-truncate-cascade', 'pgls:banTruncateCascade', 'pgfence:truncate-cascade'],

  check({ step, operation }) {
    const { table, cascade, cascadesTo } = operation
    if (!cascade) return
    const along = reached(cascadesTo).map(({ name }) => name)
    const named = along.length > 0 ? truncated(step) : truncatedInUse(step)
    if (named[0]?.oid !== table.oid) return
    // All foreign keys that refer to a table of these migrations are in the migrations as well, if all of them were read.
    if (along.length === 0 && named.every(isAllKnown)) return
    const tables = quotedList(named.map(({ name }) => name))
    return {
      at: operation.keyword,
      message:
        along.length > 0
          ? say`Truncating ${raw(tables)} also deletes all rows of ${raw(quotedList(along))}.`
          : say`Truncating ${raw(tables)} may also empty other tables.`,
      severity: along.length > 0 ? 'error' : 'warning',
      help: help(
        `Leave out CASCADE: PostgreSQL then refuses while a foreign key refers to ${quoted(table.name)}.`,
        'Empty those tables by name, in the same TRUNCATE, or drop the foreign keys, whichever is meant.',
      ),
    }
  },
})
