import { raw, say } from '../src/lint/advice/sql.ts'
import { defineRule } from '../src/lint/rule.ts'

export default defineRule({
  title: 'SQL that is too large to check',
  why: 'SQL that was not checked may be dangerous. Everything that it locks, reads or changes is missing from this report.',
  severity: 'error',
  category: 'migration file',

  checkMigration({ script }) {
    return script.problems
      .filter(({ kind }) => kind === 'beyond-limits')
      .map(({ message, span }) => ({
        at: span,
        message: say`This was not checked: ${raw(message)}.`,
        help: 'Split it into smaller statements and files. Or review it by hand, and say so in a comment with a reason.',
      }))
  },
})
