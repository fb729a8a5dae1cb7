import { severities } from '../../migration/severity.ts'
import { append } from '../../parse/list.ts'
import type { Report, ReportedFinding, SuppressedFinding } from '../report.ts'
import type { Rule } from '../rule.ts'
import type { Server } from '../server.ts'

/** A report about the migrations as these versions of PostgreSQL run them, which is the same on all of them. */
export interface JudgedReport {
  readonly versions: readonly string[]
  readonly report: Report
}

/**
 * One report of several about the same migrations: each finding appears once, and says on which versions it holds unless it holds on all, and
 * what is different on some of them. What a comment does in vain must be in vain on all versions.
 */
export function inOneReport(judged: readonly JudgedReport[], rules: readonly Rule[], { by }: Server): Report {
  const [first, ...others] = judged
  if (!first) throw new Error('There is no version to judge.')
  if (others.length === 0) return first.report
  const aboutComments = new Set(rules.flatMap(rule => (rule.checkSuppressions ? rule.id : [])))
  const versions = judged.flatMap(each => each.versions)
  const remedy = by === 'nobody' ? ': `pgVersion` says which one is yours' : ''
  const findings = together(judged, ({ findings: own }) => own)
    .filter(({ on, worst }) => on.length === versions.length || !aboutComments.has(worst.rule))
    .map(held => (isAlike(held, versions) ? held.worst : onSome(held, versions, remedy)))
  const suppressed = together(judged, report => report.suppressed).map(({ worst }) => worst)
  const count = (severity: ReportedFinding['severity']) => findings.filter(each => each.severity === severity).length
  const reports = judged.map(({ report }) => report)
  return {
    ...first.report,
    findings,
    suppressed,
    sources: new Map(reports.flatMap(({ sources }) => [...sources])),
    rules: [...new Map(reports.flatMap(report => report.rules.map(rule => [rule.id, rule] as const))).values()].sort(
      (a, b) => (a.id < b.id ? -1 : 1),
    ),
    summary: {
      ...first.report.summary,
      errors: count('error'),
      warnings: count('warning'),
      notes: count('note'),
      suppressed: suppressed.length,
    },
    unread: unique(reports.flatMap(({ unread }) => unread)),
    notices: unique(reports.flatMap(({ notices }) => notices)),
    internalErrors: unique(reports.flatMap(({ internalErrors }) => internalErrors)),
  }
}

interface Held<Finding> {
  readonly on: string[]
  /** The versions of each message, the oldest first. */
  readonly messages: Map<string, string[]>
  /** The gravest of them, of equal ones that of the oldest version. */
  worst: Finding
}

/** The findings of all versions, in the order of files, places and rules. */
function together<Finding extends ReportedFinding | SuppressedFinding>(
  judged: readonly JudgedReport[],
  findingsOf: (report: Report) => readonly Finding[],
): Held<Finding>[] {
  const held = new Map<string, Held<Finding>>()
  const files = new Map<string, string[]>()
  for (const { versions, report } of judged) {
    const seen = new Map<string, number>()
    for (const finding of findingsOf(report)) {
      const place = JSON.stringify([finding.path, finding.at, finding.rule])
      // The order tells several findings of one rule at one place apart.
      const number = seen.get(place) ?? 0
      seen.set(place, number + 1)
      const key = `${place} ${number}`
      const known = held.get(key)
      if (known) {
        append(known.on, versions)
        known.messages.set(finding.message, [...(known.messages.get(finding.message) ?? []), ...versions])
        if (severities.indexOf(finding.severity) < severities.indexOf(known.worst.severity)) known.worst = finding
        continue
      }
      held.set(key, { on: [...versions], messages: new Map([[finding.message, [...versions]]]), worst: finding })
      const own = files.get(finding.path) ?? []
      if (own.length === 0) files.set(finding.path, own)
      own.push(key)
    }
  }
  const found: Held<Finding>[] = []
  for (const keys of files.values()) {
    const own = keys.flatMap(key => held.get(key) ?? [])
    append(
      found,
      own.sort((a, b) => a.worst.at[0] - b.worst.at[0] || a.worst.at[1] - b.worst.at[1]),
    )
  }
  return found
}

function isAlike({ on, messages }: Held<ReportedFinding>, versions: readonly string[]): boolean {
  return on.length === versions.length && messages.size === 1
}

function onSome(
  { on, messages, worst }: Held<ReportedFinding>,
  versions: readonly string[],
  remedy: string,
): ReportedFinding {
  const others = versions.filter(version => !on.includes(version))
  const sentences = [
    worst.message,
    ...[...messages]
      .filter(([message]) => message !== worst.message)
      .map(([message, own]) => `On PostgreSQL ${list(own)}: ${message}`),
    ...(others.length > 0 ? [`This holds on PostgreSQL ${list(on)}, not on ${list(others)}${remedy}.`] : []),
  ]
  return { ...worst, ...(others.length > 0 && { versions: on }), message: sentences.join(' ') }
}

/** `14`, `14 and 15`, `14, 15 and 16` */
function list(versions: readonly string[]): string {
  const [last = '', ...rest] = [...versions].reverse()
  return rest.length === 0 ? last : `${rest.reverse().join(', ')} and ${last}`
}

function unique<T>(all: readonly T[]): T[] {
  return [...new Map(all.map(each => [JSON.stringify(each), each])).values()]
}
