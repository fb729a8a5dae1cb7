import { raw, say } from '../src/lint/advice/sql.ts'
import { defineRule } from '../src/lint/rule.ts'
import { howToPrintSql } from '../src/migration/printed-sql.ts'
import { headLine } from '../src/parse/head-line.ts'

export default defineRule({
  title: 'Migration that is code, not SQL',
  why: 'What it does is missing from this report, and later migrations are linted without it.',
  severity: 'note',
  category: 'migration file',

  // There is one finding for each folder, because the other files in it have the same problem.
  checkMigration({ input, script, codeInFolder }) {
    if (input.kind !== 'code' || codeInFolder === null) return
    const others = codeInFolder.count - 1
    const more =
      others === 0 ? '' : others === 1 ? ', nor was one more in its folder' : `, nor were ${others} more in its folder`
    return {
      at: headLine(script.source.text),
      message: say`This migration was not checked${raw(more)}: ${raw(codeInFolder.why)}.`,
      help: `${howToPrintSql(input.runner.name)} If the SQL can be kept in a file of its own, that file can be checked. Otherwise review by hand what it locks, and for how long.`,
    }
  },
})
