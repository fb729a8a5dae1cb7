import type { Memory } from '../../lint/history/memory.ts'
import type { Selectable } from '../../lint/history/selected.ts'
import { afterStart } from '../../lint/history/start-after.ts'
import { lint } from '../../lint/lint.ts'
import { mergeReports } from '../../lint/merge.ts'
import { notLoaded, unloadedPlugins } from '../../lint/plugin.ts'
import type { Report } from '../../lint/report.ts'
import { unreadPlace } from '../../lint/unread.ts'
import type { Watch } from '../../lint/watch.ts'
import { visible } from '../../report/visible.ts'
import { processorTime as clock } from '../clock.ts'
import { Failure } from '../failure.ts'
import type { LintFlags } from '../flags.ts'
import type { ChangeOptions } from '../history/change-options.ts'
import { type Compared, changesMatter, damageIn, selecting } from '../history/compare-with-base.ts'
import { readWithPast } from '../history/read-with-past.ts'
import type { FileSource } from '../input/file-source.ts'
import type { Input, InputOptions } from '../input/input.ts'
import type { FoundProject } from '../input/projects.ts'
import { progressOn, showing } from '../output/progress.ts'
import type { Timing } from '../output/timing.ts'
import { registry as ownRules } from '../registry.ts'
import { acceptBaseline } from './baseline.ts'

/** The options of a run that are not flags. */
export type RunOptions = InputOptions &
  Pick<ChangeOptions, 'base' | 'env' | 'allowance'> & {
    /** A second place where the baseline is read: only findings that both contain are accepted. */
    readonly laterBaseline?: FileSource | undefined
    readonly timing?: Timing | undefined
    /** The run may use what earlier runs have found out. */
    readonly remembers?: boolean | undefined
  }

export interface Run {
  /** Its paths are those of the input's tree. */
  readonly report: Report
  readonly input: Input
  /** True if the baseline has findings that no longer occur, and the flags do not allow that. */
  readonly isStale: boolean
  /** What was done to the baseline, for people. */
  readonly notices: readonly string[]
}

/**
 * Finds, reads and lints migrations: everything that the command line and the GitHub Action do before they print.
 * Throws a Failure if there is nothing to work on, or if git cannot answer what it was asked.
 */
export async function lintRun(
  paths: readonly string[],
  flags: Partial<LintFlags>,
  options: RunOptions = {},
): Promise<Run> {
  const { timing } = options
  const started = performance.now()
  timing?.stage('find')
  const read = await readWithPast(paths, flags, ownRules, options, present => {
    timing?.stage('compare')
    return comparison(present, flags, options)
  })
  const input = withoutPlugins(withPast(read.input, read.compared, flags), flags)
  const memory = options.remembers ? await memoryFor(input) : undefined
  const judged = await watched(timing, watch => lintProjects(input, watch, memory))
  const linted = await withCode(judged, input, flags, options)
  timing?.stage('report')
  const { report, isStale, notices } = acceptBaseline(linted, input, flags, options.laterBaseline)
  return { report: { ...report, milliseconds: performance.now() - started }, input, isStale, notices }
}

/**
 * Plugins that nobody has allowed or declined leave the run incomplete: their rules might have found something. The report says which
 * ones.
 */
function withoutPlugins(input: Input, { plugins }: Partial<LintFlags>): Input {
  const left = plugins === undefined ? notLoaded(input.config, input.registry).map(line => visible(line)) : []
  if (left.length === 0) return input
  const unread = unloadedPlugins(input.config, input.registry).map(path =>
    unreadPlace({ path, why: 'it is a plugin, and was not loaded' }),
  )
  return {
    ...input,
    omitted: [...input.omitted, ...left],
    notices: [...input.notices, howToLoad],
    unread: [...input.unread, ...unread],
  }
}

export const howToLoad =
  'To load plugins, which runs their code, use --plugins; to lint without their rules, --no-plugins. In the GitHub Action, it is the input "plugins: true" or "plugins: false".'

/** Calls `work` with what shows its progress on a terminal, and measures it. */
async function watched<T>(timing: Timing | undefined, work: (watch: Watch) => Promise<T>): Promise<T> {
  const progress = progressOn(process.stderr)
  const shown = showing(progress)
  try {
    return await work({
      file(phase, path, place, count) {
        shown.file?.(phase, path, place, count)
        timing?.file(phase, path)
      },
      ...(timing && { rule: id => timing.rule(id) }),
    })
  } finally {
    progress.done()
  }
}

/** How the input is compared with its base; null if nothing asks for that. */
function comparison({ config, projectsIn }: Input, flags: Partial<LintFlags>, extra: RunOptions): ChangeOptions | null {
  const isSelecting = selecting(flags)
  if (!isSelecting && !flags.requireHistory && !changesMatter(config, ownRules)) return null
  return { ...flags, ...extra, projectsIn, head: extra.commit, orHead: isSelecting }
}

