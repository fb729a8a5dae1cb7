import { outside } from '../src/lint/advice/advice.ts'
import { saysConcurrently } from '../src/lint/advice/concurrently.ts'
import { blocks } from '../src/lint/advice/effects.ts'
import { indexOnPartitions } from '../src/lint/advice/partitioned-index.ts'
import { help, raw, say } from '../src/lint/advice/sql.ts'
import { withoutWords } from '../src/lint/advice/words.ts'
import { defineRule } from '../src/lint/rule.ts'

export default defineRule({
  title: 'Index build that blocks writes',
  why: 'A plain CREATE INDEX lets nobody insert, update or delete until the whole index is built. CONCURRENTLY takes longer and lets them go on.',
  severity: 'error',
  category: 'locking',
  on: ['create-index'],
  peers: [
    'migrationpilot:MP001',
    'squawk:require-concurrent-index-creation',
    'eugene:E6',
    'atlas:PG101',
    'pgls:requireConcurrentIndexCreation',
    'pgfence:create-index-not-concurrent',
  ],

  check({ step, operation, effects, runner, text, isLarge }) {
    const { table, index, name, keyword, ifNotExists } = operation
    const isOnOnly = operation.only && !operation.concurrently && !operation.skipped && !step.error
    const isUnknown = !table.complete && table.kind === 'table' && !effects.blockingWrites({ work: 'build' })
    if (isOnOnly && table.exposed && isUnknown && isLarge(table.name)) {
      return {
        at: keyword,
        message: say`Unless ${table.name} is partitioned, building ${index.name} blocks writes to it until it is done.`,
        severity: 'note',
        help: 'ON ONLY builds nothing on a partitioned table, and changes nothing on any other. No migration creates this one: make sure that it is partitioned.',
      }
    }
    // Nothing is reported for a concurrent build, or if the table is new or known to be small.
    const work = effects.blockingWrites({ work: 'build' })
    if (!work) return
    const create = text(keyword)
    // With IF NOT EXISTS, an invalid index that a failed concurrent build left behind would count as the index.
    const definition = withoutWords(text([keyword[1], step.statement.span[1]]), 'IF NOT EXISTS')

    if (table.kind === 'partitioned table') {
      return {
        at: keyword,
        message: say`Building ${index.name} ${blocks(work)} writes to ${table.name} and all its partitions until it is done.`,
        help: help(indexOnPartitions(step, operation, { text, runner })),
      }
    }
    if (operation.perChunk) {
      return {
        at: keyword,
        message: say`Building ${index.name} blocks writes to one chunk of ${table.name} after the other.`,
        severity: 'warning',
        help: 'TimescaleDB commits after each chunk, and has no CONCURRENTLY for a hypertable. Run it outside a transaction, when few rows are written.',
      }
    }
    return {
      at: keyword,
      message: say`Building ${index.name} ${blocks(work)} writes to ${table.name} until it is done.`,
      help: help(outside(runner), raw(`${create} CONCURRENTLY${definition};`)),
      // Inside a transaction CONCURRENTLY fails (25001), so only a statement that surely runs by itself can be edited.
      ...(step.transaction.kind === 'autocommit' && name !== null && !ifNotExists
        ? { fix: saysConcurrently('Build the index concurrently', keyword[1]) }
        : {}),
    }
  },
})
