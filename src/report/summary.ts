import type { Report } from '../lint/report.ts'
import { coverage } from '../lint/unread.ts'
import { earlierNotRead, notRead } from './not-read.ts'
import type { Palette } from './palette.ts'
import type { Style } from './reporter.ts'
import { foundServers } from './servers.ts'
import { visible } from './visible.ts'
import { counted } from './words.ts'

/** The last line: how many findings in how many files, how fast, and what is not shown above. */
export function summary(report: Report, style: Style, paint: Palette): string[] {
  const { errors, warnings, notes, suppressed } = report.summary
  const earlier = earlierNotRead(report)
  // Nothing is green if a part of the input was missing.
  const good = earlier === null ? paint.good : (text: string) => text
  const hidden = [
    ...(notes > 0 && !style.notes ? [`${counted(notes, 'note')} (see ${style.notesSwitch ?? '--notes'})`] : []),
    ...(suppressed > 0 ? [`${suppressed} suppressed`] : []),
    ...(earlier === null ? [] : [earlier]),
  ]
  const found = verdict(report, style)
  const isWhole = notRead(report) === null
  const colour = errors > 0 ? paint.severity.error : warnings > 0 || !isWhole ? paint.severity.warning : good
  const line = `${found} (${measured(report)})`
  if (hidden.length === 0) return [colour(line)]
  const more = hidden.join(', ')
  return line.length + more.length + 2 <= style.width ? [`${colour(line)}; ${more}`] : [colour(line), more]
}

/** The number of findings and files, and what was not read: `2 errors in 1 of 12 migrations`. One line that is safe to print. */
export function verdict(report: Report, style: Pick<Style, 'notes'>): string {
  const { migrations, errors, warnings, notes } = report.summary
  const shown = [
    ...(errors > 0 ? [counted(errors, 'error')] : []),
    ...(warnings > 0 ? [counted(warnings, 'warning')] : []),
    ...(notes > 0 && style.notes ? [counted(notes, 'note')] : []),
  ]
  const unread = notRead(report)
  const left = unread === null ? [] : [visible(unread)]
  if (shown.length > 0) {
    const found = `${shown.join(', ')} ${where(report, style)}`
    return (errors + warnings > 0 ? [found, ...left] : [...left, found]).join('; ')
  }
  if (left.length === 0) return safe(migrations)
  const { read, readInPart } = coverage(report)
  return [...left, ...(read + readInPart > 0 ? ['no errors or warnings in the rest'] : [])].join('; ')
}

function safe(migrations: number): string {
  return migrations === 0 ? 'No migrations' : `No dangers in ${counted(migrations, 'migration')}`
}

function where(report: Report, style: Pick<Style, 'notes'>): string {
  const { migrations } = report.summary
  const shown = report.findings.filter(finding => style.notes || finding.severity !== 'note')
  const files = new Set(shown.map(finding => finding.path)).size
  // A finding can be about a file that is not a migration, or no longer one, such as the configuration.
  if (files > migrations) return `in ${counted(files, 'file')}`
  return migrations === 1 ? 'in 1 migration' : `in ${files} of ${migrations} migrations`
}

function measured(report: Report): string {
  const statements = [
    counted(report.summary.statements, 'statement'),
    ...foundServers(report).map(fact => visible(fact)),
  ].join(', ')
  if (report.milliseconds === null) return statements
  const time =
    report.milliseconds < 1000
      ? `${Math.round(report.milliseconds)} ms`
      : `${(report.milliseconds / 1000).toFixed(1)} s`
  return `${statements}, ${time}`
}
