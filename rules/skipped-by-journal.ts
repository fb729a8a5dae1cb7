import { raw, say } from '../src/lint/advice/sql.ts'
import { defineRule } from '../src/lint/rule.ts'
import { remarksOf } from '../src/migration/remark.ts'

export default defineRule({
  title: 'Migration that is silently skipped',
  why: 'The tool compares dates, not names. A migration that is older than the last applied one counts as applied. Databases then differ, and nobody notices.',
  severity: 'error',
  category: 'migration file',

  checkMigration({ remarks }) {
    return remarksOf(remarks, 'skipped').map(({ at, why, help }) => ({
      at,
      message: say`This migration is skipped where the ones before it are applied: ${raw(why)}.`,
      help,
    }))
  },
})
