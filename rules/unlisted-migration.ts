import { raw, say } from '../src/lint/advice/sql.ts'
import { defineRule } from '../src/lint/rule.ts'
import { changesOf } from '../src/migration/change.ts'
import { headLine } from '../src/parse/head-line.ts'

export default defineRule({
  title: 'New file among the migrations that never runs',
  why: 'Its author waits for a change that never comes, while the deployment reports success.',
  severity: 'error',
  category: 'migration file',

  checkMigration({ changes, script }) {
    return changesOf(changes, 'unlisted').map(({ why, outcome }) => ({
      at: headLine(script.source.text),
      severity: outcome.severity,
      message: say`This new file is not run: ${raw(why)}. ${raw(outcome.what)}.`,
      help: 'Let the tool create the migration, so that its name and its entry are right, or move the file to another folder.',
    }))
  },
})
