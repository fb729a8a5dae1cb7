import type { History } from '../../lint/history/history.ts'
import type { Statistics } from '../../lint/sizes/statistics.ts'
import { issuesUrl } from '../../lint/tool.ts'
import { parse } from '../../parse/parse.ts'
import type { Statement } from '../../parse/script.ts'
import { newestVersion } from '../../postgres/version.ts'
import { traceReporters } from '../../report/index.ts'
import type { Trace } from '../../report/trace/trace.ts'
import { visibleJson } from '../../report/visible.ts'
import { exitCodes } from '../exit-code.ts'
import { Failure } from '../failure.ts'
import type { TraceFlags } from '../flags.ts'
import { historiesOf } from '../input/histories.ts'
import { readInput } from '../input/input.ts'
import { fileOfFlag } from '../input/typed-file.ts'
import { outputs, write } from '../output/output.ts'
import { tell } from '../output/stderr.ts'
import { registry } from '../registry.ts'
import { openServer } from '../server/open.ts'
import { casesOf } from '../trace/case.ts'
import { traceInput } from '../trace/input.ts'
import type { RowsWanted } from '../trace/rows.ts'

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
  const server = await openServer(flags, 'trace', tell, extensions)
  // Only the page has room for what linting says.
  const lints = wanted.some(({ format }) => format === 'html')
  const trace = await traceInput(server, input, histories, {
    setup,
    rows: rowsWanted(flags, input.config.statistics),
    down: flags.down ?? false,
    catalog: flags.catalog ?? false,
    lints,
  })
  for (const { format, path } of wanted) write(path, flags, style => traceReporters[format](trace, style))
  const differs = trace.files.some(({ statements }) => statements.some(({ differences }) => differences.length > 0))
  const leaves = trace.files.some(({ takenBack }) => takenBack && takenBack.leaves.length > 0)
  if (flags.check && differs) tellCases(trace, histories, input.display)
  if (trace.failures.length > 0 || leaves || (flags.check && differs)) return exitCodes.findings
  const hasRun = trace.files.some(({ statements }) => statements.some(({ seen }) => seen !== null))
  const isUnknown = trace.files.some(({ takenBack }) => takenBack && takenBack.notCompared !== null)
  const isPartial = input.omitted.length > 0 || trace.notTakenBack.length > 0 || isUnknown
  return isPartial || !hasRun ? exitCodes.failure : exitCodes.ok
}

/** Each case is a line of JSON, in which names and values of the project are. */
function tellCases(trace: Trace, histories: readonly History[], display: (path: string) => string): void {
  tell(
    `The server did not do what was predicted, which is a mistake of migrate-lint. Please report it with these cases, as far as others may see them: ${issuesUrl}`,
  )
  for (const each of casesOf(trace, histories, display)) process.stderr.write(`${visibleJson(each)}\n`)
}

/** The most rows that a table gets, however many the statistics say: enough to see the difference between a scan and none. */
const mostRows = 1_000_000

/** Throws a Failure if there are no statistics. */
function rowsWanted({ rows }: TraceFlags, statistics: Statistics | undefined): RowsWanted | null {
  if (rows === undefined || rows === 0) return null
  if (rows !== 'stats') return () => rows
  if (!statistics) {
    throw new Failure(
      '--rows stats: there is no migrate-lint-stats.json beside the configuration. Make it with "migrate-lint stats", or give a number.',
    )
  }
  return table => {
    const known = statistics.of(table)?.rows ?? null
    return known === null ? null : Math.min(Math.ceil(known), mostRows)
  }
}

/** The names of the extensions that these statements create. */
function extensionsIn(statements: readonly Statement[]): string[] {
  const names = statements.flatMap(({ kind, node }) =>
    kind === 'CreateExtensionStmt' && typeof node.extname === 'string' ? [node.extname] : [],
  )
  return [...new Set(names)]
}
