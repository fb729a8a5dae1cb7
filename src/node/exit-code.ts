import type { Config } from '../lint/config/config.ts'
import type { Report } from '../lint/report.ts'

/** The exit codes. They are stable, because scripts and CI jobs rely on these numbers. */
export const exitCodes = {
  ok: 0,
  findings: 1,
  /** Wrong usage or configuration, failed input or output, or a bug in this program. */
  failure: 2,
} as const

/** The figures that decide. */
interface Counted {
  readonly summary: Pick<Report['summary'], 'errors' | 'warnings' | 'notes'>
}

/** Findings at or above `failOn`, or more warnings than allowed, make the run fail. */
export function exitCode({ summary }: Counted, config: Pick<Config, 'failOn' | 'maxWarnings'>): 0 | 1 {
  const { errors, warnings, notes } = summary
  const counted = { never: 0, error: errors, warning: errors + warnings, note: errors + warnings + notes }[
    config.failOn
  ]
  const tooMany = config.failOn !== 'never' && config.maxWarnings !== null && warnings > config.maxWarnings
  return counted > 0 || tooMany ? exitCodes.findings : exitCodes.ok
}
