import type { Report } from '../../lint/report.ts'
import { issuesUrl, tool } from '../../lint/tool.ts'
import { withoutPlaces } from '../../lint/unread.ts'
import { type Format, silentFormats } from '../../report/formats.ts'
import { reporters } from '../../report/index.ts'
import { notRead } from '../../report/not-read.ts'
import { visibleJson } from '../../report/visible.ts'
import { isPiped } from '../disk/stdin.ts'
import { writeWithin } from '../disk/writing.ts'
import { exitCode, exitCodes } from '../exit-code.ts'
import { Failure, reason } from '../failure.ts'
import type { LintFlags } from '../flags.ts'
import type { Input } from '../input/input.ts'
import { resolveConfig } from '../input/resolve-config.ts'
import { errorsOnly } from '../output/errors-only.ts'
import { outputs } from '../output/output.ts'
import { relabel } from '../output/relabel.ts'
import { orSarif, writeReport } from '../output/reporting.ts'
import { tell, tellStack } from '../output/stderr.ts'
import { Timing } from '../output/timing.ts'
import { registry } from '../registry.ts'
import { unfinished, unreadTrouble } from '../unread.ts'
import { type FixedFile, type FixedRun, fixedNotice, fixedRun } from './fix.ts'
import { lintRun } from './run.ts'

/** `migrate-lint [paths…]`: returns the exit code. */
export async function lintCommand(paths: readonly string[], flags: LintFlags): Promise<number> {
  if (flags.printConfig) return printConfig(flags)
  if (ignoresPipe(paths, flags)) tell('Standard input is not read: to lint it, name "-".')
  const wanted = outputs(flags, Object.keys(reporters) as Format[])
  const [only, ...others] = paths
  if (only !== undefined && others.length === 0 && /\.json$/i.test(only)) {
    const { lintSaved } = await import('./lint-saved.ts')
    const code = await lintSaved(only, flags, wanted)
    if (code !== null) return code
  }
  const timing = flags.timing ? new Timing() : undefined
  const { run, files, left } = await orSarif(wanted, flags, () => withFixes(paths, flags, timing))
  const { report: found, input, isStale, notices } = run
  const report = relabel(found, input.display)
  for (const notice of [...report.notices, ...notices, ...left]) tell(notice)
  tellInternalErrors(report, flags.debug ?? false)
  const unread = unreadTrouble(report, input.config, howToAllow)
  const [omitted] = input.omitted
  const isPartial = omitted !== undefined || report.internalErrors.length > 0 || unread !== null
  if (flags.diff) {
    const { printable, readerOf, unifiedDiff } = await import('./unified-diff.ts')
    const { text, isAltered } = printable(unifiedDiff(files, input.hosted), readerOf(process.stdout, process.env))
    process.stdout.write(text)
    if (isAltered) tell(altered)
    return isPartial || (isAltered && !process.stdout.isTTY)
      ? exitCodes.failure
      : files.length > 0
        ? exitCodes.findings
        : exitCodes.ok
  }
  for (const file of files) write(file, input)
  if (files.length > 0) tell(fixedNotice(files))

  const shown = flags.quiet ? errorsOnly : (all: Report) => all
  const hosted = () => shown(relabel(found, input.hosted))
  writeReport(wanted, shown(report), flags, hosted, unread ?? (omitted === undefined ? null : unfinished(omitted)))
  if (timing) process.stderr.write(`${timing.toString(input.display)}\n`)
  if (unread !== null) tell(unread)
  else if (wanted.every(({ format }) => silentFormats.includes(format))) tellNotRead(report)
  if (isPartial) return exitCodes.failure
  if (flags.exitNonZeroOnFix && files.length > 0) return exitCodes.findings
  if (isStale && input.config.failOn !== 'never') return exitCodes.findings
  return exitCode(report, input.config)
}

/** At a terminal, a person has piped SQL in and did not name it. Elsewhere, pipes are as they are, for instance those of hooks. */
function ignoresPipe(paths: readonly string[], flags: LintFlags): boolean {
  const choosesOthers = flags.changed || flags.since !== undefined || flags.staged || flags.stdinFilename !== undefined
  return paths.length === 0 && !choosesOthers && process.stdout.isTTY === true && isPiped()
}

const howToAllow = 'If that is intended, use --unread allow, or "unread": "allow" in the configuration.'

/** Facts for which a report of findings has no place, and which are not among the notices. */
function tellNotRead(report: Report): void {
  const unread = notRead(withoutPlaces(report))
  if (unread !== null) tell(`${unread}.`)
}

const altered =
  'The patch cannot be applied as it is shown, because it contains text that acts on a terminal or a log. Write it to a file: --diff > fixes.patch'

/** The run and its fixes; nothing is written yet. */
async function withFixes(paths: readonly string[], flags: LintFlags, timing: Timing | undefined): Promise<FixedRun> {
  if (!flags.fix && !flags.diff)
    return { run: await lintRun(paths, flags, { timing, remembers: true }), files: [], left: [] }
  if (paths.includes('-')) throw new Failure('Standard input cannot be fixed; name a file.')
  return fixedRun(paths, flags)
}

/** Throws a Failure if the file cannot be written. */
function write({ path, after }: FixedFile, { tree, display }: Input): void {
  try {
    writeWithin(tree.disk.bounds, tree.disk.absolute(path), after)
  } catch (error) {
    throw new Failure(`Cannot write ${display(path)}: ${reason(error)}.`)
  }
}

function tellInternalErrors({ internalErrors }: Report, debug: boolean): void {
  for (const { part, path, line, message, stack } of internalErrors) {
    // A plugin is not ours to repair.
    const isPlugins = part.includes('/')
    const what = isPlugins ? 'error in the rule' : 'internal error in'
    const which = isPlugins ? '' : `version ${tool.version}; `
    const remedy = isPlugins ? 'its plugin must be corrected' : `please report this: ${issuesUrl}`
    tell(`${what} ${part} on ${path}:${line}: ${message} (${which}the rest was linted; ${remedy})`)
    if (debug && stack) tellStack(stack)
  }
}

/** `--print-config`: prints the configuration as JSON, and says where it comes from. */
async function printConfig(flags: LintFlags): Promise<number> {
  const { config, file } = await resolveConfig(flags, process.cwd(), registry)
  tell(
    file === null
      ? 'There is no configuration file: these are the defaults and the flags.'
      : `From ${file}, the defaults and the flags.`,
  )
  process.stdout.write(`${visibleJson(config, 2)}\n`)
  return exitCodes.ok
}
