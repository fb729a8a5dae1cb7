import { say } from '../src/lint/advice/sql.ts'
import { closest } from '../src/lint/config/closest.ts'
import { defineRule } from '../src/lint/rule.ts'
import { directiveNames } from '../src/lint/suppression/suppression-outcome.ts'

/** Other linters have "next line", which is closer to a directive of another meaning. */
const usual = 'migrate-lint-disable-next-statement'
const guess = (name: string) => (name.toLowerCase().includes('next') ? usual : (closest(name, directiveNames) ?? usual))

export default defineRule({
  title: 'Comment to the linter that it does not understand',
  why: 'It begins like a suppression comment but is not one, so nothing is suppressed.',
  severity: 'warning',
  category: 'migration file',

  checkSuppressions({ suppressions }) {
    return suppressions
      .filter(({ directive }) => directive.kind === 'unknown')
      .map(({ directive: { name, span } }) => ({
        at: [span[0], span[0] + name.length] as const,
        message: say`There is no directive ${name}.`,
        help: say`Did you mean ${guess(name)}?`,
      }))
  },
})
