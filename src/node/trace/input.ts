import type { History } from '../../lint/history/history.ts'
import { judge } from '../../lint/lint.ts'
import { sourceOf } from '../../lint/places.ts'
import type { ReportedFinding } from '../../lint/report.ts'
import { newestVersion, oldestVersion } from '../../postgres/version.ts'
import { byFile } from '../../report/by-file.ts'
import type { Trace } from '../../report/trace/trace.ts'
import { processorTime } from '../clock.ts'
import { Failure } from '../failure.ts'
import { historiesOf } from '../input/histories.ts'
import type { Input } from '../input/input.ts'
import { progressOn } from '../output/progress.ts'
import { tell } from '../output/stderr.ts'
import type { TraceServer } from '../server/session.ts'
import { type ReplayOptions, replay } from './replay.ts'

export type TraceOptions = Pick<ReplayOptions, 'setup' | 'rows' | 'down' | 'catalog'> & {
  /** The trace gets what linting says. */
  readonly lints: boolean
}

/** Runs all projects, each in an empty database, and ends the server. */
export async function traceInput(
  server: TraceServer,
  input: Input,
  read: readonly History[],
  { lints, ...options }: TraceOptions,
): Promise<Trace> {
  const progress = progressOn(process.stderr)
  try {
    if (server.version < oldestVersion) {
      throw new Failure(`${server.name} is older than version ${oldestVersion}, the oldest that the model knows.`)
    }
    const version = Math.min(server.version, newestVersion)
    const histories = version === newestVersion ? read : await historiesOf(input, version)
    const files: Trace['files'][number][] = []
    const failures: Trace['failures'][number][] = []
    const notTakenBack: Trace['notTakenBack'][number][] = []
    let earlierNotRun = 0
    // Each project counts its transactions from the start.
    let transactions = 0
    for (const [i, history] of histories.entries()) {
      if (i > 0) await server.empty()
      const findings = lints ? findingsIn(history, input, i, version) : new Map<string, ReportedFinding[]>()
      const sources = new Map(history.files.map(file => [file.path, sourceOf(file)]))
      const done = await replay(history, server, {
        ...options,
        isAsked: input.isAsked,
        progress: (path, count, all) => progress.at(`Running ${input.display(path)}, ${count + 1} of ${all}`),
      })
      const before = transactions
      for (const file of done.files) {
        const path = input.display(file.path)
        const statements = file.statements.map(each => {
          const transaction = each.transaction === null ? null : each.transaction + before
          transactions = Math.max(transactions, (transaction ?? 0) + 1)
          return { ...each, transaction }
        })
        const source = { text: sources.get(file.path)?.text ?? '', path }
        const { takenBack } = file
        files.push({
          ...file,
          path,
          source,
          statements,
          ...(takenBack && { takenBack: { ...takenBack, migration: input.display(takenBack.migration) } }),
          // Those of the migration are there already.
          findings: takenBack ? [] : (findings.get(file.path) ?? []),
        })
      }
      for (const { table, why } of done.unfilled) tell(`--rows: ${table} could not be filled: ${why}.`)
      earlierNotRun += done.earlierNotRun
      if (done.failed) failures.push({ ...done.failed, path: input.display(done.failed.path) })
      if (done.notTakenBack) notTakenBack.push({ ...done.notTakenBack, path: input.display(done.notTakenBack.path) })
    }
    return { server: server.name, files, earlierNotRun, failures, notTakenBack }
  } finally {
    progress.done()
    await server.stop()
  }
}

/** The findings of linting in the migrations of one project, by their paths in the tree. */
function findingsIn(
  history: History,
  { registry: rules, config, projects, isAsked }: Input,
  project: number,
  version: number,
): Map<string, ReportedFinding[]> {
  const { system = '' } = projects[project] ?? {}
  return byFile(
    judge(history, {
      registry: rules,
      config: { ...config, pgVersion: String(version) },
      report: isAsked,
      system,
      clock: processorTime,
    }).findings,
  )
}
