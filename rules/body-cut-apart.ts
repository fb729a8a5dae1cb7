import { help, raw, say } from '../src/lint/advice/sql.ts'
import { defineRule } from '../src/lint/rule.ts'
import { remarksOf } from '../src/migration/remark.ts'

export default defineRule({
  title: 'String or function body that the tool cuts apart',
  why: 'The tool cuts at semicolons and ignores quotes. PostgreSQL gets the first half of the statement, and refuses it.',
  severity: 'error',
  category: 'migration file',

  checkMigration({ remarks }) {
    return remarksOf(remarks, 'cut-body').map(({ at, tool, help: todo }) => ({
      at,
      message: say`This statement fails: ${raw(tool)} cuts it apart in the middle of what is quoted here.`,
      help: help(todo),
    }))
  },
})
