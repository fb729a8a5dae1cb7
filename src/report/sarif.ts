import { helpText } from '../lint/help.ts'
import type { Report, ReportedFinding, SuppressedFinding } from '../lint/report.ts'
import { coverage } from '../lint/unread.ts'
import { severities } from '../migration/severity.ts'
import type { Span } from '../parse/span.ts'
import { artifactLocation } from './artifact.ts'
import { lineHashes } from './line-hash.ts'
import { earlierNotRead, notRead, notReadByFolder } from './not-read.ts'
import { rangeOf } from './position.ts'
import type { Reporter } from './reporter.ts'
import { descriptor, reportedRules } from './sarif-rules.ts'
import { serverDocuments } from './servers.ts'
import { visible, visibleJson } from './visible.ts'

export interface SarifOptions {
  /** GitHub keeps one set of alerts for each category: it distinguishes two runs over one repository. */
  readonly category?: string
  /** Also list the findings that directives silenced. GitHub shows those as open alerts; other viewers do not. */
  readonly includeSuppressed?: boolean
  /** The origin of the files: without it, somebody who has only the log cannot look them up. */
  readonly provenance?: Provenance | null
  /** Errors that stopped the run; SARIF then reports `executionSuccessful: false`, whatever was found. */
  readonly failure?: string
}

/** A commit of a repository. */
export interface Provenance {
  /** The address of the repository, absolute and without credentials. */
  readonly repository: string
  readonly commit: string
  /** Null if no branch is checked out. */
  readonly branch: string | null
}

// GitHub refuses a file with more results, and shows only the first 5,000 of those it accepts.
const resultsAccepted = 25_000
const resultsShown = 5_000
const locationsShown = 100

/** How lines and columns are counted: as `PositionIndex` does. SARIF's default leaves out the lone CR. */
const positions = { columnKind: 'utf16CodeUnits', newlineSequences: ['\r\n', '\n', '\r'] } as const

/**
 * SARIF 2.1.0 as GitHub code scanning reads it, valid by the schema. It has no times and no random ids: equal runs give
 * equal files.
 */
export const sarif: Reporter = report => sarifLog(report)

export function sarifLog(report: Report, options: SarifOptions = {}): string {
  const all = [...report.findings, ...(options.includeSuppressed ? report.suppressed : [])]
  const rules = reportedRules(report, all)
  const indexes = new Map(rules.map((rule, index) => [rule.id, index]))
  const results = chosen(all)
  const hash = lineHash(report)
  const run = {
    tool: {
      driver: {
        name: report.tool.name,
        version: report.tool.version,
        semanticVersion: report.tool.version,
        ...(report.tool.url && { informationUri: report.tool.url }),
        rules: rules.map(descriptor),
      },
    },
    ...positions,
    originalUriBaseIds: { '%SRCROOT%': { description: { text: 'The root of the repository.' } } },
    ...versionControl(options.provenance ?? null),
    automationDetails: { id: `${options.category ?? report.tool.name}/` },
    properties: coverageFacts(report),
    invocations: [invocation(report, all.length - results.length, options.failure)],
    results: results.map(finding => ({
      ruleId: finding.rule,
      ruleIndex: indexes.get(finding.rule),
      ...result(finding, report),
      partialFingerprints: { primaryLocationLineHash: hash(finding), 'fingerprint/v1': finding.fingerprint },
      // Once one result has the property, all need it (SARIF 3.27.23).
      ...(options.includeSuppressed && { suppressions: suppressions(finding) }),
    })),
  }
  const log = { $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs: [run] }
  return `${visibleJson(log)}\n`
}

/** How many of the migrations the results cover. */
function coverageFacts(report: Report) {
  const { read, readInPart, notRead } = coverage(report)
  const { migrations, earlierNotRead } = report.summary
  return {
    migrations,
    read,
    readInPart,
    notRead,
    earlierNotRead,
    unread: report.unread.length,
    servers: serverDocuments(report),
  }
}

function versionControl(provenance: Provenance | null) {
  if (provenance === null) return {}
  const { repository, commit, branch } = provenance
  const mappedTo = { uriBaseId: '%SRCROOT%' }
  return {
    versionControlProvenance: [
      { repositoryUri: repository, revisionId: commit, ...(branch !== null && { branch }), mappedTo },
    ],
  }
}

