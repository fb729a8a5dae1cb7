import type { Finding } from '../../../src/lint/finding.ts'
import type { Report, ReportedFinding, RuleSummary, SuppressedFinding } from '../../../src/lint/report.ts'
import type { Span } from '../../../src/parse/span.ts'
import type { Effect } from '../../../src/postgres/effect.ts'
import type { Style } from '../../../src/report/reporter.ts'

export const plain: Style = { color: false, width: 80, ascii: false, links: false, notes: false, verbose: false }

/** Finds what the finding is about by its text: the first occurrence of `mark` in the file. */
export function spanOf(text: string, mark: string): Span {
  const start = text.indexOf(mark)
  if (start < 0) throw new Error(`${JSON.stringify(mark)} is not in the text`)
  return [start, start + mark.length]
}

export function effect(part: Partial<Effect> & { relation: string }): Effect {
  return { oid: 1, kind: 'table', lock: null, work: 'none', certain: true, because: '', exposed: true, ...part }
}

export function finding(part: Partial<ReportedFinding> & { path: string; at: Span }): ReportedFinding {
  const rule = part.rule ?? 'blocking-index-build'
  return {
    rule,
    severity: 'error',
    system: 'plain SQL',
    message: 'Building "orders_email_idx" blocks writes to "orders" until it is done.',
    why: 'CREATE INDEX holds a lock that blocks every INSERT, UPDATE and DELETE on the table until the whole index is built.',
    help: [
      'Build it concurrently:',
      { code: 'CREATE INDEX CONCURRENTLY orders_email_idx ON orders (email);', language: 'sql' },
    ],
    fingerprint: '0123456789abcdef',
    statement: 'fedcba9876543210',
    url: `https://example.org/rules/${rule}.md`,
    ...part,
  }
}

export function rule(part: Partial<RuleSummary> & { id: string }): RuleSummary {
  return {
    title: 'Index build that blocks writes',
    why: 'CREATE INDEX holds a lock that blocks writes until the whole index is built.',
    category: 'locking',
    severity: 'error',
    url: `https://example.org/rules/${part.id}.md`,
    page: `# ${part.id}\n\nThe whole story.\n`,
    ...part,
  }
}

/** A report of these files and findings; the summary is counted. */
export function report(
  files: Readonly<Record<string, string>>,
  findings: readonly ReportedFinding[] = [],
  part: Partial<Report> & { statements?: number; migrations?: number } = {},
): Report {
  const { statements = 3, migrations = Object.keys(files).length, ...rest } = part
  const suppressed: readonly SuppressedFinding[] = part.suppressed ?? []
  const count = (severity: Finding['severity']) => findings.filter(f => f.severity === severity).length
  return {
    findings: findings.map(found => ({ ...found, system: part.system ?? found.system })),
    suppressed,
    timelines: Object.keys(files).map(path => ({ path, statements: [], locks: [] })),
    sources: new Map(Object.entries(files).map(([path, text]) => [path, { path, text }])),
    rules: [rule({ id: 'blocking-index-build' })],
    summary: {
      migrations,
      statements,
      errors: count('error'),
      warnings: count('warning'),
      notes: count('note'),
      suppressed: suppressed.length,
      earlierNotRead: 0,
    },
    unread: [],
    servers: [{ versions: ['16'], by: 'configuration', places: [] }],
    notices: [],
    internalErrors: [],
    system: 'plain SQL',
    milliseconds: 38,
    tool: { name: 'migrate-lint', version: '0.1.0', url: 'https://example.org/migrate-lint' },
    ...rest,
  }
}

const esc = '\u001b'
const sequences = new RegExp(`${esc}\\[\\d+m|${esc}\\]8;;[ -~]*?${esc}\\\\`, 'g')

/** The text without the colours and links that a report may have. */
export function withoutStyling(text: string): string {
  return text.replace(sequences, '')
}
