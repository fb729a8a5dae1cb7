import { messageWith, withNames as renamed } from '../../lint/code-use/code-use.ts'
import type { Report, ReportedFinding } from '../../lint/report.ts'
import { serverNotices, withNames } from '../../lint/server.ts'
import { memoryOf } from '../../systems/reading/tree.ts'

/**
 * The report with every path under another name. Fingerprints stay the same, so that they do not depend on where the
 * tool is started.
 */
export function relabel(report: Report, nameOf: (path: string) => string): Report {
  const name = memoryOf(nameOf)
  const moved = <T extends ReportedFinding>(finding: T): T => {
    const use = finding.use && renamed(finding.use, name)
    return {
      ...finding,
      path: name(finding.path),
      ...(use && { use, message: messageWith(use) }),
      ...(finding.related && { related: finding.related.map(label => ({ ...label, path: name(label.path) })) }),
    }
  }
  const servers = report.servers.map(server => withNames(server, name))
  const aboutServers = new Set(report.servers.flatMap(serverNotices))
  return {
    ...report,
    servers,
    notices: [...report.notices.filter(notice => !aboutServers.has(notice)), ...servers.flatMap(serverNotices)],
    findings: report.findings.map(moved),
    suppressed: report.suppressed.map(moved),
    internalErrors: report.internalErrors.map(error => ({ ...error, path: name(error.path) })),
    unread: report.unread.map(each => ({ ...each, path: name(each.path) })),
    timelines: report.timelines.map(timeline => ({ ...timeline, path: name(timeline.path) })),
    sources: new Map([...report.sources].map(([path, source]) => [name(path), { ...source, path: name(source.path) }])),
  }
}
