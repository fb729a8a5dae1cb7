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
    // A statement that fails because of this is reported where it fails.
    if (!remark || together.length < 2 || together.some(({ error }) => error?.sqlstate === '25001')) return
    return {
      at: remark.at,
      message: say`These ${together.length} statements still run in one transaction: ${raw(remark.tool)} sends them in one message.`,
      help: 'If each of them must commit by itself, give it a migration of its own. Otherwise leave out the marker.',
    }
  },
})
