import { outside } from '../src/lint/advice/advice.ts'
import { help, raw, say } from '../src/lint/advice/sql.ts'
import { once, stepsBy } from '../src/lint/once.ts'
import { defineRule } from '../src/lint/rule.ts'
import type { MigrationInput } from '../src/migration/migration.ts'
import type { Script } from '../src/parse/script.ts'
import type { Step } from '../src/postgres/step.ts'

export default defineRule({
  title: "COMMIT or ROLLBACK of the tool's transaction",
  why: 'The tool opened this transaction to do all of the migration or nothing, and to record it as applied at the same time.',
  severity: 'warning',
  category: 'transaction',
  on: ['commit', 'rollback'],

  check({ step, operation, migration, history, script, runner, input }) {
    if (operation.openedBy !== 'runner' || step.error || !outermost(script).has(step.statement)) return
    // If the file has a BEGIN of its own, it has one pair too many: nested-transaction reports that.
    if ((begins(migration).get(step.transaction.id)?.[0] ?? Infinity) < step.index) return
    // The reason may be a statement that PostgreSQL refuses in a transaction.
    const next = history[step.index + 1]
    const refused = next?.migration === step.migration && needsNoTransaction(next) ? next.statement.text : null
    const undone = operation.kind === 'rollback'
    const stops = isLast(step, migration) && needsOpen(input, script)
    const then = stops ? ` ${runner.name} then stops with an error, because its own COMMIT finds no transaction.` : ''
    return {
      at: operation.keyword,
      message: undone
        ? say`This undoes all that the migration did so far, and yet it is recorded as applied.${raw(then)}`
        : say`This ends the tool's transaction: if a later statement fails, the changes before it stay.${raw(then)}`,
      severity: undone ? 'error' : 'warning',
      help:
        refused === null
          ? help('Leave it out. Put statements that must run outside a transaction into a migration of their own.')
          : help(outside(runner), raw(`${refused};`)),
    }
  },
})

function needsNoTransaction({ operations, refusedInTransaction }: Step): boolean {
  return (
    refusedInTransaction !== undefined || operations.some(each => 'concurrently' in each && each.concurrently === true)
  )
}

/** Nothing after it begins a transaction. */
function isLast({ index }: Step, migration: readonly Step[]): boolean {
  return !migration.some(
    other =>
      (other.index > index && other.operations.some(({ kind }) => kind === 'begin')) ||
      (other.index >= index && 'chain' in other.statement.node && other.statement.node.chain === true),
  )
}

function needsOpen(input: MigrationInput, { source }: Script): boolean {
  if (input.kind !== 'sql') return false
  return [input, ...(input.parts?.(source.text) ?? [])].some(({ execution }) => execution?.needsOpen === true)
}

const outermost = once(({ statements }: Script) => new Set(statements))

/** Transactions, with their BEGIN steps. */
const begins = once((migration: readonly Step[]) =>
  stepsBy(migration, ({ operations, transaction }) =>
    operations.some(({ kind }) => kind === 'begin') ? [transaction.id] : [],
  ),
)
