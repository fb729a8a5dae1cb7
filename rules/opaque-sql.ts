import { raw, say } from '../src/lint/advice/sql.ts'
import { defineRule } from '../src/lint/rule.ts'

export default defineRule({
  title: 'SQL that could not be checked',
  why: 'SQL that was not checked is not known to be safe. Everything that it locks, reads or changes is missing from this report.',
  severity: 'note',
  category: 'migration file',

  checkStep({ step, path }) {
    const help = 'Review by hand what it locks, and for how long. Written as plain statements it could be checked.'
    // For a block, its unknown parts are shown instead of the whole block. The message about the first part applies to
    // the others as well.
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
