import { help, raw, say } from '../src/lint/advice/sql.ts'
import { beginsWith, withoutWords } from '../src/lint/advice/words.ts'
import { defineRule } from '../src/lint/rule.ts'

export default defineRule({
  title: 'SET LOCAL outside a transaction',
  why: 'SET LOCAL holds until the transaction ends. Without one it ends at once: PostgreSQL warns and sets nothing.',
  severity: 'warning',
  category: 'transaction',
  on: ['set'],

  check({ step, operation, text }) {
    // In a DO block, and if it is not known how the file is run, there may be a transaction.
    if (!operation.local || step.transaction.kind !== 'autocommit') return
    const statement = text(step.statement.span)
    const forSession = beginsWith(statement, 'SET') ? withoutWords(statement, 'LOCAL') : statement
    return {
      at: operation.span,
      message: say`This does not set ${raw(operation.name)}: it is only for a transaction, and there is none here.`,
      help:
        forSession === statement
          ? help('Set it for the session, or put it into a transaction with the statements that need it.')
          : help(
              'Put it into a transaction with the statements that need it, or set it for the session:',
              raw(`${forSession};`),
            ),
    }
  },
})
