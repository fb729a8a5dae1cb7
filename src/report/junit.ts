import { helpText } from '../lint/help.ts'
import type { Report, ReportedFinding } from '../lint/report.ts'
import type { Unread } from '../lint/unread.ts'
import { byFile } from './by-file.ts'
import { rangeOf } from './position.ts'
import { relative } from './relative.ts'
import type { Reporter } from './reporter.ts'
import { serverFacts } from './servers.ts'
import { visible } from './visible.ts'
import { blocked, howLong, moreRelations } from './words.ts'
import { declaration, element, textElement } from './xml.ts'

/**
 * JUnit's XML as CI systems read it (Jenkins' xunit plugin, junit-10.xsd): a test suite per file, a failed test case
 * per error or warning, and a skipped one per migration or part that was not read. A note is a test case that passes
 * and is in its output; a file without findings is a test case that passes.
 */
export const junit: Reporter = report => {
  const findings = byFile(report.findings)
  const unread = byFile(report.unread)
  const paths = new Set([...report.timelines.map(({ path }) => path), ...findings.keys(), ...unread.keys()])
  const suites = [...paths].map((path): Suite => {
    return { path, findings: findings.get(path) ?? [], unread: unread.get(path) ?? [] }
  })
  const properties = propertiesOf(report)
  const lines = suites.flatMap(suite => element('testsuite', figures(suite), [...properties, ...cases(suite, report)]))
  const tests = suites.reduce((sum, suite) => sum + figures(suite).tests, 0)
  const all = { name: report.tool.name, tests, failures: failures(report.findings), errors: 0 }
  return `${[declaration, ...element('testsuites', all, lines)].join('\n')}\n`
}

/** The server that was assumed and who named it, where CI systems show what a run was like. */
function propertiesOf(report: Report): string[] {
  const value = serverFacts(report).join('; ')
  return value === '' ? [] : element('properties', {}, element('property', { name: 'server', value }))
}

function figures({ path, findings, unread }: Suite) {
  const skipped = unread.length > 0 ? { skipped: unread.length } : {}
  const tests = Math.max(1, findings.length + unread.length)
  return { name: relative(path), tests, failures: failures(findings), errors: 0, ...skipped }
}

function failures(findings: readonly ReportedFinding[]): number {
  return findings.filter(({ severity }) => severity !== 'note').length
}

interface Suite {
  readonly path: string
  readonly findings: readonly ReportedFinding[]
  readonly unread: readonly Unread[]
}

function cases({ path, findings, unread }: Suite, report: Report): string[] {
  const classname = relative(path)
  if (findings.length + unread.length === 0) return element('testcase', { name: 'no findings', classname })
  // A skipped test is counted, but has not passed.
  const skipped = unread.flatMap(each => {
    const { line, column } = rangeOf(report.sources, each).start
    const name = each.extent === 'part' ? `not read (line ${line}, column ${column})` : 'not read'
    return element('testcase', { name, classname }, element('skipped', { message: each.why }))
  })
  const told = findings.flatMap(finding => {
    const { line, column } = rangeOf(report.sources, finding).start
    const place = `${relative(path)}:${line}:${column}`
    const text = [place, ...story(finding)]
    const outcome =
      finding.severity === 'note'
        ? textElement('system-out', {}, text)
        : textElement('failure', { type: finding.severity, message: finding.message }, text)
    return element('testcase', { name: `${finding.rule} (line ${line}, column ${column})`, classname }, [outcome])
  })
  return [...skipped, ...told]
}

/** The consequence, the reason and the remedy, for a person who opens the failed test. */
function story(finding: ReportedFinding): string[] {
  const { message, effects = [], why, help, url } = finding
  return [
    message,
    ...effects.map(
      effect => `${effect.relation}: ${effect.lock ?? 'no lock'} ${blocked(effect.lock)}, ${howLong(effect, effects)}`,
    ),
    ...moreRelations(finding),
    ...`${why}\n${helpText(help)}`.trim().split(/\r\n|\r|\n/),
    url,
  ].map(line => visible(line))
}
