import { findingFacts } from './json.ts'
import type { Reporter } from './reporter.ts'
import { visibleJson } from './visible.ts'

/**
 * For programs that read line by line: one finding per line, each as in the `findings` of `json`. Without findings
 * nothing is printed.
 */
export const jsonl: Reporter = report =>
  report.findings.map(finding => `${visibleJson(findingFacts(finding, report))}\n`).join('')
