import { failureAdvice } from '../src/lint/advice/failure-advice.ts'
import { raw, say } from '../src/lint/advice/sql.ts'
import { defineRule } from '../src/lint/rule.ts'

/**
 * The safety net below all other rules about failing statements: it reports only where they have nothing better to say.
 */
export default defineRule({
  title: 'Statement that certainly fails',
  why: 'As things stand at this point PostgreSQL refuses it, and the migration stops here.',
  severity: 'error',
  category: 'certain failure',
  fallback: true,

  checkStep({ step, version }) {
    if (!step.error) return
    const { sqlstate, message } = step.error
    return {
      at: step.statement.keyword,
      message: say`This fails: ${raw(message)} (SQLSTATE ${raw(sqlstate)}).`,
      help: failureAdvice(step, version),
    }
  },
})
