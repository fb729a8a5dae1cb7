import type { History } from '../../lint/history/history.ts'
import { judge } from '../../lint/lint.ts'
import { sourceOf } from '../../lint/places.ts'
import type { ReportedFinding } from '../../lint/report.ts'
import { parse } from '../../parse/parse.ts'
import type { Statement } from '../../parse/script.ts'
import { newestVersion, oldestVersion } from '../../postgres/version.ts'
import { byFile } from '../../report/by-file.ts'
import { traceReporters } from '../../report/index.ts'
import type { Trace } from '../../report/trace/trace.ts'
import { processorTime } from '../clock.ts'
import { exitCodes } from '../exit-code.ts'
import { Failure } from '../failure.ts'
import type { TraceFlags } from '../flags.ts'
import { historiesOf } from '../input/histories.ts'
import { type Input, readInput } from '../input/input.ts'
import { fileOfFlag } from '../input/typed-file.ts'
import { outputs, write } from '../output/output.ts'
import { progressOn } from '../output/progress.ts'
import { tell } from '../output/stderr.ts'
import { registry } from '../registry.ts'
import { openServer } from '../server/open.ts'
import type { TraceServer } from '../server/session.ts'
import { type ReplayOptions, replay } from '../trace/replay.ts'

/** `migrate-lint trace [paths…]`: runs the migrations on a real PostgreSQL and prints what it did. Returns the exit code. */
export async function traceCommand(paths: readonly string[], flags: TraceFlags): Promise<number> {
  const wanted = outputs(flags, Object.keys(traceReporters) as (keyof typeof traceReporters)[])
  const input = await readInput(paths, flags, registry)
  for (const notice of input.notices) tell(notice)
  if (flags.pgVersion !== undefined) {
    tell(
      '--pg-version is not used: a trace has the version of its server. Give a server of that version by --server=<folder> or --database-url.',
    )
  }
  const setup = flags.setup === undefined ? null : fileOfFlag('--setup', flags.setup)
  const histories = await historiesOf(input, newestVersion)
  const first = parse({ path: flags.setup ?? '', text: setup ?? '' }).statements
  const extensions = extensionsIn([...first, ...histories.flatMap(({ steps }) => steps.map(step => step.statement))])
  const server = await openServer(flags, extensions, tell)
  // Only the page has room for what linting says.
  const lints = wanted.some(({ format }) => format === 'html')
  const trace = await traced(server, input, histories, {
    setup,
    rows: flags.rows ?? 0,
    down: flags.down ?? false,
    catalog: flags.catalog ?? false,
    lints,
  })
  for (const { format, path } of wanted) write(path, flags, style => traceReporters[format](trace, style))
  const differs = trace.files.some(({ statements }) => statements.some(({ differences }) => differences.length > 0))
  const leaves = trace.files.some(({ takenBack }) => takenBack && takenBack.leaves.length > 0)
  if (trace.failures.length > 0 || leaves || (flags.check && differs)) return exitCodes.findings
  const hasRun = trace.files.some(({ statements }) => statements.some(({ seen }) => seen !== null))
  const isUnknown = trace.files.some(({ takenBack }) => takenBack && takenBack.notCompared !== null)
  const isPartial = input.omitted.length > 0 || trace.notTakenBack.length > 0 || isUnknown
  return isPartial || !hasRun ? exitCodes.failure : exitCodes.ok
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

/** The names of the extensions that these statements create. */
function extensionsIn(statements: readonly Statement[]): string[] {
  const names = statements.flatMap(({ kind, node }) =>
    kind === 'CreateExtensionStmt' && typeof node.extname === 'string' ? [node.extname] : [],
  )
  return [...new Set(names)]
}

/** Runs all projects, each in an empty database, and ends the server. */
async function traced(
  server: TraceServer,
  input: Input,
  read: readonly History[],
  { lints, ...options }: Pick<ReplayOptions, 'setup' | 'rows' | 'down' | 'catalog'> & { readonly lints: boolean },
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
