import { allowHelp, editWords, restoration } from '../src/lint/advice/applied.ts'
import { help, quoted, raw, say } from '../src/lint/advice/sql.ts'
import { defineRule } from '../src/lint/rule.ts'
import { changesOf } from '../src/migration/change.ts'
import { headLine } from '../src/parse/head-line.ts'

export default defineRule({
  title: 'New name for a migration that is applied',
  why: 'Tools know applied migrations by name or version. Under another name this is a new one, and runs a second time.',
  severity: 'error',
  category: 'migration file',

  checkMigration({ changes, path, script }) {
    return changesOf(changes, 'renamed').map(change => {
      const { from, edit, base, outcome } = change
      const restored = restoration(change, headLine(script.source.text))
      if (restored) return restored
      const edited = edit === null ? '' : ` ${editWords[edit]} changed as well.`
      return {
        at: headLine(script.source.text),
        severity: outcome.severity,
        message: say`This is ${from}, which ${base} has, under another name.${raw(edited)} ${raw(outcome.what)}.`,
        help: help(`Give the file its old name back: ${quoted(from)}.`, allowHelp(path)),
      }
    })
  },
})
