import { help, quotedList, raw, say, sql } from '../src/lint/advice/sql.ts'
import { defineRule } from '../src/lint/rule.ts'

export default defineRule({
  title: 'VACUUM FULL',
  why: 'Every row is copied to a new file and every index is built again, and nobody can read or write the table meanwhile.',
  severity: 'error',
  category: 'locking',
  on: ['vacuum-full'],
  peers: ['migrationpilot:MP006', 'pgls:banVacuumFull', 'pgfence:vacuum-full', 'squawk:prefer-repack'],

  check({ operation, effects, isLarge }) {
    const { keyword, tables } = operation
    const copied = tables.filter(({ exposed, name }) => exposed && isLarge(name)).map(({ name }) => name)
    if (tables.length > 0 && !effects.blockingReads({ work: 'rewrite' })) return
    const whole = tables.length === 0
    return {
      at: keyword,
      message: whole
        ? 'VACUUM FULL blocks reads and writes of each table of the database while it copies it.'
        : say`VACUUM FULL blocks reads and writes of ${raw(quotedList(copied))} while every row is copied.`,
      severity: effects.blockingReads() ? 'error' : 'warning',
      help: help(
        'Plain VACUUM makes the space of deleted rows usable again while others work:',
        whole ? [sql`VACUUM (ANALYZE);`] : copied.map(name => sql`VACUUM (ANALYZE) ${name};`),
        'To give space back to the operating system while others work, use the extension pg_repack.',
      ),
    }
  },
})
