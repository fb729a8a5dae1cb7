import type { Report } from '../../lint/report.ts'

/** The part of the report that `--quiet` shows. The exit code still counts the hidden findings. */
export function errorsOnly(report: Report): Report {
  return {
    ...report,
    findings: report.findings.filter(finding => finding.severity === 'error'),
    summary: { ...report.summary, warnings: 0, notes: 0 },
  }
}
