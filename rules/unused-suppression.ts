import { say } from '../src/lint/advice/sql.ts'
import { defineRule } from '../src/lint/rule.ts'

export default defineRule({
  title: 'Suppression comment that suppresses nothing',
  why: 'It may hide a real finding some day, and it warns readers of a danger that does not exist.',
  severity: 'warning',
  category: 'migration file',

  checkSuppressions({ suppressions }) {
    return suppressions.flatMap(({ directive, unused, idle }) => {
      if (idle)
        return [{ at: directive.span, message: 'This comment suppresses nothing.', help: 'Remove the comment.' }]
      const help =
        unused.length === directive.rules.length ? 'Remove the comment.' : 'Remove the name from the comment.'
      return unused.map(({ name, at }) => ({
        at,
        message: say`There is no finding of ${name} here to suppress.`,
        help,
      }))
    })
  },
})
