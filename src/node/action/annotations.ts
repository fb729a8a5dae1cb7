import type { Report, ReportedFinding } from '../../lint/report.ts'
import { severities } from '../../migration/severity.ts'
import { type Annotation, annotation, annotationsPerLevel, uniqueFindings } from '../../report/github.ts'
import { rangeOf } from '../../report/position.ts'
import { counted } from '../../report/words.ts'
import type { AddedLines } from './added-lines.ts'

export interface Annotations {
  readonly shown: readonly Annotation[]
  /** How many findings there are beyond these, by level: `3 more errors`. */
  readonly rest: Readonly<Record<Annotation['level'], string | null>>
}

/**
 * As many findings as GitHub shows, minus one of each level: the last place says how many more there are. Findings on
 * lines that the change adds come first.
 */
export function annotationsOf(report: Report, isAdded: AddedLines, notes: boolean): Annotations {
  const rest: Record<Annotation['level'], string | null> = { error: null, warning: null, notice: null }
  const findings = uniqueFindings(report).filter(({ severity }) => notes || severity !== 'note')
  const shown = severities.flatMap(severity => {
    const all = findings.filter(finding => finding.severity === severity)
    const isNew = (finding: ReportedFinding) => isAdded(finding.path, rangeOf(report.sources, finding).start.line)
    const ordered = [...all.filter(isNew), ...all.filter(finding => !isNew(finding))]
    const fitting = ordered.slice(0, annotationsPerLevel - 1).map(finding => annotation(finding, report))
    const level = fitting[0]?.level
    if (level && all.length > fitting.length) rest[level] = counted(all.length - fitting.length, `more ${severity}`)
    return fitting
  })
  return { shown, rest }
}
