import { help, quoted, say } from '../src/lint/advice/sql.ts'
import { changedColumn } from '../src/lint/code-use/removed.ts'
import { defineRule } from '../src/lint/rule.ts'

export default defineRule({
  title: 'Dropped NOT NULL',
  why: 'Code that expects a value finds NULL as soon as somebody writes one.',
  severity: 'note',
  category: 'breaking change',
  on: ['drop-not-null'],
  peers: ['migrationpilot:MP029', 'squawk:ban-drop-not-null', 'pgfence:drop-not-null', 'pgls:banDropNotNull'],

  check({ step, operation }) {
    const { table, column, keyword } = operation
    const relation = step.before.relations.get(table.oid)
    const known = relation && 'columns' in relation ? relation.columns.find(({ name }) => name === column) : undefined
    // A column that could hold NULL before does not change.
    if (!table.exposed || (known?.complete && !known.notNull)) return
    return {
      at: keyword,
      removes: [changedColumn(step, table, column)],
      message: say`Code that reads ${column} of ${table.name} may find NULL from now on.`,
      help: help(`First deploy code that works without a value in ${quoted(column)}.`),
    }
  },
})
