import { outside } from '../src/lint/advice/advice.ts'
import { concurrentKinds, concurrentWork } from '../src/lint/advice/concurrently.ts'
import { failing, isRefused, refusedIn } from '../src/lint/advice/refused-in-transaction.ts'
import { help, raw, say } from '../src/lint/advice/sql.ts'
import { defineRule } from '../src/lint/rule.ts'

export default defineRule({
  title: 'CONCURRENTLY inside a transaction',
  why: 'CONCURRENTLY commits on the way, so PostgreSQL refuses it inside a transaction, and the migration fails.',
  severity: 'error',
  category: 'certain failure',
  on: [...concurrentKinds],
  peers: [
    'migrationpilot:MP025',
    'squawk:ban-concurrent-index-creation-in-transaction',
    'pgfence:concurrent-in-transaction',
    'atlas:PG103',
    'pgls:banConcurrentIndexCreationInTransaction',
  ],

  check({ step, operation, runner, history, label, text }) {
    // PreventInTransactionBlock() in xact.c.
    if (!operation.concurrently || step.statement.caught) return
    const { refusedInTransaction, transaction, error } = step
    if (error === null && refusedInTransaction !== undefined && transaction.where !== undefined) {
      return {
        at: operation.keyword,
        message: say`${raw(concurrentWork(operation))} fails ${raw(transaction.where)}.`,
        severity: 'warning',
        help: help(outside(runner), raw(`${text(step.statement.span)};`)),
      }
    }
    if (!isRefused(step)) return
    const { because, todo, ...related } = refusedIn({ step, runner, history, label })
    return {
      at: operation.keyword,
      message: say`${raw(concurrentWork(operation))} ${raw(failing(step))}: ${raw(because)}.`,
      help: help(todo, raw(`${text(step.statement.span)};`)),
      ...related,
    }
  },
})
