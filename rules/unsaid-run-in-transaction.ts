import { help, raw, say } from '../src/lint/advice/sql.ts'
import { defineRule } from '../src/lint/rule.ts'
import { remarksOf } from '../src/migration/remark.ts'

export default defineRule({
  title: 'Metadata file that silently removes the transaction',
  why: 'With a metadata file that does not say otherwise, the migration runs outside a transaction. Somebody who adds the file for another reason loses the transaction.',
  severity: 'warning',
  category: 'migration file',

  checkMigration({ remarks }) {
    return remarksOf(remarks, 'unsaid-transaction').map(({ at, tool, file, key }) => ({
      at,
      message: say`This migration runs without a transaction of ${raw(tool)}: ${file} does not say ${raw(key)}.`,
      help: help(`Write \`${key} = true\` into it, or \`${key} = false\` if you want that.`),
    }))
  },
})