/**
 * All findings in their order. Above GitHub's limits, the most severe come first, so that the least important ones are
 * lost.
 */
function chosen(findings: readonly ReportedFinding[]): readonly ReportedFinding[] {
  if (findings.length <= resultsShown) return findings
  const gravest = severities.flatMap(severity => findings.filter(finding => finding.severity === severity))
  return gravest.length > resultsAccepted ? gravest.slice(0, resultsShown) : gravest
}

function result(finding: ReportedFinding, report: Report) {
  const related = (finding.related ?? []).slice(0, locationsShown)
  const references = related.map((label, i) => `[${escaped(label.path)}](${i + 1}): ${escaped(label.message)}`)
  const { fix } = finding
  return {
    level: finding.severity,
    message: {
      text: [escaped(`${finding.message} ${finding.why}`.trim()), escaped(helpText(finding.help)), ...references]
        .filter(Boolean)
        .join('\n\n'),
    },
    locations: [location(finding, report)],
    ...(related.length > 0 && {
      relatedLocations: related.map((label, i) => ({
        id: i + 1,
        ...location(label, report),
        message: { text: escaped(label.message) },
      })),
    }),
    ...(fix && {
      fixes: [
        {
          description: { text: fix.title },
          artifactChanges: [
            {
              artifactLocation: artifactLocation(finding.path),
              replacements: fix.edits.map(({ at, insert }) => ({
                deletedRegion: region({ path: finding.path, at }, report),
                insertedContent: { text: insert },
              })),
            },
          ],
        },
      ],
    }),
  }
}

function location(place: { path: string; at: Span }, report: Report) {
  return { physicalLocation: { artifactLocation: artifactLocation(place.path), region: region(place, report) } }
}

function region(place: { path: string; at: Span }, { sources }: Report) {
  const { start, end } = rangeOf(sources, place)
  return { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column }
}

/** Brackets before a parenthesis would be read as a link (SARIF 3.11.6); other brackets are SQL to copy, and stay. */
function escaped(text: string): string {
  const lines = text.split(/\r\n|\r|\n/).map(line => visible(line.replaceAll('\t', '    ')))
  return lines.join('\n').replace(/\[([^[\]]*)\](?=\()/g, '\\[$1\\]')
}

function lineHash(report: Report): (finding: ReportedFinding) => string | undefined {
  const hashes = new Map<string, readonly string[]>()
  return ({ path, at }) => {
    const known = hashes.get(path) ?? lineHashes(report.sources.get(path)?.text ?? '')
    hashes.set(path, known)
    return known[rangeOf(report.sources, { path, at }).start.line - 1]
  }
}

function suppressions(finding: ReportedFinding | SuppressedFinding) {
  if (!('reason' in finding)) return []
  const kind = finding.inBaseline ? 'external' : 'inSource'
  return [{ kind, ...(finding.reason && { justification: finding.reason }) }]
}

/** Whether the program did its work, and what kept it from reading everything. */
function invocation(report: Report, left: number, failure?: string) {
  const broken = report.findings.filter(finding => finding.rule === 'syntax-error')
  const notifications = [
    ...(failure === undefined ? [] : [{ level: 'error', message: { text: escaped(failure) } }]),
    ...report.internalErrors.map(error => ({
      level: 'error',
      message: { text: `Internal error in ${error.part}: ${visible(error.message)}` },
      locations: [
        {
          physicalLocation: {
            artifactLocation: artifactLocation(error.path),
            region: { startLine: Math.max(1, error.line) },
          },
        },
      ],
    })),
    ...broken.map(finding => ({
      level: 'error',
      message: { text: escaped(finding.message) },
      locations: [location(finding, report)],
    })),
    ...[notRead(report), ...notReadByFolder(report), earlierNotRead(report)].flatMap(said =>
      said === null ? [] : [{ level: 'warning', message: { text: escaped(said) } }],
    ),
    ...report.notices.map(notice => ({ level: 'warning', message: { text: escaped(notice) } })),
    ...(left > 0
      ? [
          {
            level: 'warning',
            message: {
              text: `GitHub accepts ${resultsAccepted} results; the gravest ${resultsShown} are here, ${left} are not.`,
            },
          },
        ]
      : []),
  ]
  return {
    executionSuccessful: failure === undefined && report.internalErrors.length === 0,
    ...(notifications.length > 0 && { toolExecutionNotifications: notifications }),
  }
}
