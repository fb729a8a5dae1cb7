import { raw, say } from '../src/lint/advice/sql.ts'
import { defineRule } from '../src/lint/rule.ts'

export default defineRule({
  title: 'Integrity file that does not agree with the migrations',
  why: 'It records the contents or the list of the migrations next to it. The tool compares the two, or relies on this file alone.',
  severity: 'error',
  category: 'migration file',

  checkMigration({ discrepancies }) {
    const stale = discrepancies.filter(({ kind }) => kind === undefined)
    return stale.map(({ at, severity, does, what, help }) => ({
      at,
      severity,
      message: say`${raw(does)}: ${raw(what)}.`,
      help,
    }))
  },
})
