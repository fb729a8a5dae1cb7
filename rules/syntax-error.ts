import { raw, say } from '../src/lint/advice/sql.ts'
import { foreignDatabase } from '../src/lint/foreign-database.ts'
import { defineRule, type RuleFinding } from '../src/lint/rule.ts'
import { allStatements } from '../src/lint/suppression/directive-scope.ts'
import { remarksOf } from '../src/migration/remark.ts'
import type { Problem, Script } from '../src/parse/script.ts'
import type { Step } from '../src/postgres/step.ts'

export default defineRule({
  title: 'Text that PostgreSQL cannot parse',
  why: "PostgreSQL's own parser refuses it, so the migration stops here. Nothing else was checked in it.",
  severity: 'error',
  category: 'migration file',
  peers: ['squawk:syntax-error'],

  checkMigration({ script, remarks, migration }) {
    // body-cut-apart reports bodies that the tool cuts apart, so nothing that follows from them is reported here.
    if (remarksOf(remarks, 'cut-body').length > 0) return
    const bodies = allStatements(script.statements).flatMap(statement => statement.body?.problems ?? [])
    const problems = [...script.problems, ...bodies, ...routines(migration)]
    return inOneFinding(problems, script) ?? problems.flatMap(problem => said[problem.kind]?.(problem) ?? [])
  },
})

/** SQL of another database is wrong in many places for one reason. Null for other SQL. */
function inOneFinding(problems: readonly Problem[], script: Script): RuleFinding[] | null {
  const refusals = problems.filter(({ kind }) => kind === 'syntax-error')
  const [first] = refusals
  const database = first && foreignDatabase(script)
  if (!first || !database) return null
  const places =
    refusals.length === 1
      ? 'here'
      : `here and in ${refusals.length - 1} more ${refusals.length === 2 ? 'place' : 'places'}`
  return [
    {
      at: first.span,
      message: say`This is SQL of ${raw(database)}, which PostgreSQL cannot parse: ${raw(`${places}, ${first.message}`)}.`,
      help: 'Leave out files that are for another database: `"ignore"` in the configuration, or name the folder with the ones for PostgreSQL. Otherwise write them in the SQL of PostgreSQL.',
    },
  ]
}

/** Bodies that CREATE FUNCTION refuses, if it checks them. */
function routines(migration: readonly Step[]): readonly Problem[] {
  return migration.flatMap(({ statement, settings }) => {
    const checked = settings.get('check_function_bodies')?.value?.toLowerCase() ?? 'on'
    return ['off', 'false', 'no', '0'].includes(checked) ? [] : (statement.routineProblems ?? [])
  })
}

/** The finding for each kind of problem that PostgreSQL's parser has with a text; the other kinds have rules of their own. */
const said: Readonly<Partial<Record<Problem['kind'], (problem: Problem) => RuleFinding>>> = {
  'syntax-error': refused,
  unterminated: refused,
  'copy-without-end': copyWithoutEnd,
  'conflict-marks': unmerged,
}

function refused({ message, span, conditional }: Problem): RuleFinding {
  return {
    at: span,
    message: say`PostgreSQL cannot parse this: ${raw(message)}.`,
    ...(conditional && {
      severity: 'warning',
      why: "PostgreSQL's own parser refuses it, so the migration stops here if it gets here: a condition that only the run knows decides about that.",
    }),
    help: 'Correct the statement. If another program fills it in first, lint the output of that program.',
  }
}

function copyWithoutEnd({ span }: Problem): RuleFinding {
  return {
    at: span,
    message: 'The SQL after this COPY does not run: no line with \\. ends its rows.',
    why: 'psql treats everything up to that line as rows, including the SQL, and runs none of it. Other tools have no rows to send.',
    help: 'End the rows with a line that is just \\. (a backslash and a period), or insert them with INSERT … VALUES, which every tool can run.',
  }
}

function unmerged({ message, span }: Problem): RuleFinding {
  return {
    at: span,
    message: say`This file has the marks of a merge conflict, ${raw(message)}.`,
    why: "Git could not merge two versions of the file and left both in it. PostgreSQL's parser refuses the marks.",
    help: 'Decide which of the two versions is right, keep that one, and remove the lines with the marks.',
  }
}
