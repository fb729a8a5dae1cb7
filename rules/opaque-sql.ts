import { defineRule } from '../src/lint/rule.ts'
import { raw, say } from '../src/lint/sql.ts'

export default defineRule({
  title: 'SQL that could not be looked into',
  why: 'What is not known is not safe: whatever it locks, scans or changes is missing from this report.',
  severity: 'note',
  category: 'migration file',

  checkStep({ step }) {
    const help = 'Read it with the eyes of the database. Plain statements instead of computed ones can be checked.'
    // A block's unknown parts are shown one by one rather than as one unknown block.
    const parts = step.statement.body?.opaque ?? []
    if (parts.length > 0) {
      return parts.map(({ span, reason }) => ({ at: span, message: say`This was not checked: ${raw(reason)}.`, help }))
    }
    if (step.opaque === null) return
    return { at: step.statement.keyword, message: say`This was not checked: ${raw(step.opaque)}.`, help }
  },
})
