import type { Step } from '../postgres/step.ts'
import type { Config } from './config.ts'
import { type Finding, severities } from './finding.ts'
import type { Rule } from './rule.ts'
import { findingSeverity, presetSeverity } from './severity.ts'

/** A finding with who said it, and of which step. */
export interface Heard {
  readonly finding: Finding
  readonly rule: Rule
  /** Null for a rule that looks at the whole migration. */
  readonly step: Step | null
  /** What the rule itself said of this case's severity. */
  readonly said: Finding['severity'] | undefined
}

/**
 * Leaves out what fallback rules say where another rule has said as much of the same statement. How the user has set that
 * other rule is of no account: who lowers it or turns it off does not want to hear the same thing from somebody else.
 *
 * `others` are the findings of all rules that are no fallback, those included that the configuration turned off.
 */
export function withoutRepetition(
  fallbacks: readonly Heard[],
  others: readonly Heard[],
  preset: Config['preset'],
): Heard[] {
  const weights = others.map(heard => ({ heard, weight: weightOf(heard, preset) }))
  return fallbacks.filter(fallback => {
    const own = weightOf(fallback, preset)
    return !weights.some(({ heard, weight }) => weight <= own && tellsHow(heard) && isSameStatement(heard, fallback))
  })
}

/** 0 for an error; a large number when the preset leaves the rule out. */
function weightOf({ rule, said }: Heard, preset: Config['preset']): number {
  const setting = { severity: presetSeverity(rule, preset), explicit: false, options: {} }
  const severity = findingSeverity(rule, setting, said)
  return severity === 'off' ? Number.POSITIVE_INFINITY : severities.indexOf(severity)
}

/**
 * That data is lost or running code breaks is what a statement is for, and says nothing of how it goes about it; nor do
 * milder remarks about the whole statement, for instance that it has no timeout.
 */
function tellsHow({ rule, finding }: Heard): boolean {
  if (rule.category === 'data loss' || rule.category === 'breaking change') return false
  return 'check' in rule || finding.severity === 'error' || rule.severity === 'error'
}

function isSameStatement(a: Heard, b: Heard): boolean {
  if (a.step !== null) return a.step === b.step
  if (b.step === null) return false
  const [start, end] = b.step.statement.span
  return start <= a.finding.at[0] && a.finding.at[0] < end
}
