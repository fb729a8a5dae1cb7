import { type CodeUse, deployedPlaces, useKind } from '../lint/code-use/code-use.ts'
import { helpText } from '../lint/help.ts'
import type { Report, ReportedFinding } from '../lint/report.ts'
import { coverage } from '../lint/unread.ts'
import { effectFacts } from './facts.ts'
import { rangeOf } from './position.ts'
import type { Reporter } from './reporter.ts'
import { serverDocuments } from './servers.ts'
import { visibleJson } from './visible.ts'

/** For programs. The shape is a contract (`schema/report.json`): fields are added, never changed, within a schema version. */
export const json: Reporter = report => {
  const { migrations, statements, errors, warnings, notes, suppressed } = report.summary
  const { read, readInPart, notRead } = coverage(report)
  const document = {
    schemaVersion: 1,
    tool: { name: report.tool.name, version: report.tool.version },
    summary: {
      migrations,
      read,
      readInPart,
      notRead,
      earlierNotRead: report.summary.earlierNotRead,
      unread: report.unread.length,
      statements,
      errors,
      warnings,
      notes,
      suppressed,
    },
    servers: serverDocuments(report),
    findings: report.findings.map(finding => findingFacts(finding, report)),
    unread: report.unread.map(({ path, extent, at, why }) => ({
      path,
      extent,
      ...rangeOf(report.sources, { path, at }),
      why,
    })),
  }
  return `${visibleJson(document, 2)}\n`
}

/** A finding as programs get it. */
export function findingFacts(finding: ReportedFinding, { sources }: Report) {
  const {
    rule,
    severity,
    message,
    why,
    help,
    url,
    path,
    effects,
    moreEffects,
    related,
    fix,
    fingerprint,
    use,
    versions,
    size,
  } = finding
  return {
    rule,
    severity,
    message,
    why,
    help: helpText(help),
    url,
    path,
    ...rangeOf(sources, finding),
    ...(finding.sql !== undefined && { sql: finding.sql }),
    ...(effects && { effects: effects.map(effectFacts) }),
    ...(moreEffects !== undefined && { moreEffects }),
    ...(related && {
      related: related.map(label => ({ path: label.path, ...rangeOf(sources, label), message: label.message })),
    }),
    ...(versions && { versions }),
    ...(size && { size: { tables: size.tables, seconds: size.seconds, small: size.isSmall } }),
    ...(use && { code: useKind(use), ...deployedIn(use) }),
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

function deployedIn(use: CodeUse) {
  const deployed = deployedPlaces(use)
  return deployed.length > 0 && { deployed }
}
