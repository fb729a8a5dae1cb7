import { later } from '../src/lint/advice/advice.ts'
import { help, raw, say } from '../src/lint/advice/sql.ts'
import { deadlocks, heldOn, waitsFor } from '../src/lint/advice/strongest-lock.ts'
import { defineRule } from '../src/lint/rule.ts'

export default defineRule({
  title: 'Stronger lock on a table that the transaction already uses',
  why: 'The statement waits for others who use the table, and they may wait for rows that this transaction has changed. PostgreSQL then cancels one of the two.',
  severity: 'warning',
  category: 'locking',
  presets: { recommended: 'off', strict: 'warning' },

  checkStep({ step, history, runner, label }) {
    const found = waitsFor(step).flatMap(({ oid, relation, lock }) => {
      const held = heldOn(step, oid)
      return held && lock && deadlocks(held.mode, lock) && writesRows(history[held.takenBy]) ? [{ held, relation }] : []
    })
    const [first] = found
    if (!first) return
    const taker = history[first.held.takenBy]
    return {
      at: step.statement.keyword,
      message: say`This may end in a deadlock: it needs a stronger lock on ${first.relation} than the transaction has.`,
      help: help(`Commit before it. ${later(runner)}`, raw(`${step.statement.text};`)),
      ...(taker ? { related: [label(taker, 'the weaker lock is taken here')] } : {}),
    }
  },
})

const writes: ReadonlySet<string> = new Set(['insert', 'update', 'delete', 'merge', 'copy-from'])

function writesRows(step: { readonly operations: readonly { readonly kind: string }[] } | undefined): boolean {
  return step?.operations.some(({ kind }) => writes.has(kind)) ?? false
}
