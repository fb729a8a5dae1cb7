import { raw, say } from '../src/lint/advice/sql.ts'
import { defineRule } from '../src/lint/rule.ts'

export default defineRule({
  title: 'SQL beyond what can be judged',
  why: 'SQL that was not judged is not known to be safe. Everything that it locks, reads or changes is missing from this report.',
  severity: 'error',
  category: 'migration file',

  checkMigration({ script }) {
    return script.problems
      .filter(({ kind }) => kind === 'beyond-limits')
      .map(({ message, span }) => ({
        at: span,
        message: say`This was not judged: ${raw(message)}.`,
        help: 'Split it into smaller statements and files. Or review it by hand, and say so in a comment with a reason.',
      }))
  },
})
