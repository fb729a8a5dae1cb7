import { raw, say } from '../src/lint/advice/sql.ts'
import { defineRule, type Found } from '../src/lint/rule.ts'
import { allStatements } from '../src/lint/scope.ts'
import { remarksOf } from '../src/migration/remark.ts'
import type { Problem } from '../src/parse/script.ts'
import type { Step } from '../src/postgres/step.ts'

export default defineRule({
  title: 'Text that PostgreSQL cannot parse',
  why: "PostgreSQL's own parser refuses it, so the migration stops here. Nothing else was checked in it.",
  severity: 'error',
  category: 'migration file',
  peers: ['squawk:syntax-error'],

  checkMigration({ script, remarks, migration }) {
    // What the tool cuts apart is spoken of as such, and nothing that comes of it: body-cut-apart.
    if (remarksOf(remarks, 'cut-body').length > 0) return
    const bodies = allStatements(script.statements).flatMap(statement => statement.body?.problems ?? [])
    return [...script.problems, ...bodies, ...routines(migration)]
      .filter(({ kind }) => kind === 'syntax-error' || kind === 'unterminated' || kind === 'copy-without-end')
      .map(problem => (problem.kind === 'copy-without-end' ? copyWithoutEnd(problem) : refused(problem)))
  },
})

/** What CREATE FUNCTION refuses, where it looks into the body. */
function routines(migration: readonly Step[]): readonly Problem[] {
  return migration.flatMap(({ statement, settings }) => {
    const checked = settings.get('check_function_bodies')?.value?.toLowerCase() ?? 'on'
    return ['off', 'false', 'no', '0'].includes(checked) ? [] : (statement.routineProblems ?? [])
  })
}

function refused({ message, span }: Problem): Found {
  return {
    at: span,
    message: say`PostgreSQL cannot parse this: ${raw(message.replace(/\.$/, ''))}.`,
    help: 'Correct the statement. If another program fills it in first, lint what comes out of that.',
  }
}

function copyWithoutEnd({ message, span }: Problem): Found {
  return {
    at: span,
    message: say`This fails: ${raw(message)}.`,
    why: 'psql takes everything up to that line for rows, the SQL included, and runs none of it. Other tools have no rows to send.',
    help: 'End the rows with a line that is just \\. (a backslash and a period), or insert them with INSERT … VALUES, which every tool can run.',
  }
}
