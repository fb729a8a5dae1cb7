import { longNames } from '../src/lint/advice/long-names.ts'
import { help, quoteIdentifier, say } from '../src/lint/advice/sql.ts'
import { defineRule } from '../src/lint/rule.ts'

export default defineRule({
  title: 'Name that is cut off',
  why: 'A name has 63 bytes at most. PostgreSQL cuts off the rest with only a notice, and two long names can become equal.',
  severity: 'note',
  category: 'schema',
  peers: ['squawk:identifier-too-long'],

  checkMigration({ script }) {
    return longNames(script).map(({ at, kept }) => ({
      at,
      message: say`This name is cut off after ${kept}.`,
      help: help('Choose a shorter name, or write the one that PostgreSQL uses:', {
        code: quoteIdentifier(kept),
        language: 'text',
      }),
    }))
  },
})
