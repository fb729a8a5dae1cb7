import type { Report, ReportedFinding, RuleSummary } from '../lint/report.ts'

// GitHub's limit on descriptions (docs: "SARIF support for code scanning").
const descriptionLength = 1024

const problemSeverities = { error: 'error', warning: 'warning', note: 'recommendation' } as const

/**
 * Every rule that was on, whether it found something or not, so that two runs differ only in their results. After them
 * come other rules that findings name, such as a rule of a newer version.
 */
export function reportedRules(report: Report, findings: readonly ReportedFinding[]): RuleSummary[] {
  const rules = new Map(report.rules.map(rule => [rule.id, rule]))
  for (const { rule: id, severity, why, url } of findings) {
    if (!rules.has(id)) rules.set(id, { id, title: words(id), why, category: '', severity, url, page: '' })
  }
  return [...rules.values()]
}

/** SARIF's `reportingDescriptor`. GitHub refuses empty strings where a text is required. */
export function descriptor({ id, title, why, category, severity, url, page }: RuleSummary) {
  const short = title || words(id)
  return {
    id,
    name: words(id).replace(/(?:^| )(.)/g, (_, letter: string) => letter.toUpperCase()),
    shortDescription: { text: shorten(sentence(short)) },
    fullDescription: { text: shorten(why || sentence(short)) },
    help: { text: page || why || sentence(short), ...(page && { markdown: page }) },
    ...(url && { helpUri: url }),
    defaultConfiguration: { level: severity },
    properties: {
      // There is no `security-severity`, because it would list a lock under security.
      tags: ['postgresql', 'migration', ...(category ? [category.replaceAll(' ', '-')] : [])],
      precision: severity === 'note' ? 'high' : 'very-high',
      'problem.severity': problemSeverities[severity],
    },
  }
}

function words(id: string): string {
  return id.replaceAll('-', ' ')
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`
}

function shorten(text: string): string {
  return text.length <= descriptionLength
    ? text
    : `${text.slice(0, descriptionLength - 1).replace(/[\ud800-\udbff]$/, '')}…`
}
