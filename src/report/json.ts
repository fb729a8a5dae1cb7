import { helpText } from '../lint/help.ts'
import type { Report, ReportedFinding, Reporter } from '../lint/report.ts'
import { effectFacts } from './facts.ts'
import { rangeOf } from './position.ts'
import { visibleJson } from './visible.ts'

/** For programs. The shape is a contract (`schema/report.json`): fields are added, never changed, within a schema version. */
export const json: Reporter = report => {
  const { migrations, statements, errors, warnings, notes, suppressed } = report.summary
  const { unread } = report
  const document = {
    schemaVersion: 1,
    tool: { name: report.tool.name, version: report.tool.version },
    summary: { migrations, statements, errors, warnings, notes, suppressed, ...(unread !== undefined && { unread }) },
    findings: report.findings.map(finding => findingFacts(finding, report)),
  }
  return `${visibleJson(document, 2)}\n`
}

/** A finding as programs get it. */
export function findingFacts(finding: ReportedFinding, { sources }: Report) {
  const { rule, severity, message, why, help, url, path, effects, related, fix, fingerprint } = finding
  return {
    rule,
    severity,
    message,
    why,
    help: helpText(help),
    url,
    path,
    ...rangeOf(sources, finding),
    ...(effects && { effects: effects.map(effectFacts) }),
    ...(related && {
      related: related.map(label => ({ path: label.path, ...rangeOf(sources, label), message: label.message })),
    }),
    ...(fix && {
      fix: {
        title: fix.title,
        safety: fix.safety,
        edits: fix.edits.map(edit => ({ ...rangeOf(sources, { path, at: edit.at }), insert: edit.insert })),
      },
    }),
    fingerprint,
  }
}
