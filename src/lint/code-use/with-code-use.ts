import type { Severity } from '../../migration/severity.ts'
import type { Config } from '../config/config.ts'
import { findingSeverity, settings } from '../config/severity.ts'
import type { Registry } from '../registry.ts'
import type { Report, ReportedFinding } from '../report.ts'
import { type CodeSearch, type CodeUse, gravest, labelsOf, messageWith } from './code-use.ts'

/**
 * The report with what code says about the names that its findings take away. `isNew`: false for the findings that are not asked about,
 * because their migrations are applied: code has long been deployed that does without these names. Only called, and only loaded, when
 * a finding takes a name away. Severities never rise, and those that the configuration gives by name do not change.
 */
export async function withCodeUse(
  report: Report,
  search: CodeSearch,
  { config, registry }: { readonly config: Config; readonly registry: Registry },
  isNew: (finding: ReportedFinding) => boolean = () => true,
): Promise<Report> {
  const asked = report.findings.filter(finding => finding.removes !== undefined && isNew(finding))
  if (asked.length === 0) return report
  const answers = await search(asked.flatMap(({ removes = [] }) => removes))
  const set = settings(config)
  const about = new Set(asked)
  const sources = new Map(report.sources)
  const findings = report.findings.map(finding => {
    if (!about.has(finding)) return finding
    const { removes = [], related = [] } = finding
    const found = removes.flatMap(each => {
      const answer = answers.of(each)
      return answer === null ? [] : [[each, answer] as const]
    })
    const use: CodeUse = { said: finding.message, answers: found }
    const answer = gravest(use, removes.length)
    if (answer === null) return finding
    const rule = registry.rules.find(({ id }) => id === finding.rule)
    const isAll = !removes.some(({ andMore }) => andMore)
    const isMild = answer === 'not found' && isAll && finding.severity === 'error' && rule !== undefined
    const level = isMild ? findingSeverity(rule, set(rule, finding.path), 'warning') : finding.severity
    const labels = labelsOf(use)
    for (const { path } of labels) {
      const source = answers.sources.get(path)
      if (source && !sources.has(path)) sources.set(path, source)
    }
    return {
      ...finding,
      severity: level === 'off' ? finding.severity : level,
      message: messageWith(use),
      ...(labels.length > 0 && { related: [...related, ...labels] }),
      use,
    }
  })
  const count = (severity: Severity) => findings.filter(finding => finding.severity === severity).length
  return {
    ...report,
    findings,
    sources,
    summary: { ...report.summary, errors: count('error'), warnings: count('warning'), notes: count('note') },
  }
}
