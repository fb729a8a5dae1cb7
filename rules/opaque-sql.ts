import { defineRule } from '../src/lint/rule.ts'
import { raw, say } from '../src/lint/sql.ts'

export default defineRule({
  title: 'SQL that could not be looked into',
  why: 'What is not known is not safe: whatever it locks, scans or changes is missing from this report.',
  severity: 'note',
  category: 'migration file',

  checkStep({ step, path }) {
    const help = 'Read it with the eyes of the database. Plain statements instead of computed ones can be checked.'
    // A block's unknown parts are shown rather than the whole block; what is told of the first goes for the others.
    const [first, ...rest] = step.statement.body?.opaque ?? []
    if (first) {
      return {
        at: first.span,
        message: say`This was not checked: ${raw(first.reason)}.`,
        help,
        related: rest.slice(0, 4).map(({ span }) => ({ path, at: span, message: 'not checked either' })),
      }
    }
    if (step.opaque === null) return
    return { at: step.statement.keyword, message: say`This was not checked: ${raw(step.opaque)}.`, help }
  },
})
