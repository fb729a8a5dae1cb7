import { help, quotedList, raw, say } from '../src/lint/advice/sql.ts'
import { defineRule } from '../src/lint/rule.ts'

export default defineRule({
  title: 'CLUSTER',
  why: 'Every row is copied to a new file in the order of an index, and nobody can read or write the table meanwhile.',
  severity: 'error',
  category: 'locking',
  peers: ['migrationpilot:MP032'],
  on: ['cluster'],

  check({ operation, effects, isLarge }) {
    const { keyword, tables } = operation
    if (tables.length > 0 && !effects.blockingReads({ work: 'rewrite' })) return
    const copied = tables.filter(({ exposed, name }) => exposed && isLarge(name)).map(({ name }) => name)
    return {
      at: keyword,
      message:
        tables.length === 0
          ? 'CLUSTER blocks reads and writes of each table that was clustered before while it copies it.'
          : say`CLUSTER blocks reads and writes of ${raw(quotedList(copied))} while every row is copied.`,
      severity: effects.blockingReads() ? 'error' : 'warning',
      help: help(
        'The next writes lose the order again. To sort a table while others use it, there is the extension pg_repack.',
        'An index that holds all columns a query needs (INCLUDE) often helps as much, and lasts.',
      ),
    }
  },
})
