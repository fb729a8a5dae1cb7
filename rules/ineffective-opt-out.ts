import { raw, say } from '../src/lint/advice/sql.ts'
import { defineRule } from '../src/lint/rule.ts'
import { remarksOf } from '../src/migration/remark.ts'

export default defineRule({
  title: 'Opt-out that leaves the statements in one transaction',
  why: 'PostgreSQL runs several statements that arrive in one message as one transaction, with the marker or without.',
  severity: 'note',
  category: 'migration file',

  checkMigration({ remarks, migration, script }) {
    const [remark] = remarksOf(remarks, 'one-message')
    const together = migration.filter(
      ({ transaction, statement }) => transaction.kind === 'implicit' && script.statements.includes(statement),
    )
    // What fails for it is spoken of where it fails.
    if (!remark || together.length < 2 || together.some(({ error }) => error?.sqlstate === '25001')) return
    return {
      at: remark.at,
      message: say`These ${together.length} statements are one transaction all the same: ${raw(remark.tool)} sends them in one message.`,
      help: 'If each of them has to commit by itself, give it a migration of its own. Otherwise leave out the marker.',
    }
  },
})
