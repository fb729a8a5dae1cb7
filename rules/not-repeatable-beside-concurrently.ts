import { later } from '../src/lint/advice/advice.ts'
import { concurrentKinds, concurrentWork } from '../src/lint/advice/concurrently.ts'
import { help, raw, say } from '../src/lint/advice/sql.ts'
import { once } from '../src/lint/once.ts'
import { defineRule } from '../src/lint/rule.ts'
import { remarksOf } from '../src/migration/remark.ts'
import type { Step } from '../src/postgres/step.ts'

export default defineRule({
  title: 'CONCURRENTLY after a statement that cannot be repeated',
  why: 'Outside a transaction, the effect of a statement stays when a later one fails. CONCURRENTLY fails easily: by a timeout, a deadlock, a row that is not unique.',
  severity: 'note',
  category: 'transaction',
  on: [...concurrentKinds],

  check({ step, operation, migration, remarks, runner, label, text }) {
    if (remarksOf(remarks, 'refused').length > 0) return
    if (!operation.concurrently || step.error || step.transaction.kind !== 'autocommit') return
    const { concurrent, unrepeatable } = firsts(migration)
    // Only the first one is reported.
    if (concurrent && concurrent.index < step.index) return
    if (!unrepeatable || unrepeatable.index >= step.index) return
    return {
      at: operation.keyword,
      message: say`If ${raw(inSentence(concurrentWork(operation)))} fails, this migration cannot be run again, because the statements before it have taken effect.`,
      help: help(later(runner, 'alone, so that it can be tried again'), raw(`${text(step.statement.span)};`)),
      related: [label(unrepeatable, 'this fails when it is done already')],
    }
  },
})

const firsts = once((migration: readonly Step[]) => ({
  concurrent: migration.find(isConcurrent),
  unrepeatable: migration.find(failsWhenRepeated),
}))

function isConcurrent({ operations }: Step): boolean {
  return operations.some(operation => 'concurrently' in operation && operation.concurrently)
}

/**
 * True for a statement that creates or removes something by name, and does not say what to do if it already exists or
 * is already gone.
 */
function failsWhenRepeated({ operations, transaction }: Step): boolean {
  if (transaction.kind !== 'autocommit') return false
  return operations.some(
    operation =>
      ('ifNotExists' in operation && operation.ifNotExists === false) ||
      ('ifExists' in operation && operation.ifExists === false) ||
      operation.kind === 'add-constraint',
  )
}

function inSentence(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}
