import { raw, say } from '../src/lint/advice/sql.ts'
import { defineRule } from '../src/lint/rule.ts'
import { headLine } from '../src/parse/head-line.ts'

export default defineRule({
  title: 'File among the migrations that is never run',
  why: 'Its author may wait for a change that never comes.',
  severity: 'note',
  category: 'migration file',

  checkMigration({ changes, input, script }) {
    // Another rule reports more about a new one.
    if (input.kind !== 'aside' || input.runBy !== undefined || changes.some(({ kind }) => kind === 'unlisted')) return
    return {
      at: headLine(script.source.text),
      message: say`This file is not run: ${raw(input.why)}.`,
      help: 'Delete it, move it to another folder, or make it a migration that the tool runs.',
    }
  },
})
