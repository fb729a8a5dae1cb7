import { lint } from '../../lint/lint.ts'
import { mergeReports } from '../../lint/merge.ts'
import { coverage, type Unread } from '../../lint/unread.ts'
import { historyRules } from '../../migration/change.ts'
import { isMigration } from '../../migration/migration.ts'
import type { Format } from '../../report/formats.ts'
import { reporters } from '../../report/index.ts'
import { contains } from '../../systems/reading/tree.ts'
import { exitCode, exitCodes } from '../exit-code.ts'
import { Failure } from '../failure.ts'
import type { HistoryFlags } from '../flags.ts'
import { damageIn } from '../history/compare-with-base.ts'
import { readWithPast } from '../history/read-with-past.ts'
import { outputs } from '../output/output.ts'
import { relabel } from '../output/relabel.ts'
import { orSarif, writeReport } from '../output/reporting.ts'
import { tell } from '../output/stderr.ts'
import { registry } from '../registry.ts'

/** `migrate-lint history [paths…]`: reports only what was done to applied migrations. Returns the exit code. */
export async function historyCommand(paths: readonly string[], flags: HistoryFlags): Promise<number> {
  const wanted = outputs(flags, Object.keys(reporters) as Format[])
  const { report, input, notices } = await orSarif(wanted, flags, () => found(paths, flags))
  for (const notice of notices) tell(notice)
  writeReport(
    wanted,
    relabel(report, input.display),
    flags,
    () => relabel(report, input.hosted),
    input.omitted[0] ?? null,
  )
  const { notRead, read, readInPart } = coverage(report)
  const isNothing = notRead > 0 && read + readInPart === 0
  if (input.omitted.length > 0 || isNothing || report.internalErrors.length > 0) return exitCodes.failure
  return exitCode(report, input.config)
}

async function found(paths: readonly string[], flags: HistoryFlags) {
  const started = performance.now()
  const { input, compared } = await readWithPast(paths, { ...flags, only: historyRules }, registry, {}, input => {
    return { ...flags, projectsIn: input.projectsIn, orHead: true }
  })
  const { config, isAsked, damage } = input
  const missing = compared.missing.filter(({ isDamage }) => damage === null || !isDamage).map(({ message }) => message)
  if (compared.lacksBase && flags.requireHistory) throw new Failure(missing.join('\n'))
  if (input.nothing !== null && compared.projects.every(({ migrations }) => migrations.length === 0)) {
    throw new Failure([input.nothing, ...missing].join('\n'))
  }
  const reports = compared.projects.map(async ({ system, migrations }) => {
    // The contents of the other migrations do not matter here, so they need not be parsed.
    const told = migrations.filter(({ changes, discrepancies }) => changes !== undefined || discrepancies !== undefined)
    const report = await lint({
      registry,
      system,
      config: { ...config, startAfter: null },
      migrations: told,
      report: isAsked,
    })
    const asked = migrations.filter(isMigration).filter(({ path }) => isAsked(path))
    // Nobody asked what the migrations do. If there is nothing to compare them with, nothing was checked.
    const unread = asked
      .filter(({ path }) => compared.uncompared.some(directory => contains(directory, path)))
      .map(({ path, runner }): Unread => {
        return { path, extent: 'migration', tool: runner.name, at: [0, 0], why: 'nothing to compare with' }
      })
    return { ...report, unread, summary: { ...report.summary, migrations: asked.length, earlierNotRead: 0 } }
  })
  const merged = mergeReports(await Promise.all(reports))
  const report = {
    ...merged,
    unread: [...input.unread, ...merged.unread],
    milliseconds: performance.now() - started,
  }
  const omitted = [...input.omitted, ...damageIn(compared.missing)]
  return { report, input: { ...input, omitted }, notices: [...input.notices, ...missing] }
}
