import { allowHelp, editWords, restore } from '../src/lint/advice/applied.ts'
import { help, raw, say } from '../src/lint/advice/sql.ts'
import { defineRule } from '../src/lint/rule.ts'
import { headLine } from '../src/lint/scope.ts'
import { changesOf } from '../src/migration/change.ts'

export default defineRule({
  title: 'Edit of a migration that is applied',
  why: 'An applied migration is not run again. An edit makes databases differ, or stops the next deployment.',
  severity: 'error',
  category: 'migration file',

  checkMigration({ changes, path, script }) {
    return changesOf(changes, 'edited').map(({ at, edit, file, base, outcome }) => {
      const what = file === null ? raw(editWords[edit]) : say`The file ${file} that takes it back`
      return {
        at: at[0] === at[1] ? headLine(script.source.text) : at,
        severity: outcome.severity,
        message: say`${typeof what === 'string' ? raw(what) : what} changed although ${base} has this migration. ${raw(outcome.what)}.`,
        help: help(
          edit === 'line-ends' &&
            'To keep line ends the same on every machine, put `*.sql text eol=lf` into .gitattributes.',
          // This comes before everything else, because restoring the file loses the change.
          edit === 'statements' && 'Put the change into a new migration first.',
          `${restore(file ?? path, base)}.`,
          allowHelp(path),
        ),
      }
    })
  },
})
