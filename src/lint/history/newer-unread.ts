import type { Opaque, Problem, Script, Statement } from '../../parse/script.ts'
import { coverOf } from '../../parse/sorted.ts'
import type { ExecutedPart } from '../../postgres/step.ts'
import { newestVersion, upcomingVersion } from '../../postgres/version.ts'

/** For people, a clause. */
const why = `PostgreSQL ${upcomingVersion} knows this syntax, and the parser of PostgreSQL ${newestVersion} does not`

/** What was read, for a server that is newer than the parser: statements that only it knows are not read, instead of wrong. */
export function withNewerUnread<Read extends { readonly script: Script; readonly parts: readonly ExecutedPart[] }>(
  read: Read,
): Read {
  const { script, parts } = read
  const isAny = (problems: readonly Problem[]) => problems.some(({ isNewer }) => isNewer)
  if (!isAny(script.problems) && !script.statements.some(mentions)) return read
  const isInBody = coverOf(script.statements.filter(({ body }) => body).map(({ span }) => span))
  const converted = new Map<Statement, Statement>()
  const statement = (each: Statement): Statement => {
    const known = converted.get(each) ?? withoutRefusals(each)
    converted.set(each, known)
    return known
  }
  return {
    ...read,
    script: {
      ...script,
      // Those of bodies are there twice.
      problems: script.problems.filter(each => !each.isNewer || !isInBody(each.span[0])).map(unread),
      statements: script.statements.map(statement),
    },
    parts: parts.map(part => ({ ...part, statements: part.statements.map(statement) })),
  }
}

function unread(problem: Problem): Problem {
  return problem.isNewer ? { ...problem, kind: 'newer-grammar', message: why } : problem
}

/** Whether a body in it has such a statement. */
function mentions({ body, routineProblems = [] }: Statement): boolean {
  return (
    [...routineProblems, ...(body?.problems ?? [])].some(({ isNewer }) => isNewer) ||
    (body?.statements.some(mentions) ?? false)
  )
}

function withoutRefusals(statement: Statement): Statement {
  if (!mentions(statement)) return statement
  const { body, routineProblems, ...rest } = statement
  const others = routineProblems?.filter(({ isNewer }) => !isNewer) ?? []
  const newer = body?.problems.filter(({ isNewer }) => isNewer) ?? []
  return {
    ...rest,
    ...(others.length > 0 && { routineProblems: others }),
    ...(body && {
      body: {
        statements: body.statements.map(withoutRefusals),
        opaque: [...body.opaque, ...newer.map(({ span }): Opaque => ({ span, reason: why }))],
        problems: body.problems.filter(({ isNewer }) => !isNewer),
      },
    }),
  }
}
