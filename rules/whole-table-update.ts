import { heldAgainstOthers, workOn } from '../src/lint/held.ts'
import { defineRule } from '../src/lint/rule.ts'
import { help, say } from '../src/lint/sql.ts'
import { batches, touchesEveryRow } from '../src/lint/whole-table.ts'

export default defineRule({
  title: 'UPDATE of every row at once',
  why: 'Each row stays locked from the moment it is changed until all are. Each leaves a dead copy, so the table can grow to twice its size.',
  severity: 'warning',
  category: 'transaction',
  on: ['update'],
  peers: ['pgfence:update-in-migration', 'pgls:banUpdateWithoutWhere'],

  check({ step, operation, effects, runner, isLarge }) {
    const { table } = operation
    if (!table.exposed || step.error || !workOn(effects, step, isLarge) || !touchesEveryRow(operation, step)) return
    // Under a strong lock it is worse: backfill-in-schema-transaction.
    if (heldAgainstOthers(step).length > 0) return
    return {
      at: operation.keyword,
      message: say`Updating every row of ${table.name} at once blocks other updates of them until it commits.`,
      help: help(...batches(step, operation, runner)),
    }
  },
})
