import { defineRule } from '../src/lint/rule.ts'
import { help, quoted, quotedList, raw, say } from '../src/lint/sql.ts'

export default defineRule({
  title: 'TRUNCATE that also empties other tables',
  why: 'CASCADE empties every table whose foreign keys refer to this one, those that refer to them, and so on.',
  severity: 'error',
  category: 'data loss',
  on: ['truncate'],
  peers: ['squawk:ban-truncate-cascade', 'pgls:banTruncateCascade', 'pgfence:truncate-cascade'],

  check({ step, operation }) {
    const { table, cascade, cascadesTo } = operation
    if (!cascade) return
    const reached = cascadesTo.filter(({ exposed }) => exposed).map(({ name }) => name)
    const all = step.operations.flatMap(each => (each.kind === 'truncate' ? [each.table] : []))
    const named = reached.length > 0 ? all : all.filter(({ exposed }) => exposed)
    if (named[0]?.oid !== table.oid) return
    // All foreign keys that refer to a table of these migrations are in them, too.
    if (reached.length === 0 && named.every(({ complete }) => complete)) return
    const tables = quotedList(named.map(({ name }) => name))
    return {
      at: operation.keyword,
      message:
        reached.length > 0
          ? say`Truncating ${raw(tables)} also deletes all rows of ${raw(quotedList(reached))}.`
          : say`Truncating ${raw(tables)} may also empty other tables.`,
      severity: reached.length > 0 ? 'error' : 'warning',
      help: help(
        `Leave out CASCADE: PostgreSQL then refuses while a foreign key refers to ${quoted(table.name)}.`,
        'Empty those tables by name, in the same TRUNCATE, or drop the foreign keys, whichever is meant.',
      ),
    }
  },
})
