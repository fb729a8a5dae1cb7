import { paths, restore } from '../src/lint/applied.ts'
import { changesOf } from '../src/lint/change.ts'
import { defineRule } from '../src/lint/rule.ts'
import { headLine } from '../src/lint/scope.ts'
import { help, raw, say } from '../src/lint/sql.ts'

export default defineRule({
  title: 'Deletion of a migration that is applied',
  why: 'Databases that have it keep what it did. New ones never get it, and many tools refuse to go on when a file is missing.',
  severity: 'error',
  category: 'migration file',

  checkMigration({ changes, path, script }) {
    return changesOf(changes, 'deleted').map(({ others, base, outcome }) => {
      const more = others.length === 0 ? '' : `, and so are ${paths(others)}`
      return {
        at: headLine(script.source.text),
        severity: outcome.severity,
        message: say`This migration is deleted although ${base} has it${raw(more)}. ${raw(outcome.what)}.`,
        help: help(
          'To undo what it did, write a new migration that does so.',
          `Then ${restore(path, base)}.`,
          'If it is to go for good, allow it by `--allow-edit` or by "allowEdit" in the configuration.',
        ),
      }
    })
  },
})
