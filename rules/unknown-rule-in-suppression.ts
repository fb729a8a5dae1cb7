import { say } from '../src/lint/advice/sql.ts'
import { defineRule } from '../src/lint/rule.ts'

export default defineRule({
  title: 'Suppression comment that names no rule',
  why: 'A name that no rule has suppresses nothing. What it was meant to silence is reported, or will be.',
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
