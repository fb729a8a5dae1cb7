import { changing } from '../src/lint/advice/column-type.ts'
import { hasLimit, narrowing } from '../src/lint/advice/narrowing.ts'
import { help, raw, say } from '../src/lint/advice/sql.ts'
import { defineRule } from '../src/lint/rule.ts'

export default defineRule({
  title: 'Change to a type that holds less',
  why: 'PostgreSQL checks whether the values fit while everybody waits. Digits or text that it rounds or cuts off are lost.',
  severity: 'warning',
  category: 'data loss',
  on: ['alter-column-type'],
  peers: ['migrationpilot:MP044', 'strong_migrations:change_column'],

  check({ operation, effects }) {
    const { table, narrowing: holdsLess } = operation
    if (!table.exposed) return
    if (holdsLess === 'unknown' && operation.from === null && hasLimit(operation.to)) {
      return {
        at: operation.keyword,
        message: say`If ${operation.column} of ${table.name} holds more than ${raw(operation.toText)} can, values do not fit, or are rounded or cut off.`,
        severity: 'note',
        help: help('See what type the column has now: no migration that was read shows it.'),
      }
    }
    if (holdsLess !== true) return
    const { consequence, loses, search } = narrowing(operation)
    // The rule about the work also reports that it may fail after all of it.
    if (!loses && effects.blockingWrites({ work: 'rewrite' })) return
    return {
      at: operation.keyword,
      message: say`${changing(operation)} ${raw(consequence)}.`,
      help: search
        ? help('Look for such values, and decide what to do with them:', search)
        : help('First look for such values, and decide what to do with them.'),
    }
  },
})
