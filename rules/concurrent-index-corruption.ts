import { concurrentWork } from '../src/lint/advice/concurrently.ts'
import { help, raw, say } from '../src/lint/advice/sql.ts'
import { defineRule } from '../src/lint/rule.ts'

export default defineRule({
  title: 'Concurrent index build on a version that loses rows',
  why: 'PostgreSQL 14.0 to 14.3 can leave rows out of an index that is built concurrently. Queries then miss them, and duplicates get in.',
  severity: 'error',
  category: 'data loss',
  on: ['create-index', 'reindex'],
  peers: ['strong_migrations:add_index_corruption'],

  check({ step, operation, config }) {
    // Release notes of 14.4: heap-only-tuple pruning ran during a concurrent build.
    if (!operation.concurrently || step.error || !/^14\.[0-3]$/.test(config.pgVersion)) return
    if (operation.table?.exposed === false) return
    return {
      at: operation.keyword,
      message: say`${raw(concurrentWork(operation))} on PostgreSQL ${raw(config.pgVersion)} may leave rows out of the index.`,
      help: help('First update the server to 14.4 or newer. Then rebuild the indexes that were built this way before.'),
    }
  },
})
