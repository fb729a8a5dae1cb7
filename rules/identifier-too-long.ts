import { longNames } from '../src/lint/long-names.ts'
import { defineRule } from '../src/lint/rule.ts'
import { help, quoteIdentifier, say } from '../src/lint/sql.ts'

export default defineRule({
  title: 'Name that is cut off',
  why: 'Names have 63 bytes at most. PostgreSQL cuts off the rest with a mere notice, and two long names can turn out to be the same.',
  severity: 'note',
  category: 'schema',
  peers: ['squawk:identifier-too-long'],

  checkMigration({ script }) {
    return longNames(script).map(({ at, kept }) => ({
      at,
      message: say`This name is cut off after ${kept}.`,
      help: help('Choose a shorter one, or write what PostgreSQL makes of it:', `${quoteIdentifier(kept)}`),
    }))
  },
})
