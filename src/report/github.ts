import type { Severity } from '../lint/finding.ts'
import type { Report, ReportedFinding, Reporter } from '../lint/report.ts'
import { rangeOf } from './position.ts'
import { visible } from './visible.ts'
import { blocked, counted, howLong } from './words.ts'

const levels = { error: 'error', warning: 'warning', note: 'notice' } as const
const severities: readonly Severity[] = ['error', 'warning', 'note']

// Both are the runner's: actions/runner, src/Runner.Worker/ExecutionContext.cs.
const annotationsPerLevel = 10
const messageLength = 4096

/**
 * GitHub Actions' workflow commands, one per finding: they become annotations in the pull request. Errors come first,
 * because GitHub keeps the first ten of each level and drops the rest; when it will, a notice says so.
 */
export const github: Reporter = report => {
  const findings = unique(report)
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
  // The notice is one of the ten notices itself: behind the notes it would be the one that is dropped.
  return [...errors, ...warnings, ...notice, ...notes].map(line => `${line}\n`).join('')
}

/** The same rule on the same line twice would only use up the ten. */
function unique(report: Report): ReportedFinding[] {
  const seen = new Set<string>()
  return report.findings.filter(finding => {
    const key = JSON.stringify([finding.path, rangeOf(report.sources, finding).start.line, finding.rule])
    return seen.has(key) ? false : seen.add(key)
  })
}

function command(finding: ReportedFinding, report: Report): string {
  const { start, end } = rangeOf(report.sources, finding)
  // The runner deletes the columns of a range over several lines (ActionCommandManager.cs, ValidateLinesAndColumns).
  const columns = start.line === end.line ? { col: start.column, endColumn: end.column } : {}
  const properties = {
    file: visible(finding.path.replace(/^(?:\.\/)+/, '')),
    line: start.line,
    endLine: end.line,
    ...columns,
    title: visible(finding.rule),
  }
  const listed = Object.entries(properties).map(([name, value]) => `${name}=${property(String(value))}`)
  return `::${levels[finding.severity]} ${listed.join(',')}::${data(body(finding))}`
}

/** What, how strong, what to do, where to read more: cut to what GitHub keeps, the link spared. */
function body(finding: ReportedFinding): string {
  const effects = (finding.effects ?? []).map(
    e => `${e.relation}: ${e.lock ?? 'no lock'} ${blocked(e.lock)}, ${howLong(e)}`,
  )
  const text = [finding.message, ...effects, ...finding.help.trim().split(/\r\n|\r|\n/)]
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
