import type { Report, ReportedFinding } from '../../src/lint/report.ts'

/**
 * What findings a report has, as far as it makes a difference to whoever prints them: each rule with its severity, and with what goes along.
 * Reports whose shapes were all seen before are printed by way of trial only.
 */
export function shapesOf(kind: string, { findings, suppressed, sources }: Report): ReadonlySet<string> {
  const shape = (finding: ReportedFinding, what: string) => {
    const { rule, severity, at, path, fix, related, effects } = finding
    const text = sources.get(path)?.text.slice(...at) ?? ''
    const lines = text === '' ? 'nothing' : text.includes('\n') ? 'lines' : 'line'
    return [kind, what, rule, severity, lines, !fix, !related, !effects].join(' ')
  }
  return new Set([
    ...findings.slice(0, enough).map(finding => shape(finding, 'found')),
    ...suppressed.slice(0, enough).map(finding => shape(finding, 'suppressed')),
  ])
}

/** So many findings of a report are printed: the next one is printed no differently. */
export const enough = 12
