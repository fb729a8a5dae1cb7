import type { MigrationFile } from '../lint/history.ts'
import { lint } from '../lint/lint.ts'
import { mergeReports } from '../lint/merge.ts'
import type { Report } from '../lint/report.ts'
import { afterStart } from '../lint/start-after.ts'
import { tool } from '../lint/tool.ts'
import { type Format, reporters } from '../report/index.ts'
import { acceptBaseline } from './baseline.ts'
import { changesMatter, compareWithBase, selecting } from './changes.ts'
import { exitCode, exitCodes } from './exit-code.ts'
import { Failure } from './failure.ts'
import { type Input, readInput } from './input.ts'
import type { FoundProject } from './migrations.ts'
import { outputs } from './output.ts'
import type { LintFlags } from './program.ts'
import { registry } from './registry.ts'
import { relabel } from './relabel.ts'
import { orSarif, writeReport } from './reporting.ts'
import { resolveConfig } from './resolve-config.ts'
import { tell } from './stderr.ts'

/** `migrate-lint [paths…]`: returns the exit code. */
export async function lintCommand(paths: readonly string[], flags: LintFlags): Promise<number> {
  if (flags.printConfig) return printConfig(flags)
  const wanted = outputs(flags, Object.keys(reporters) as Format[])
  const { report, input, isStale, notices } = await orSarif(wanted, flags, () => found(paths, flags))
  for (const notice of [...report.notices, ...notices]) tell(notice)
  tellInternalErrors(report, flags.debug ?? false)

  const printed = flags.quiet ? errorsOnly(report) : report
  writeReport(wanted, printed, flags)
  if (input.incomplete || report.internalErrors.length > 0) return exitCodes.failure
  if (isStale && input.config.failOn !== 'never') return exitCodes.findings
  return exitCode(report, input.config)
}

async function found(paths: readonly string[], flags: LintFlags) {
  const started = performance.now()
  const input = withPast(await readInput(paths, flags, registry), flags)
  const { report, isStale, notices } = acceptBaseline(await judge(input), input, flags)
  const milliseconds = performance.now() - started
  return { report: { ...relabel(report, input.display), milliseconds }, input, isStale, notices }
}

/**
 * The input with what became of applied migrations, and with the selection that git makes. Throws a Failure when git was asked for
 * something that it cannot tell.
 */
function withPast(input: Input, flags: LintFlags): Input {
  const { config, tree, isAsked } = input
  const isSelecting = selecting(flags)
  if (!isSelecting && !flags.requireHistory && !changesMatter(config, registry)) return input
  const options = { ...flags, orHead: isSelecting }
  const { projects, isChanged, isComplete, missing } = compareWithBase(input.projects, tree, config, options)
  const told = missing.map(({ message }) => message)
  if (!isComplete && (isSelecting || flags.requireHistory)) throw new Failure(told.join('\n'))
  const changed = projects.flatMap(({ migrations }) => migrations.filter(each => each.changes))
  const moved = new Set(changed.map(({ path }) => path))
  return {
    ...input,
    projects,
    isAsked: isChanged ? path => isAsked(path) && (isChanged(path) || moved.has(path)) : isAsked,
    notices: [...input.notices, ...missing.filter(({ expected }) => expected).map(({ message }) => message)],
  }
}

async function judge(input: Input): Promise<Report> {
  const { projects, isAsked, notices } = input
  const starts = startOf(input)
  const reports: Report[] = []
  for (const { migrations, downs, system } of projects) {
    const config = { ...input.config, startAfter: starts(migrations) }
    reports.push(await lint({ registry, system, migrations, config, report: isAsked }))
    if (downs.length === 0) continue
    const paths = migrations.map(({ path }) => path)
    const recent = new Set(paths.slice(afterStart(config.startAfter, paths).from))
    const all = { migrations: [...migrations, ...downs], config: { ...config, startAfter: null } }
    const report = (path: string, { down }: MigrationFile) => down !== null && recent.has(down) && isAsked(path)
    const undone = await lint({ registry, system, ...all, report })
    // The figure of migrations is about those that are applied.
    reports.push({ ...undone, summary: { ...undone.summary, migrations: 0 } })
  }
  if (reports.length === 0) reports.push(await lint({ registry, migrations: [], config: input.config }))
  const report = mergeReports(reports)
  return { ...report, notices: [...notices, ...report.notices] }
}

/** `startAfter` is about the projects that have such a migration; about all, so that they say so, when none has. */
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

/** What `--quiet` shows. The exit code still counts what it hides. */
function errorsOnly(report: Report): Report {
  return {
    ...report,
    findings: report.findings.filter(finding => finding.severity === 'error'),
    summary: { ...report.summary, warnings: 0, notes: 0 },
  }
}

function tellInternalErrors({ internalErrors }: Report, debug: boolean): void {
  for (const { rule, path, line, message, stack } of internalErrors) {
    tell(`internal error in ${rule} on ${path}:${line}: ${message} (version ${tool.version}; the rest was linted)`)
    if (debug && stack) process.stderr.write(`${stack}\n`)
  }
}

/** `--print-config`: the configuration as JSON, and where it comes from. */
async function printConfig(flags: LintFlags): Promise<number> {
  const { config, file } = await resolveConfig(flags, process.cwd(), registry)
  tell(
    file === null
      ? 'There is no configuration file: these are defaults and flags.'
      : `From ${file}, defaults and flags.`,
  )
  process.stdout.write(`${JSON.stringify(config, null, 2)}\n`)
  return exitCodes.ok
}