/**
 * The input with the history of the applied migrations, and with the selection that git makes. Throws a Failure if git
 * cannot answer what it was asked.
 */
function withPast(input: Input, compared: Compared | null, flags: Partial<LintFlags>): Input {
  const { isAsked, given } = input
  if (compared === null) {
    if (input.nothing !== null) throw new Failure(input.nothing)
    return input
  }
  const isSelecting = selecting(flags)
  const { projects, isChanged, lacksBase, missing } = compared
  if (lacksBase && (isSelecting || flags.requireHistory)) {
    throw new Failure(missing.map(({ message }) => message).join('\n'))
  }
  if (input.nothing !== null && projects.every(({ migrations }) => migrations.length === 0)) {
    throw new Failure(input.nothing)
  }
  const told = missing.map(each => {
    return { ...each, message: each.isDamage && isSelecting ? `${each.message} ${allCount}` : each.message }
  })
  const changed = projects.flatMap(({ migrations }) => migrations.filter(each => each.changes))
  const moved = new Set(changed.map(({ path }) => path))
  return {
    ...input,
    projects,
    omitted: [...input.omitted, ...damageIn(told)],
    isAsked: isChanged ? path => isAsked(path) && (given.has(path) || isChanged(path) || moved.has(path)) : isAsked,
    notices: [...input.notices, ...notCompared(told, input)],
  }
}

/** What could not be compared, a sentence each, without what the input says already. */
function notCompared(missing: Compared['missing'], { damage }: Input): string[] {
  return missing.flatMap(({ message, expected, isDamage }) =>
    expected && (damage === null || !isDamage) ? message : [],
  )
}

const allCount = 'Migrations of which git does not know whether they changed are linted as well.'

/** A short history is read sooner than what is known about it. */
const worthwhile = 100

async function memoryFor({ projects, tree, config }: Input): Promise<Memory | undefined> {
  if (!config.cache || projects.every(({ migrations }) => migrations.length < worthwhile)) return undefined
  const { openCache } = await import('../cache/open.ts')
  return openCache(tree.disk.root, import.meta.url) ?? undefined
}

/** The report with what the repository's code says. The search is loaded only if a finding takes a name away. */
async function withCode(report: Report, input: Input, flags: Partial<LintFlags>, options: RunOptions): Promise<Report> {
  if (input.config.code === false || !report.findings.some(({ removes }) => removes !== undefined)) return report
  const { withCodeOf } = await import('../usage/code-search.ts')
  return withCodeOf(report, input, { ...flags, ...options, head: options.commit })
}

async function lintProjects(input: Input, watch: Watch, memory: Memory | undefined): Promise<Report> {
  const { projects, isAsked, notices, unread, registry } = input
  const starts = startOf(input)
  const reports: Report[] = []
  for (const project of projects) {
    const { migrations, downs, system } = project
    const server = await input.serverOf(project)
    const config = { ...input.config, server, startAfter: starts(migrations) }
    reports.push(await lint({ registry, system, migrations, config, report: isAsked, clock, watch, memory }))
    if (downs.length === 0) continue
    const paths = migrations.map(({ path }) => path)
    const recent = new Set(paths.slice(afterStart(config.startAfter, paths).from))
    const all = { migrations: [...migrations, ...downs], config: { ...config, startAfter: null } }
    const report = (path: string, { input: own }: Selectable) =>
      own.kind === 'sql' && own.down !== undefined && recent.has(own.down) && isAsked(path)
    const undone = await lint({ registry, system, ...all, report, clock, watch, memory })
    // The number of migrations counts only those that are applied forward.
    reports.push({ ...undone, summary: { ...undone.summary, migrations: 0 } })
  }
  if (reports.length === 0) reports.push(await lint({ registry, migrations: [], config: input.config }))
  const report = mergeReports(reports)
  return { ...report, unread: [...unread, ...report.unread], notices: [...notices, ...report.notices] }
}

/** The paths of migrations that come before the point from which the configuration wants findings. */
export function beforeStart(input: Input): ReadonlySet<string> {
  const starts = startOf(input)
  const early = input.projects.flatMap(({ migrations }) => {
    const paths = migrations.map(({ path }) => path)
    return paths.slice(0, afterStart(starts(migrations), paths).from)
  })
  return new Set(early)
}

/**
 * `startAfter` applies to the projects that have such a migration. If none has it, it applies to all of them, so that
 * they report it as missing.
 */
function startOf({ projects, config: { startAfter } }: Input) {
  const isKnown = (name: string, { migrations }: Pick<FoundProject, 'migrations'>) => {
    const paths = migrations.map(({ path }) => path)
    return afterStart(name, paths).notices.length === 0
  }
  const starts = startAfter === null ? [] : [startAfter].flat()
  const nowhere = new Set(starts.filter(name => !projects.some(project => isKnown(name, project))))
  return (migrations: FoundProject['migrations']) =>
    starts.filter(name => nowhere.has(name) || isKnown(name, { migrations }))
}
