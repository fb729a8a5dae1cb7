import { say } from '../src/lint/advice/sql.ts'
import { defineRule } from '../src/lint/rule.ts'

export default defineRule({
  title: 'Suppression comment with an unknown rule',
  why: 'An unknown name suppresses nothing. The finding that it should silence is reported, or will be.',
  severity: 'warning',
  category: 'migration file',

  checkSuppressions({ suppressions }) {
    return suppressions
      .flatMap(({ unknown }) => unknown)
      .map(({ name, at, guess }) => ({
        at,
        message: say`There is no rule ${name}.`,
        help: guess === null ? 'Run `migrate-lint rules` for the names of all rules.' : say`Did you mean ${guess}?`,
      }))
  },
})
