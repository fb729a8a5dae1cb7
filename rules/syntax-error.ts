import { raw, say } from '../src/lint/advice/sql.ts'
import { defineRule } from '../src/lint/rule.ts'
import { allStatements } from '../src/lint/scope.ts'
import { remarksOf } from '../src/migration/remark.ts'

export default defineRule({
  title: 'Text that PostgreSQL cannot parse',
  why: "PostgreSQL's own parser refuses it, so the migration stops here. Nothing else was checked in it.",
  severity: 'error',
  category: 'migration file',
  peers: ['squawk:syntax-error'],

  checkMigration({ script, remarks }) {
    // What the tool cuts apart is spoken of as such, and nothing that comes of it: body-cut-apart.
    if (remarksOf(remarks, 'cut-body').length > 0) return
    const bodies = allStatements(script.statements).flatMap(statement => statement.body?.problems ?? [])
    return [...script.problems, ...bodies]
      .filter(({ kind }) => kind === 'syntax-error' || kind === 'unterminated')
      .map(({ message, span }) => ({
        at: span,
        message: say`PostgreSQL cannot parse this: ${raw(message.replace(/\.$/, ''))}.`,
        help: 'Correct the statement. If another program fills it in first, lint what comes out of that.',
      }))
  },
})
