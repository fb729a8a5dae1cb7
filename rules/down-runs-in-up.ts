import { remarksOf } from '../src/lint/remark.ts'
import { defineRule } from '../src/lint/rule.ts'
import { help, raw, say } from '../src/lint/sql.ts'

export default defineRule({
  title: 'Down section that runs with the migration',
  why: 'What was written to take the migration back is executed when it is applied, right after it.',
  severity: 'error',
  category: 'migration file',

  checkMigration({ remarks, runner }) {
    return remarksOf(remarks, 'down-in-up').map(({ at, help: todo }) => ({
      at,
      message: say`What follows is run when this migration is applied: ${raw(runner.name)} takes the whole file.`,
      help: help(todo),
    }))
  },
})
