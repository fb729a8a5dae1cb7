import { helpText } from '../lint/help.ts'
import type { Report, ReportedFinding, Reporter } from '../lint/report.ts'
import { byFile } from './by-file.ts'
import { rangeOf } from './position.ts'
import { relative } from './relative.ts'
import { visible } from './visible.ts'
import { blocked, howLong } from './words.ts'
import { declaration, element, textElement } from './xml.ts'

/**
 * JUnit's XML as CI systems read it (Jenkins' xunit plugin, junit-10.xsd): a test suite per file, a failed test case per
 * error or warning. A note is a test case that passes and says so in its output, and so is a file without findings.
 */
export const junit: Reporter = report => {
  const findings = byFile(report.findings)
  const paths = new Set([...report.timelines.map(({ path }) => path), ...findings.keys()])
  const suites = [...paths].map(path => ({ path, findings: findings.get(path) ?? [] }))
  const lines = suites.flatMap(suite => element('testsuite', figures(suite.path, suite.findings), cases(suite, report)))
  const tests = suites.reduce((sum, { findings: own }) => sum + Math.max(1, own.length), 0)
  const all = { name: report.tool.name, tests, failures: failures(report.findings), errors: 0 }
  return `${[declaration, ...element('testsuites', all, lines)].join('\n')}\n`
}

function figures(path: string, findings: readonly ReportedFinding[]) {
  return { name: relative(path), tests: Math.max(1, findings.length), failures: failures(findings), errors: 0 }
}

function failures(findings: readonly ReportedFinding[]): number {
  return findings.filter(({ severity }) => severity !== 'note').length
}

interface Suite {
  readonly path: string
  readonly findings: readonly ReportedFinding[]
}

function cases({ path, findings }: Suite, report: Report): string[] {
  const classname = relative(path)
  if (findings.length === 0) return element('testcase', { name: 'no findings', classname })
  return findings.flatMap(finding => {
    const { line, column } = rangeOf(report.sources, finding).start
    const place = `${relative(path)}:${line}:${column}`
    const text = [place, ...story(finding)]
    const outcome =
      finding.severity === 'note'
        ? textElement('system-out', {}, text)
        : textElement('failure', { type: finding.severity, message: finding.message }, text)
    return element('testcase', { name: `${finding.rule} (line ${line}, column ${column})`, classname }, [outcome])
  })
}

/** The consequence, the reason and the remedy, for a person who opens the failed test. */
function story({ message, effects = [], why, help, url }: ReportedFinding): string[] {
  return [
    message,
    ...effects.map(
      effect => `${effect.relation}: ${effect.lock ?? 'no lock'} ${blocked(effect.lock)}, ${howLong(effect, effects)}`,
    ),
    ...`${why}\n${helpText(help)}`.trim().split(/\r\n|\r|\n/),
    url,
  ].map(line => visible(line))
}
