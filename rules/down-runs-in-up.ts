import { help, raw, say } from '../src/lint/advice/sql.ts'
import { defineRule } from '../src/lint/rule.ts'
import { remarksOf } from '../src/migration/remark.ts'

export default defineRule({
  title: 'Down section that runs with the migration',
  why: 'The statements that should only undo the migration run right after it.',
  severity: 'error',
  category: 'migration file',

  checkMigration({ remarks }) {
    return remarksOf(remarks, 'down-in-up').map(({ at, tool, help: todo }) => ({
      at,
      message: say`What follows runs when this migration is applied: ${raw(tool)} runs the whole file.`,
      help: help(todo),
    }))
  },
})
