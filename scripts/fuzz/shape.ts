import type { Report, ReportedFinding } from '../../src/lint/report.ts'

/**
 * The shape of a report's findings, as far as it matters for printing: each rule with its severity and its parts. Reports with
 * only known shapes are printed only now and then.
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

/** The number of findings of a report that are printed; further ones would be printed in the same way. */
export const enough = 12
