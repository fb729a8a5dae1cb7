import { raw, say } from '../src/lint/advice/sql.ts'
import { defineRule } from '../src/lint/rule.ts'
import { serverIn } from '../src/lint/server.ts'

/**
 * A failure that depends on facts that the migrations do not show. The effects of the statement, if it runs, are reported
 * as usual.
 */
export default defineRule({
  title: 'Statement that fails unless something unseen allows it',
  why: 'As far as the migrations could be read, PostgreSQL refuses it. Something that was not read, or another version, may make it run.',
  severity: 'note',
  category: 'certain failure',

  checkStep({ step, version, config }) {
    if (!step.unless) return
    const { sqlstate, message, condition, version: other } = step.unless
    const assumed =
      serverIn(config).by !== 'nobody' || other === undefined ? '' : ` on PostgreSQL ${version}, which is assumed`
    return {
      at: step.statement.keyword,
      message: say`This fails${raw(assumed)}: ${raw(message)} (SQLSTATE ${raw(sqlstate)}), unless ${raw(condition)}.`,
      help: assumed
        ? 'Say with `pgVersion` in the configuration which version runs the migrations.'
        : 'Make sure that this is so on every database on which the migration runs.',
    }
  },
})
