import { changing } from '../src/lint/advice/column-type.ts'
import { narrowing } from '../src/lint/advice/narrowing.ts'
import { help, raw, say } from '../src/lint/advice/sql.ts'
import { defineRule } from '../src/lint/rule.ts'

export default defineRule({
  title: 'Change to a type that holds less',
  why: 'PostgreSQL finds out while everybody waits whether the values fit. What is rounded or cut off is lost.',
  severity: 'warning',
  category: 'data loss',
  on: ['alter-column-type'],
  peers: ['strong_migrations:change_column'],

  check({ operation, effects }) {
    const { table, narrowing: holdsLess } = operation
    if (!table.exposed || holdsLess !== true) return
    const { consequence, loses, search } = narrowing(operation)
    // That it may fail after all the work is told with the work.
    if (!loses && effects.blockingWrites({ work: 'rewrite' })) return
    return {
      at: operation.keyword,
      message: say`${changing(operation)} ${raw(consequence)}.`,
      help: search
        ? help('See whether there are such values, and decide what becomes of them:', search)
        : help('Look for such values first, and decide what becomes of them.'),
    }
  },
})
