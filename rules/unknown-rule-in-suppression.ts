import { defineRule } from '../src/lint/rule.ts'
import { quoted, quotedList, raw, say } from '../src/lint/sql.ts'

export default defineRule({
  title: 'Suppression comment that names no rule',
  why: 'A name that no rule has suppresses nothing: what was meant to be silenced is reported, or will be.',
  severity: 'warning',
  category: 'migration file',

  checkSuppressions({ suppressions }) {
    return suppressions
      .filter(({ unknown }) => unknown.length > 0)
      .map(({ directive, unknown }) => {
        const guesses = unknown.flatMap(({ guess }) => (guess === null ? [] : [quoted(guess)]))
        return {
          at: directive.span,
          message: say`There is no rule ${raw(quotedList(unknown.map(({ name }) => name)))}.`,
          help:
            guesses.length > 0 ? `Did you mean ${guesses.join(', ')}?` : 'Names are listed by `migrate-lint rules`.',
        }
      })
  },
})
