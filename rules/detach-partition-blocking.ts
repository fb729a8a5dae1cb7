import { outside } from '../src/lint/advice/advice.ts'
import { telling } from '../src/lint/advice/effects.ts'
import { boundedWait, waitIsBounded } from '../src/lint/advice/lock-timeout.ts'
import { help, quoted, raw, say, sql } from '../src/lint/advice/sql.ts'
import { defineRule } from '../src/lint/rule.ts'

export default defineRule({
  title: 'DETACH PARTITION while the table is in use',
  why: 'DETACH waits for every transaction that uses the partitioned table. All reads and writes that come later wait behind it.',
  severity: 'warning',
  category: 'locking',
  on: ['detach-partition'],
  peers: [
    'migrationpilot:MP046',
    'squawk:require-concurrent-partition-detach',
    'pgls:requireConcurrentDetachPartition',
    'pgfence:detach-partition',
  ],

  check({ step, operation, config, runner, since, text }) {
    const { table, partition, concurrently, finalize, defaultPartition } = operation
    if (concurrently || finalize || !table.exposed) return
    const found = {
      at: operation.keyword,
      message: say`Detaching ${partition.name} makes reads and writes of ${table.name} wait behind it.`,
      effects: telling(operation.effects),
    }
    // CONCURRENTLY exists since 14; with a DEFAULT partition it is refused (55000, ATExecDetachPartition in tablecmds.c).
    if (defaultPartition || !since(14)) {
      if (waitIsBounded(step, config)) return
      const reason =
        defaultPartition &&
        since(14) &&
        `It cannot be done concurrently while ${quoted(defaultPartition.name)} is the DEFAULT partition.`
      return { ...found, help: help(reason, boundedWait(raw(`${text(step.statement.span)};`))) }
    }
    return {
      ...found,
      help: help(outside(runner), sql`ALTER TABLE ${table.name} DETACH PARTITION ${partition.name} CONCURRENTLY;`),
    }
  },
})
