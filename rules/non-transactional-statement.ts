import { outside } from '../src/lint/advice/advice.ts'
import { failing, isRefused, refusedIn } from '../src/lint/advice/refused-in-transaction.ts'
import { help, raw, say } from '../src/lint/advice/sql.ts'
import { defineRule } from '../src/lint/rule.ts'

export default defineRule({
  title: 'Statement that cannot run in a transaction',
  why: 'It cannot be rolled back, or commits on the way. So PostgreSQL refuses it inside a transaction, and the migration fails.',
  severity: 'error',
  category: 'certain failure',
  peers: ['pgfence:concurrent-in-transaction'],

  checkStep({ step, history, runner, label }) {
    // PreventInTransactionBlock() in xact.c. Another rule reports CONCURRENTLY.
    if (step.operations.some(operation => 'concurrently' in operation && operation.concurrently)) return
    const { refusedInTransaction, transaction, error } = step
    if (refusedInTransaction === undefined) return
    if (error === null && transaction.where !== undefined) {
      return {
        at: step.statement.keyword,
        message: say`${raw(refusedInTransaction)} fails ${raw(transaction.where)}.`,
        severity: 'warning',
        help: help(outside(runner), raw(`${step.statement.text};`)),
      }
    }
    if (!isRefused(step)) return
    const { because, todo, ...related } = refusedIn({ step, runner, history, label })
    return {
      at: step.statement.keyword,
      message: say`${raw(refusedInTransaction)} ${raw(failing(step))}: ${raw(because)}.`,
      help: help(todo, raw(`${step.statement.text};`)),
      ...related,
    }
  },
})
