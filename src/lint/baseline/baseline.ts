import { changeRules } from '../../migration/change.ts'
import type { Severity } from '../../migration/severity.ts'
import type { Report, ReportedFinding, SuppressedFinding } from '../report.ts'

/** Findings that a project has accepted: a number of findings of one rule on one statement of one file. */
export interface Accepted {
  /** Relative to the baseline's folder. */
  readonly path: string
  readonly rule: string
  /** As `ReportedFinding.statement`: it stays the same if the statement is only moved or formatted differently. */
  readonly statement: string
  readonly count: number
}

export type Baseline = readonly Accepted[]

/** How the baseline and this run name the same things. */
export interface BaselineScope {
  /** A finding's path as the baseline has it. */
  pathOf(finding: ReportedFinding): string
  /** The rule's name today. */
  ruleOf(id: string): string
  /**
   * True if this run would have reported the accepted findings if they still occurred: it covers their file, and their
   * rule ran.
   */
  covers(accepted: Accepted): boolean
}

/** A change of an applied migration is news until it is merged, and is allowed in other ways. */
const passing: ReadonlySet<string> = new Set(Object.values(changeRules))

/**
 * The report without the accepted findings, which count as suppressed, and the entries of the baseline whose findings
 * no longer occur.
 */
export function applyBaseline(
  report: Report,
  baseline: Baseline,
  scope: BaselineScope,
): { readonly report: Report; readonly stale: readonly Accepted[] } {
  const left = new Map<string, number>()
  for (const accepted of baseline) {
    const key = keyOf(accepted, scope)
    left.set(key, (left.get(key) ?? 0) + accepted.count)
  }
  const findings: ReportedFinding[] = []
  const accepted: SuppressedFinding[] = []
  for (const finding of report.findings) {
    const key = keyOf({ ...finding, path: scope.pathOf(finding) }, scope)
    const count = left.get(key) ?? 0
    if (count === 0 || passing.has(finding.rule)) {
      findings.push(finding)
      continue
    }
    left.set(key, count - 1)
    accepted.push({ ...finding, reason: 'in the baseline', inBaseline: true })
  }
  const stale = summed(baseline, scope).flatMap(entry => {
    const count = left.get(keyOf(entry, scope)) ?? 0
    return count > 0 && scope.covers(entry) ? [{ ...entry, count }] : []
  })
  const count = (severity: Severity) => findings.filter(finding => finding.severity === severity).length
  const summary = {
    ...report.summary,
    errors: count('error'),
    warnings: count('warning'),
    notes: count('note'),
    suppressed: report.summary.suppressed + accepted.length,
  }
  return { report: { ...report, findings, suppressed: [...report.suppressed, ...accepted], summary }, stale }
}

/**
 * The baseline that accepts all findings in the report of these severities. Entries that the run did not cover stay as
 * they are.
 */
export function updatedBaseline(
  report: Report,
  baseline: Baseline,
  scope: BaselineScope,
  severities: ReadonlySet<Severity>,
): Baseline {
  const found = report.findings
    .filter(({ rule, severity }) => severities.has(severity) && !passing.has(rule))
    .map(finding => ({
      path: scope.pathOf(finding),
      rule: finding.rule,
      statement: finding.statement,
      count: 1,
    }))
    .filter(entry => scope.covers(entry))
  return summed([...baseline.filter(entry => !scope.covers(entry)), ...found], scope)
}

/** The baseline without stale entries: entries are removed, or count less. Nothing is added. */
export function prunedBaseline(baseline: Baseline, stale: readonly Accepted[], scope: BaselineScope): Baseline {
  const less = new Map(stale.map(entry => [keyOf(entry, scope), entry.count]))
  return summed(baseline, scope)
    .map(entry => ({ ...entry, count: entry.count - (less.get(keyOf(entry, scope)) ?? 0) }))
    .filter(({ count }) => count > 0)
}

/** The findings that both baselines accept. */
export function sharedBaseline(one: Baseline, other: Baseline, scope: Pick<BaselineScope, 'ruleOf'>): Baseline {
  const counts = new Map(summed(other, scope).map(entry => [keyOf(entry, scope), entry.count]))
  return summed(one, scope)
    .map(entry => ({ ...entry, count: Math.min(entry.count, counts.get(keyOf(entry, scope)) ?? 0) }))
    .filter(({ count }) => count > 0)
}

/** How many findings a baseline accepts. */
export function acceptedCount(baseline: Baseline): number {
  return baseline.reduce((sum, { count }) => sum + count, 0)
}

/** Each entry once, with today's names, sorted by path, rule and statement in UTF-16 units. */
function summed(baseline: Baseline, scope: Pick<BaselineScope, 'ruleOf'>): Baseline {
  const all = new Map<string, Accepted>()
  for (const entry of baseline) {
    const key = keyOf(entry, scope)
    all.set(key, { ...entry, rule: scope.ruleOf(entry.rule), count: entry.count + (all.get(key)?.count ?? 0) })
  }
  return [...all].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry)
}

function keyOf(
  { path, rule, statement }: Pick<Accepted, 'path' | 'rule' | 'statement'>,
  { ruleOf }: Pick<BaselineScope, 'ruleOf'>,
): string {
  return [path, ruleOf(rule), statement].join('\0')
}
