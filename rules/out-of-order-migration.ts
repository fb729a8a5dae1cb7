import { allowHelp, restoration } from '../src/lint/advice/applied.ts'
import { help, quotedList, raw, say } from '../src/lint/advice/sql.ts'
import { defineRule } from '../src/lint/rule.ts'
import { changesOf } from '../src/migration/change.ts'
import { headLine } from '../src/parse/head-line.ts'

export default defineRule({
  title: 'New migration that is sorted before applied ones',
  why: 'It was numbered before others were merged. Some tools refuse it, some skip it forever, and some run it late, in another order than elsewhere.',
  severity: 'error',
  category: 'migration file',

  checkMigration({ changes, path, script }) {
    return changesOf(changes, 'late').map(change => {
      const { before, base, outcome } = change
      return (
        restoration(change, headLine(script.source.text)) ?? {
          at: headLine(script.source.text),
          severity: outcome.severity,
          message: say`This new migration comes before ${raw(quotedList(before, 3))}, which ${base} has. ${raw(outcome.what)}.`,
          help: help('Give it a new version, number or date that comes after them.', allowHelp(path)),
        }
      )
    })
  },
})
