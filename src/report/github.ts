import { helpText } from '../lint/help.ts'
import type { Report, ReportedFinding } from '../lint/report.ts'
import { type Severity, severities } from '../migration/severity.ts'
import { notRead } from './not-read.ts'
import { rangeOf } from './position.ts'
import type { Reporter } from './reporter.ts'
import { visible } from './visible.ts'
import { blocked, counted, howLong, moreRelations } from './words.ts'

const levels = { error: 'error', warning: 'warning', note: 'notice' } as const

// Both are limits of the runner: actions/runner, src/Runner.Worker/ExecutionContext.cs.
export const annotationsPerLevel = 10
const messageLength = 4096

/**
 * GitHub Actions' workflow commands, one per finding: they become annotations in the pull request. Errors come first,
 * because GitHub keeps the first ten of each level and drops the rest; when it will, a notice says so.
 */
export const github: Reporter = report => {
  const findings = uniqueFindings(report)
  const groups = severities.map(severity => findings.filter(finding => finding.severity === severity))
  const dropped = groups.flatMap((group, i) => {
    const severity = severities[i] ?? 'note'
    return group.length > annotationsPerLevel ? [counted(group.length, severity)] : []
  })
  const notice =
    dropped.length > 0
      ? [
          `::notice title=migrate-lint::${data(`GitHub shows ${annotationsPerLevel} annotations of a level; this step has ${dropped.join(', ')}. All of them are in its log.`)}`,
        ]
      : []
  const [errors = [], warnings = [], notes = []] = groups.map(group => group.map(finding => command(finding, report)))
  // The notice is one of the ten notices itself: after the notes it would be the one that is dropped.
  const unread = notRead(report)
  const left = unread === null ? [] : [`::warning title=migrate-lint::${data(visible(unread))}`]
  // Unread files come before findings, because GitHub drops everything after the first ten.
  return [...errors, ...left, ...warnings, ...notice, ...notes].map(line => `${line}\n`).join('')
}

/** Findings, without further ones of the same rule on the same line, which would only use up the ten. */
export function uniqueFindings(report: Report): ReportedFinding[] {
  const seen = new Set<string>()
  return report.findings.filter(finding => {
    const key = JSON.stringify([finding.path, rangeOf(report.sources, finding).start.line, finding.rule])
    return seen.has(key) ? false : seen.add(key)
  })
}

/** An annotation that GitHub Actions shows at a line of a change; the names are those of @actions/core. */
export interface Annotation {
  readonly level: (typeof levels)[Severity]
  readonly message: string
  readonly file: string
  readonly title: string
  readonly startLine: number
  readonly endLine: number
  readonly startColumn?: number
  readonly endColumn?: number
}

export function annotation(finding: ReportedFinding, report: Report): Annotation {
  const { start, end } = rangeOf(report.sources, finding)
  return {
    level: levels[finding.severity],
    message: body(finding),
    file: visible(finding.path.replace(/^(?:\.\/)+/, '')),
    title: visible(finding.rule),
    startLine: start.line,
    endLine: end.line,
    // The runner deletes the columns of a range over several lines (ActionCommandManager.cs, ValidateLinesAndColumns).
    ...(start.line === end.line && { startColumn: start.column, endColumn: end.column }),
  }
}

function command(finding: ReportedFinding, report: Report): string {
  const { level, message, file, title, startLine, endLine, startColumn, endColumn } = annotation(finding, report)
  const columns = startColumn === undefined ? {} : { col: startColumn, endColumn }
  const properties = { file, line: startLine, endLine, ...columns, title }
  const listed = Object.entries(properties).map(([name, value]) => `${name}=${property(String(value))}`)
  return `::${level} ${listed.join(',')}::${data(message)}`
}

/** The consequence, the severity, the remedy and the link, cut to the length that GitHub keeps, but never in the link. */
function body(finding: ReportedFinding): string {
  const all = finding.effects ?? []
  const effects = all.map(e => `${e.relation}: ${e.lock ?? 'no lock'} ${blocked(e.lock)}, ${howLong(e, all)}`)
  const text = [
    finding.message,
    ...effects,
    ...moreRelations(finding),
    ...helpText(finding.help)
      .trim()
      .split(/\r\n|\r|\n/),
  ]
    .map(line => visible(line))
    .join('\n')
  const link = `\n${visible(finding.url)}`
  const room = messageLength - link.length
  return (text.length > room ? `${text.slice(0, room - 1).replace(/[\ud800-\udbff]$/, '')}…` : text) + link
}

// Escaping as in actions/toolkit, packages/core/src/command.ts.
function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
