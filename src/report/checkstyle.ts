import { byFile } from './by-file.ts'
import { rangeOf } from './position.ts'
import { relative } from './relative.ts'
import type { Reporter } from './reporter.ts'
import { declaration, element } from './xml.ts'

const severities = { error: 'error', warning: 'warning', note: 'info' } as const

/** Checkstyle's XML, which Jenkins, SonarQube, reviewdog and many others read. */
export const checkstyle: Reporter = report => {
  const lines = [declaration, '<checkstyle version="4.3">']
  for (const [path, findings] of byFile(report.findings)) {
    const errors = findings.flatMap(finding => {
      const { line, column } = rangeOf(report.sources, finding).start
      const { message, rule } = finding
      const severity = severities[finding.severity]
      return element('error', { line, column, severity, message, source: `${report.tool.name}.${rule}` })
    })
    for (const line of element('file', { name: relative(path) }, errors)) lines.push(`  ${line}`)
  }
  return `${[...lines, '</checkstyle>'].join('\n')}\n`
}
