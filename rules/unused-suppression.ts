import { defineRule } from '../src/lint/rule.ts'
import { quotedList, raw, say } from '../src/lint/sql.ts'

export default defineRule({
  title: 'Suppression comment that suppresses nothing',
  why: 'It would hide a real finding some day, and tells readers of a danger that is not there.',
  severity: 'warning',
  category: 'migration file',

  checkSuppressions({ suppressions }) {
    return suppressions
      .filter(({ unused, idle }) => idle || unused.length > 0)
      .map(({ directive, unused, idle }) => ({
        at: directive.span,
        message: idle
          ? 'This comment suppresses nothing.'
          : say`This comment suppresses nothing of ${raw(quotedList(unused))}.`,
        help:
          idle || unused.length === directive.rules.length
            ? 'Remove the comment.'
            : 'Take the name out of the comment.',
      }))
  },
})
