import type { ReportedFinding } from '../lint/report.ts'

/** The findings by their file, the files in the order of their first finding. */
export function byFile(findings: readonly ReportedFinding[]): Map<string, ReportedFinding[]> {
  const files = new Map<string, ReportedFinding[]>()
  for (const finding of findings) {
    const sameFile = files.get(finding.path)
    if (sameFile) sameFile.push(finding)
    else files.set(finding.path, [finding])
  }
  return files
}
