import { raw, say } from '../src/lint/advice/sql.ts'
import { defineRule } from '../src/lint/rule.ts'
import { remarksOf } from '../src/migration/remark.ts'

export default defineRule({
  title: 'File that the migration system refuses',
  why: 'The tool stops at this file. It applies nothing of it, nor anything that comes after it.',
  severity: 'error',
  category: 'migration file',

  checkMigration({ remarks }) {
    return remarksOf(remarks, 'refused').map(({ at, tool, why, help }) => ({
      at,
      message: say`This file stops ${raw(tool)}: ${raw(why)}.`,
      help,
    }))
  },
})
