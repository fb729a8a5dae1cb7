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

  checkStep({ step, config }) {
    if (!step.unless) return
    const { sqlstate, message, condition, version } = step.unless
    const { by, versions } = serverIn(config)
    const isUnnamed = by === 'nobody' && version !== undefined
    // The finding is not found on that version, and says so.
    const isJudged = isUnnamed && versions.includes(String(version))
    const unless = isJudged ? '' : `, unless ${condition}`
    return {
      at: step.statement.keyword,
      message: say`This fails: ${raw(message)} (SQLSTATE ${raw(sqlstate)})${raw(unless)}.`,
      help: isUnnamed
        ? 'Say with `pgVersion` in the configuration which version runs the migrations.'
        : 'Make sure that this is so on every database on which the migration runs.',
    }
  },
})
