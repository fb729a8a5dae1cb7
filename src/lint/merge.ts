import type { Report, RuleSummary } from './report.ts'
import { tool } from './tool.ts'

/** The report for a run without migrations. */
const nothing: Report = {
  findings: [],
  suppressed: [],
  timelines: [],
  sources: new Map(),
  rules: [],
  summary: { migrations: 0, statements: 0, errors: 0, warnings: 0, notes: 0, suppressed: 0, earlierNotRead: 0 },
  unread: [],
  notices: [],
  internalErrors: [],
  servers: [],
  system: '',
  milliseconds: null,
  tool,
}

/** One report made of several, in this order: figures are added up. Without any, it is an empty report. */
export function mergeReports(reports: readonly Report[]): Report {
  const [first] = reports
  if (!first) return nothing
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
      earlierNotRead: sum('earlierNotRead'),
    },
    unread: reports.flatMap(({ unread }) => unread),
    notices: [...new Set(reports.flatMap(({ notices }) => notices))],
    internalErrors: reports.flatMap(({ internalErrors }) => internalErrors),
    servers: [...new Map(reports.flatMap(({ servers }) => servers.map(each => [JSON.stringify(each), each]))).values()],
    system: [...new Set(reports.map(({ system }) => system))].join(', '),
    milliseconds: first.milliseconds,
    tool: first.tool,
  }
}
