import { rangeOf } from './position.ts'
import type { Reporter } from './reporter.ts'
import { visible } from './visible.ts'

/**
 * One line per finding in the form that editors and build tools know from compilers: `path:line:col: severity: message
 * [rule]`.
 */
export const gcc: Reporter = (report, style) =>
  report.findings
    .map(finding => {
      const { line, column } = rangeOf(report.sources, finding).start
      const safe = (text: string) => visible(text, style.ascii)
      return `${safe(finding.path)}:${line}:${column}: ${finding.severity}: ${safe(finding.message)} [${safe(finding.rule)}]\n`
    })
    .join('')
