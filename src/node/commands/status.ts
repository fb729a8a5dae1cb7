import { isKnown, type ProjectStatus, problemsOf, type Status } from '../../migration/status.ts'
import { statusReporters } from '../../report/index.ts'
import type { Project } from '../../systems/discover.ts'
import { join } from '../../systems/reading/files.ts'
import { withParsers } from '../../systems/reading/on-demand.ts'
import { itemsByKey, statusOf } from '../../systems/status/status.ts'
import { qualified } from '../../systems/tracking/setting.ts'
import { openDatabase } from '../database/database.ts'
import { isTracked, readTracking, type TrackedProject, type Where } from '../database/tracking-table.ts'
import { exitCodes } from '../exit-code.ts'
import { Failure } from '../failure.ts'
import type { StatusFlags } from '../flags.ts'
import { pastTexts } from '../history/past-text.ts'
import { type Input, readInput } from '../input/input.ts'
import { outputs, write } from '../output/output.ts'
import { tell } from '../output/stderr.ts'
import { registry } from '../registry.ts'

/** `migrate-lint status [paths…]`: compares the migrations with the record in a database. Returns the exit code. */
export async function statusCommand(paths: readonly string[], flags: StatusFlags): Promise<number> {
  const wanted = outputs(flags, Object.keys(statusReporters) as (keyof typeof statusReporters)[])
  const url = flags.databaseUrl ?? process.env.DATABASE_URL
  if (!url) {
    throw new Failure('Which database? Give --database-url postgres://…, or DATABASE_URL in the environment.')
  }
  if (paths.includes('-') || flags.stdinFilename !== undefined) {
    throw new Failure('`status` cannot check standard input; name a file or a folder.')
  }
  const input = await readInput(paths, flags, registry)
  const projects = trackedIn(input, flags)
  for (const notice of input.notices) tell(notice)
  const { asked, tracked } = await readAll(url, projects, input, flags)
  const status: Status = {
    database: asked,
    projects: await withParsers(() => statuses(tracked, input)),
    unread: input.unread.length,
  }
  for (const { format, path } of wanted) write(path, flags, style => statusReporters[format](status, style))
  const fails = status.projects.some(
    project => problemsOf(project).length > 0 || (flags.failOnPending && project.pending.length > 0),
  )
  const isWhole = input.omitted.length === 0 && status.projects.every(isKnown)
  return !isWhole ? exitCodes.failure : fails ? exitCodes.findings : exitCodes.ok
}

/**
 * The connection is closed before git is asked, because git may take long, and tools that truncate their table would
 * have to wait.
 */
async function readAll(url: string, projects: readonly Project[], { tree }: Input, flags: StatusFlags) {
  const { session, asked, parameters, close } = await openDatabase(url)
  try {
    const where = { parameters, named: namedBy(flags) }
    const tracked: TrackedProject[] = []
    for (const project of projects) tracked.push(await readTracking(session, project, tree, where))
    return { asked, tracked }
  } finally {
    await close()
  }
}

/**
 * The projects whose system keeps a record. Throws a Failure if there are none, or if a named table would have to serve
 * several.
 */
function trackedIn({ projects, notices }: Input, flags: StatusFlags): Project[] {
  const all = projects.flatMap(({ readings }) => readings.map(({ project }) => project))
  const tracked = all.filter(isTracked)
  for (const { directory, system } of all.filter(project => !isTracked(project))) {
    tell(`${directory || '.'}/ is read as ${system.title}. No table is known in which it records what is applied.`)
  }
  if (tracked.length === 0 && all.length > 0) {
    const remedy = 'Say which tool runs them: --system <id>, or "systems" in the configuration.'
    throw new Failure([`No table is known that records what is applied here. ${remedy}`, ...notices].join('\n'))
  }
  if (tracked.length > 1 && flags.trackingTable !== undefined) {
    const names = tracked.map(({ directory }) => `${directory || '.'}/`).join(', ')
    throw new Failure(`--tracking-table is for one project, and there are several (${names}): name one of them.`)
  }
  return tracked
}

function namedBy({ trackingTable }: StatusFlags): Where['named'] {
  return trackingTable === undefined ? null : { schema: null, ...qualified(trackingTable) }
}

function statuses(tracked: readonly TrackedProject[], input: Input): ProjectStatus[] {
  return tracked.map(({ subject, reading }) => {
    const others = tracked.filter(other => other.subject !== subject && isSameTable(other.reading, reading))
    const elsewhere = others.map(other => itemsByKey(other.subject, other.reading.tracking))
    const sources = pastTexts(input.tree, subject.project)
    const status = statusOf(subject, reading, sources, ({ keys }) =>
      elsewhere.some(items => keys.some(key => items.has(key))),
    )
    return shown(status, input)
  })
}

function isSameTable(a: TrackedProject['reading'], b: TrackedProject['reading']): boolean {
  return a.table !== null && a.table.name === b.table?.name && a.table.schema === b.table.schema
}

/** The status with paths as people know them, and only of the migrations that were asked for. */
function shown(status: ProjectStatus, { display, isAsked }: Input): ProjectStatus {
  const relabel = <T extends { readonly path: string }>(all: readonly T[]) =>
    all.filter(({ path }) => isAsked(path)).map(each => ({ ...each, path: display(each.path) }))
  // A recorded migration without a file counts as asked for if its folder was.
  const isWhole = isAsked(join(status.directory, 'any'))
  return {
    ...status,
    directory: display(status.directory),
    applied: relabel(status.applied),
    edited: relabel(status.edited),
    pending: relabel(status.pending),
    missing: isWhole ? status.missing : [],
    failed: status.failed
      .filter(({ path }) => (path === null ? isWhole : isAsked(path)))
      .map(each => ({ ...each, path: each.path && display(each.path) })),
  }
}
