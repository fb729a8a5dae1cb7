import { palette } from './palette.ts'
import { rangeOf } from './position.ts'
import type { Reporter } from './reporter.ts'
import { summary } from './summary.ts'

/** For people who know the rules: one line per finding, as wide as necessary, and the line with the totals. */
export const compact: Reporter = (report, style) => {
  const paint = palette(style)
  const shown = report.findings.filter(finding => style.notes || finding.severity !== 'note')
  const lines = shown.map(finding => {
    const { line, column } = rangeOf(report.sources, finding).start
    const place = `${paint.path(paint.safe(finding.path))}:${line}:${column}`
    const rule = paint.link(paint.safe(finding.rule), finding.url)
    const severity = paint.severity[finding.severity](finding.severity)
    return `${place}  ${severity}  ${paint.safe(finding.message)}  ${paint.faint(rule)}`
  })
  return [...lines, ...summary(report, style, paint)].map(line => `${line.trimEnd()}\n`).join('')
}
