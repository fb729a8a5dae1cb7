import { allowHelp, editWords, restoration, restore } from '../src/lint/advice/applied.ts'
import { help, quoted, raw, say } from '../src/lint/advice/sql.ts'
import { defineRule } from '../src/lint/rule.ts'
import { changesOf } from '../src/migration/change.ts'
import { headLine } from '../src/parse/head-line.ts'

export default defineRule({
  title: 'Edit of a migration that is applied',
  why: 'An applied migration is not run again. An edit makes databases differ, or stops the next deployment.',
  severity: 'error',
  category: 'migration file',

  checkMigration({ changes, path, script }) {
    const restamped = changesOf(changes, 'restamped').map(change => {
      const { file, was, now, base, outcome } = change
      const at = headLine(script.source.text)
      const restored = restoration(change, at)
      if (restored) return restored
      return {
        at,
        severity: outcome.severity,
        message: say`The journal ${file} gives this migration another time (${now} instead of ${was}) although ${base} has it. ${raw(outcome.what)}.`,
        help: help(
          `Set its "when" in the journal back to ${was}. After a merge, give later times to the new migrations, never to applied ones.`,
          allowHelp(path),
        ),
      }
    })
    const reordered = changesOf(changes, 'reordered').map(({ file, base, outcome }) => ({
      at: headLine(script.source.text),
      severity: outcome.severity,
      message: say`The journal ${file} lists this migration at another place than ${base} does. ${raw(outcome.what)}.`,
      help: help(`Put the entries of the journal back into the order of ${quoted(base)}.`, allowHelp(path)),
    }))
    const edited = changesOf(changes, 'edited').map(change => {
      const { edit, file, base, outcome } = change
      const at = change.at[0] === change.at[1] ? headLine(script.source.text) : change.at
      const restored = restoration(change, at)
      if (restored) return restored
      const what = file === null ? raw(editWords[edit]) : say`The file ${file} that takes it back`
      return {
        at,
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
    return [...restamped, ...reordered, ...edited]
  },
})
