import { raw, say } from '../src/lint/advice/sql.ts'
import { defineRule } from '../src/lint/rule.ts'
import { headLine } from '../src/parse/head-line.ts'

export default defineRule({
  title: 'Migrations that nothing joins',
  why: 'Two branches continue the same migration, or one continues a migration that is missing. The tool does not know which comes last, and stops.',
  severity: 'error',
  category: 'migration file',

  checkMigration({ discrepancies, script }) {
    const heads = discrepancies.filter(({ kind }) => kind === 'heads')
    return heads.map(({ severity, does, what, help }) => ({
      at: headLine(script.source.text),
      severity,
      message: say`${raw(does)}: ${raw(what)}.`,
      help,
    }))
  },
})
