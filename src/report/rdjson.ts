import type { Edit } from '../lint/finding.ts'
import { helpText } from '../lint/help.ts'
import type { Report, ReportedFinding } from '../lint/report.ts'
import { relative, wellFormed } from './relative.ts'
import type { Reporter } from './reporter.ts'
import { utf8RangeOf } from './utf8-position.ts'
import { visible, visibleJson } from './visible.ts'

const severities = { error: 'ERROR', warning: 'WARNING', note: 'INFO' } as const

/** Reviewdog's DiagnosticResult (reviewdog, proto/rdf/reviewdog.proto). Its columns count bytes of UTF-8. */
export const rdjson: Reporter = report => {
  const { name, url } = report.tool
  const document = {
    source: { name, ...(url && { url }) },
    diagnostics: report.findings.map(finding => diagnostic(finding, report)),
  }
  return `${visibleJson(document, 2)}\n`
}

function diagnostic(finding: ReportedFinding, report: Report) {
  const location = (place: Pick<ReportedFinding, 'path' | 'at'>) => ({
    path: relative(wellFormed(place.path)),
    range: utf8RangeOf(report.sources, place),
  })
  const { related, fix } = finding
  return {
    message: [
      finding.message,
      ...helpText(finding.help)
        .trim()
        .split(/\r\n|\r|\n/),
    ]
      .map(line => visible(line))
      .join('\n'),
    location: location(finding),
    severity: severities[finding.severity],
    code: { value: visible(finding.rule), url: visible(finding.url) },
    ...(fix && fix.edits.length > 0 && { suggestions: [suggestion(finding.path, fix.edits, report)] }),
    ...(related && {
      related_locations: related.map(label => ({ message: visible(label.message), location: location(label) })),
    }),
  }
}

/**
 * Several suggestions are alternatives to each other, so the edits of a fix are one suggestion, which covers everything
 * between them.
 */
function suggestion(path: string, edits: readonly Edit[], report: Report) {
  const text = report.sources.get(path)?.text ?? ''
  const ordered = [...edits].sort((a, b) => a.at[0] - b.at[0] || a.at[1] - b.at[1])
  const start = ordered[0]?.at[0] ?? 0
  let end = start
  let result = ''
  for (const { at, insert } of ordered) {
    result += text.slice(end, at[0]) + insert
    end = Math.max(end, at[1])
  }
  return { range: utf8RangeOf(report.sources, { path, at: [start, end] }), text: wellFormed(result) }
}
