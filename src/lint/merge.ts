import type { Report, RuleSummary } from './report.ts'

/** One report of several histories, in this order: figures are added up. Throws without a report. */
export function mergeReports(reports: readonly Report[]): Report {
  const [first] = reports
  if (!first) throw new Error('there is no report to merge')
  if (reports.length === 1) return first
  const sum = (figure: keyof Report['summary']) => reports.reduce((total, { summary }) => total + summary[figure], 0)
  const rules = new Map<string, RuleSummary>()
  for (const rule of reports.flatMap(report => report.rules)) if (!rules.has(rule.id)) rules.set(rule.id, rule)
  return {
    findings: reports.flatMap(({ findings }) => findings),
    suppressed: reports.flatMap(({ suppressed }) => suppressed),
    timelines: reports.flatMap(({ timelines }) => timelines),
    sources: new Map(reports.flatMap(({ sources }) => [...sources])),
    rules: [...rules.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
    summary: {
      migrations: sum('migrations'),
      statements: sum('statements'),
      errors: sum('errors'),
      warnings: sum('warnings'),
      notes: sum('notes'),
      suppressed: sum('suppressed'),
    },
    notices: [...new Set(reports.flatMap(({ notices }) => notices))],
    internalErrors: reports.flatMap(({ internalErrors }) => internalErrors),
    system: [...new Set(reports.map(({ system }) => system))].join(', '),
    milliseconds: first.milliseconds,
    tool: first.tool,
  }
}
