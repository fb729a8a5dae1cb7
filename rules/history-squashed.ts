import { allow } from '../src/lint/advice/applied.ts'
import { help, quotedList, raw, say } from '../src/lint/advice/sql.ts'
import { defineRule } from '../src/lint/rule.ts'
import { changesOf } from '../src/migration/change.ts'
import { headLine } from '../src/parse/head-line.ts'

export default defineRule({
  title: 'One migration in place of many that are applied',
  why: 'Databases that have the old ones must be told that the new one is applied. New databases run it from the beginning.',
  severity: 'warning',
  category: 'migration file',

  checkMigration({ changes, path, script }) {
    return changesOf(changes, 'squashed').map(({ gone, base, outcome }) => ({
      at: headLine(script.source.text),
      severity: outcome.severity,
      message: say`This stands for ${gone.length} migrations that ${base} has and that are deleted: ${raw(quotedList(gone))}. ${raw(outcome.what)}.`,
      help: help(
        "Before it is deployed, record it as applied in every database that has the old ones, with your tool's own command.",
        'Squash only what all databases have, in a change that does nothing else.',
        `Then ${allow(path)}.`,
      ),
    }))
  },
})
