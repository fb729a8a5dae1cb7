import { help, say, sql } from '../src/lint/advice/sql.ts'
import { defineRule } from '../src/lint/rule.ts'

export default defineRule({
  title: 'REFRESH that blocks reads',
  why: 'A plain REFRESH lets nobody read the view until its query has run and its indexes are built again.',
  severity: 'error',
  category: 'locking',
  on: ['refresh-materialized-view'],
  peers: ['migrationpilot:MP033', 'pgls:requireConcurrentRefreshMatview', 'pgfence:refresh-matview-blocking'],

  check({ operation, effects }) {
    const { view, concurrently, withData, hasUniqueIndex } = operation
    // Nobody waits for a view that was never filled, and CONCURRENTLY is refused for it (0A000).
    if (concurrently || !effects.blockingReads({ work: 'rewrite' })) return
    if (!withData) {
      return {
        at: operation.keyword,
        message: say`Refreshing ${view.name} WITH NO DATA makes every query of it fail from here on.`,
        why: 'The view is emptied. Nobody can read it, or refresh it concurrently, until a plain REFRESH fills it.',
        help: help(
          'Leave out WITH NO DATA.',
          hasUniqueIndex === true && 'With its unique index the view can be refreshed while others read it:',
          hasUniqueIndex === true && sql`REFRESH MATERIALIZED VIEW CONCURRENTLY ${view.name};`,
        ),
      }
    }
    return {
      at: operation.keyword,
      message: say`Refreshing ${view.name} blocks reads of it until its query is done.`,
      help: help(
        hasUniqueIndex !== true &&
          'First give it a unique index on columns that tell its rows apart. Then it can be refreshed while others read it:',
        hasUniqueIndex === true && 'With its unique index it can be refreshed while others read it:',
        sql`REFRESH MATERIALIZED VIEW CONCURRENTLY ${view.name};`,
      ),
    }
  },
})
