import { help, raw, say } from '../src/lint/advice/sql.ts'
import { defineRule } from '../src/lint/rule.ts'
import { remarksOf } from '../src/migration/remark.ts'

export default defineRule({
  title: 'Opt-out that also removes the transaction of other migrations',
  why: 'Without it, the tool runs pending migrations in one transaction. With it, if one of them fails, the changes before it stay.',
  severity: 'note',
  category: 'migration file',

  checkMigration({ remarks }) {
    return remarksOf(remarks, 'opt-out-for-all').map(({ at, does, help: todo }) => ({
      at,
      message: say`This opt-out reaches other migrations: ${raw(does)}.`,
      help: help(todo),
    }))
  },
})
