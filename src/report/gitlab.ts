import { hash } from '../lint/fingerprint.ts'
import { rangeOf } from './position.ts'
import { relative, wellFormed } from './relative.ts'
import type { Reporter } from './reporter.ts'
import { visible, visibleJson } from './visible.ts'

const gravities = { error: 'critical', warning: 'major', note: 'info' } as const

/**
 * GitLab's code quality report (`artifacts:reports:codequality`), for the merge request's widget and diff. See GitLab's
 * documentation, "Code Quality", section "Code Quality report format".
 */
export const gitlab: Reporter = report => {
  const unique = uniqueFingerprints()
  const issues = report.findings.map(finding => {
    const { start, end } = rangeOf(report.sources, finding)
    return {
      description: visible(finding.message),
      check_name: finding.rule,
      fingerprint: unique(finding.fingerprint),
      severity: gravities[finding.severity],
      location: { path: relative(wellFormed(finding.path)), lines: { begin: start.line, end: end.line } },
    }
  })
  return `${visibleJson(issues, 2)}\n`
}

/** GitLab treats issues with equal fingerprints as one. Two projects in one report may have equal findings. */
function uniqueFingerprints(): (fingerprint: string) => string {
  const seen = new Map<string, number>()
  return fingerprint => {
    const before = seen.get(fingerprint) ?? 0
    seen.set(fingerprint, before + 1)
    return before === 0 ? fingerprint : hash(`${fingerprint}\0${before}`)
  }
}
