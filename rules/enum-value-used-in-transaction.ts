import { later } from '../src/lint/advice/advice.ts'
import { help, raw, say } from '../src/lint/advice/sql.ts'
import { defineRule } from '../src/lint/rule.ts'

export default defineRule({
  title: 'New enum value used in the transaction that adds it',
  why: 'A new enum value can be used only once the transaction that adds it has committed. Until then PostgreSQL refuses it, and the migration fails.',
  severity: 'error',
  category: 'certain failure',
  on: ['use-new-enum-value'],
  peers: [
    'migrationpilot:MP012',
    'migrationpilot:MP054',
    'pgfence:alter-enum-add-value',
    'pgls:avoidAlterEnumAddValue',
  ],

  check({ step, operation, history, runner, label }) {
    const { type, value } = operation
    // Another rule reports any other failure.
    if (step.error && step.error.sqlstate !== '55P04') return
    const certain = step.error !== null
    const added = history.findLast(
      each =>
        each.index < step.index &&
        each.operations.some(other => other.kind === 'add-enum-value' && other.value === value),
    )
    return {
      at: operation.keyword,
      message: certain
        ? say`This fails: ${value} is added to ${type} in the same transaction.`
        : say`This fails if ${value} stands for a value of ${type} here: it is added in the same transaction.`,
      ...(certain ? {} : { severity: 'warning' as const }),
      help: help(
        step.transaction.kind === 'explicit' ? 'After COMMIT, or in a later migration:' : later(runner),
        raw(`${step.statement.text};`),
      ),
      ...(added ? { related: [label(added, 'the value is added here')] } : {}),
    }
  },
})
