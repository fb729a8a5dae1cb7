import { Budget } from '../../lint/budget.ts'
import { type History, type MigrationFile, readHistory } from '../../lint/history/history.ts'
import { majorVersion, otherVersions } from '../../lint/lint.ts'
import { placeIn, sourceOf } from '../../lint/places.ts'
import { isBeyondParser, serverNotices, withNames } from '../../lint/server.ts'
import { tool } from '../../lint/tool.ts'
import { unreadIn } from '../../lint/unread-in.ts'
import { isMigration } from '../../migration/migration.ts'
import { locksReporters } from '../../report/index.ts'
import type { LockingStep } from '../../report/locks.ts'
import { notRead } from '../../report/not-read.ts'
import { positionsIn } from '../../report/position.ts'
import { visible } from '../../report/visible.ts'
import { processorTime } from '../clock.ts'
import { exitCodes } from '../exit-code.ts'
import type { LocksFlags } from '../flags.ts'
import { readInput } from '../input/input.ts'
import { outputs, write } from '../output/output.ts'
import { tell } from '../output/stderr.ts'
import { registry } from '../registry.ts'
import { unreadTrouble } from '../unread.ts'

/** `migrate-lint locks [paths…]`: prints what each statement does. Returns the exit code. */
export async function locksCommand(paths: readonly string[], flags: LocksFlags): Promise<number> {
  const wanted = outputs(flags, Object.keys(locksReporters) as (keyof typeof locksReporters)[])
  const { projects, config, isAsked, notices, omitted, display, serverOf } = await readInput(paths, flags, registry)
  const histories: History[] = []
  for (const project of projects) {
    const { migrations } = project
    const server = await serverOf(project)
    for (const notice of serverNotices(withNames(server, display))) tell(visible(notice))
    const [pgVersion = config.pgVersion] = server.versions
    const version = majorVersion({ pgVersion })
    const others = otherVersions({ pgVersion, server })
    const budget = new Budget(processorTime, config.secondsPerFile)
    histories.push(
      await readHistory(migrations, {
        version,
        otherVersions: others,
        isNewer: isBeyondParser(pgVersion),
        compat: config.compat,
        budget,
      }),
    )
  }
  for (const notice of notices) tell(notice)

  const asked = histories.flatMap(history =>
    history.files.filter(({ path, input }) => isAsked(path) && isMigration(input)),
  )
  const internalErrors = histories.flatMap(history => history.internalErrors)
  const files = asked.map(file => ({
    source: { ...sourceOf(file), path: display(file.path) },
    steps: [...file.steps, ...broken(file)]
      .sort((a, b) => a.statement.span[0] - b.statement.span[0])
      .map(step => shownAt(step, file)),
  }))
  // Statements with unknown effects have a row that says so.
  const unread = asked.flatMap(unreadIn).filter(({ extent }) => extent === 'migration')
  const covering = { summary: { migrations: asked.length }, unread }
  const missing = notRead(covering)
  const trouble = unreadTrouble(covering, config, '')
  if (missing !== null) tell((trouble ?? `${missing}.`).trim())
  for (const problem of asked.flatMap(file => problems(file, display))) tell(problem)
  for (const { part, path, line, message } of internalErrors) {
    tell(`internal error in ${part} on ${display(path)}:${line}: ${message} (version ${tool.version})`)
  }
  for (const { format, path } of wanted)
    write(path, flags, style => locksReporters[format](files, style, { all: flags.all ?? false }))
  return omitted.length > 0 || trouble !== null || internalErrors.length > 0 ? exitCodes.failure : exitCodes.ok
}

/** For a migration in code: the place in its file, and the SQL, if there is any. */
function shownAt(step: LockingStep, file: MigrationFile): LockingStep {
  const { span, text } = step.statement
  if (!file.written) return { ...step, statement: { span } }
  return {
    ...step,
    statement: { span: placeIn(file, span), ...(step.opaque === null && text !== undefined && { text }) },
  }
}

/** Statements that do not parse: PostgreSQL refuses them (42601), so they take no locks. */
function broken({ script }: MigrationFile): LockingStep[] {
  return script.problems.flatMap(({ message, statement: span }) =>
    span
      ? [
          {
            statement: { span },
            transaction: { id: null },
            effects: [],
            error: { sqlstate: '42601', message },
            opaque: null,
          },
        ]
      : [],
  )
}

/** The SQL that the table lacks because it could not be read. */
function problems(file: MigrationFile, display: (path: string) => string): string[] {
  const { script, path } = file
  const positions = positionsIn(sourceOf(file))
  return script.problems
    .filter(problem => !problem.statement)
    .map(({ message, span }) => {
      const { line, column } = positions.at(placeIn(file, span)[0])
      return `${display(path)}:${line}:${column}: ${message}`
    })
}
