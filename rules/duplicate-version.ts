import { raw, say } from '../src/lint/advice/sql.ts'
import { defineRule } from '../src/lint/rule.ts'
import { changesOf } from '../src/migration/change.ts'
import { headLine } from '../src/parse/head-line.ts'

export default defineRule({
  title: 'New migration with the version of another one',
  why: 'Tools record applied migrations by version, so they take one of the two for the other.',
  severity: 'error',
  category: 'migration file',

  checkMigration({ changes, script }) {
    return changesOf(changes, 'duplicate').map(({ version, other, outcome }) => ({
      at: headLine(script.source.text),
      severity: outcome.severity,
      message: say`Version ${version} belongs to ${other} already. ${raw(outcome.what)}.`,
      help: 'Give this migration a version of its own that comes after all others.',
    }))
  },
})
