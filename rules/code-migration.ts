import { raw, say } from '../src/lint/advice/sql.ts'
import { defineRule } from '../src/lint/rule.ts'
import { headLine } from '../src/lint/scope.ts'

export default defineRule({
  title: 'Migration that is code, not SQL',
  why: 'What it does is missing from this report, and later migrations are judged without it.',
  severity: 'note',
  category: 'migration file',

  checkMigration({ input, script }) {
    if (input.kind !== 'code') return
    return {
      at: headLine(script.source.text),
      message: say`This migration was not checked: ${raw(input.opaque)}.`,
      help: 'Review by hand what it locks, and for how long. If its SQL can be kept in a file of its own, that file can be checked.',
    }
  },
})
