import { defineRule } from '../src/lint/rule.ts'

export default defineRule({
  title: 'Suppression comment without a reason',
  why: 'The configuration asks for a reason, so that the next reader can tell whether it still holds.',
  severity: 'warning',
  category: 'migration file',

  checkSuppressions({ suppressions }) {
    return suppressions
      .filter(({ reasonMissing }) => reasonMissing)
      .map(({ directive }) => ({
        at: directive.span,
        message: 'This comment does not say why.',
        ...(directive.kind === 'allow-edit' && {
          why: 'A change of an applied migration needs a reason: without one this comment has no effect.',
        }),
        help:
          directive.kind === 'allow-edit'
            ? 'Add the reason after a colon: `-- migrate-lint-allow-edit: it was never deployed`.'
            : 'Add the reason at its end, after two dashes: ` -- the column has been unused since March`.',
      }))
  },
})
