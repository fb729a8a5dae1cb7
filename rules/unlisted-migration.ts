import { raw, say } from '../src/lint/advice/sql.ts'
import { defineRule } from '../src/lint/rule.ts'
import { headLine } from '../src/lint/scope.ts'
import { changesOf } from '../src/migration/change.ts'

export default defineRule({
  title: 'New file among the migrations that never runs',
  why: 'Whoever wrote it waits for a change that never comes, and the deployment says that all went well.',
  severity: 'error',
  category: 'migration file',

  checkMigration({ changes, script }) {
    return changesOf(changes, 'unlisted').map(({ why, outcome }) => ({
      at: headLine(script.source.text),
      severity: outcome.severity,
      message: say`This new file is not run: ${raw(why)}. ${raw(outcome.what)}.`,
      help: 'Let the tool make the migration, so that it is named and listed as it has to be, or move the file to another folder.',
    }))
  },
})
