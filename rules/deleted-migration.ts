import { restoration, restore } from '../src/lint/advice/applied.ts'
import { help, quotedList, raw, say } from '../src/lint/advice/sql.ts'
import { defineRule } from '../src/lint/rule.ts'
import { changesOf } from '../src/migration/change.ts'
import { headLine } from '../src/parse/head-line.ts'

export default defineRule({
  title: 'Deletion of a migration that is applied',
  why: 'A new database is built from the migrations, so a missing one makes it differ. Many tools refuse to continue if a file is missing.',
  severity: 'error',
  category: 'migration file',

  checkMigration({ changes, path, script }) {
    return changesOf(changes, 'deleted').map(change => {
      const { others, base, outcome } = change
      const restored = restoration(change, headLine(script.source.text))
      if (restored) return restored
      const more = others.length === 0 ? '' : `, and so are ${quotedList(others)}`
      return {
        at: headLine(script.source.text),
        severity: outcome.severity,
        message: say`This migration is deleted although ${base} has it${raw(more)}. ${raw(outcome.what)}.`,
        help: help(
          `${restore(path, base)}.`,
          'To undo what it did, write a new migration.',
          'If it should stay deleted, allow it with `--allow-edit`, or with "allowEdit" in the configuration.',
        ),
      }
    })
  },
})
