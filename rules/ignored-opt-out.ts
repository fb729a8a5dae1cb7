import { help, say } from '../src/lint/advice/sql.ts'
import { defineRule } from '../src/lint/rule.ts'
import { remarksOf } from '../src/migration/remark.ts'

export default defineRule({
  title: 'No-transaction marker that the tool does not see',
  why: 'The tool looks for the marker in one place and one spelling only. Anything else is only a comment.',
  severity: 'warning',
  category: 'migration file',

  checkMigration({ remarks }) {
    return remarksOf(remarks, 'ignored-opt-out').map(({ at, tool, marker, expected }) => ({
      at,
      message: say`The marker ${marker} is not seen: this migration runs in a transaction.`,
      help: help(`${tool} reads the marker only ${expected}. Correct it, or leave it out.`),
    }))
  },
})
