import { mergeReports } from '../../lint/merge.ts'
import type { Report } from '../../lint/report.ts'
import { type Format, hostedFormats } from '../../report/formats.ts'
import { reporters } from '../../report/index.ts'
import { type SarifOptions, sarifLog } from '../../report/sarif.ts'
import { complaint, Failure } from '../failure.ts'
import type { SarifFlags, WriteFlags } from '../flags.ts'
import { originOf, provenance } from '../git/provenance.ts'
import { type Output, write } from './output.ts'
import { tell } from './stderr.ts'

type Flags = WriteFlags & SarifFlags
type Wanted = readonly Output<Format>[]
/** Is called with each file that was written; null: standard output. */
export type Wrote = (path: string | null) => void

/**
 * Writes the report in all wanted formats and places. Everything that can be written is written; then the first error
 * is thrown. SARIF comes last, because it says whether all went well. `hosted` makes the same report with the paths of the
 * repository. `trouble`: why the run failed although nothing was thrown.
 */
export function writeReport(
  wanted: Wanted,
  report: Report,
  flags: Flags,
  hosted: () => Report = () => report,
  trouble: string | null = null,
  wrote: Wrote = () => {},
): void {
  const thrown: unknown[] = []
  const failed = trouble === null ? undefined : new Failure(trouble)
  const attempt = (path: string | null, print: Parameters<typeof write>[2]) => {
    try {
      write(path, flags, print)
      wrote(path)
    } catch (error) {
      thrown.push(error)
    }
  }
  for (const { format, path } of wanted) {
    const paths = () => (hostedFormats.includes(format) ? hosted() : report)
    const whole = () => (format === 'html' ? { ...paths(), origin: originOf(process.cwd(), process.env) } : paths())
    if (format !== 'sarif') attempt(path, style => reporters[format](whole(), style))
  }
  for (const path of sarifPaths(wanted))
    attempt(path, () => sarifLog(hosted(), sarifOptions(flags, thrown[0] ?? failed)))
  if (thrown.length > 0) throw thrown[0]
}

/**
 * The result of `work`. If it throws, SARIF is still written and says so, because an empty file or an old one would
 * mislead the tool that uploads it. The error passes through.
 */
export async function orSarif<Outcome>(
  wanted: Wanted,
  flags: Flags,
  work: () => Promise<Outcome>,
  wrote: Wrote = () => {},
): Promise<Outcome> {
  try {
    return await work()
  } catch (thrown) {
    for (const path of sarifPaths(wanted)) {
      try {
        write(path, flags, () => sarifLog(mergeReports([]), sarifOptions(flags, thrown)))
        wrote(path)
      } catch (error) {
        tell(complaint(error))
      }
    }
    throw thrown
  }
}

function sarifPaths(wanted: Wanted): (string | null)[] {
  return wanted.filter(({ format }) => format === 'sarif').map(({ path }) => path)
}

function sarifOptions({ sarifCategory, sarifIncludeSuppressed = false }: SarifFlags, thrown?: unknown): SarifOptions {
  return {
    includeSuppressed: sarifIncludeSuppressed,
    provenance: provenance(process.cwd()),
    ...(sarifCategory !== undefined && { category: sarifCategory }),
    ...(thrown !== undefined && { failure: complaint(thrown) }),
  }
}
