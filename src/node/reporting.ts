import type { Report, Reporter } from '../lint/report.ts'
import { type Format, reporters } from '../report/index.ts'
import { type SarifOptions, sarifLog } from '../report/sarif.ts'
import { type Output, write } from './output.ts'
import type { SarifFlags, WriteFlags } from './program.ts'

/** Writes the report in every format and place that is wanted. Throws a Failure when one cannot be written. */
export function writeReport(wanted: readonly Output<Format>[], report: Report, flags: WriteFlags & SarifFlags): void {
  const options = sarifOptions(flags)
  const print: Readonly<Record<Format, Reporter>> = { ...reporters, sarif: given => sarifLog(given, options) }
  for (const { format, path } of wanted) write(path, flags, style => print[format](report, style))
}

function sarifOptions({ sarifCategory, sarifIncludeSuppressed = false }: SarifFlags): SarifOptions {
  return {
    includeSuppressed: sarifIncludeSuppressed,
    ...(sarifCategory !== undefined && { category: sarifCategory }),
  }
}
