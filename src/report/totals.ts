import type { ReportedFinding } from '../lint/report.ts'
import { severities } from '../migration/severity.ts'
import type { Palette } from './palette.ts'
import type { Style } from './reporter.ts'
import { hang } from './wrap.ts'

const mostShown = 12

/**
 * Lines that say how many findings each rule and each table has: those with the most severe findings first, then those with most of them. Empty
 * without findings.
 */
export function totals(findings: readonly ReportedFinding[], style: Style, paint: Palette): string[] {
  const byRule = counts(findings.flatMap(({ rule, severity }) => [[rule, severity]]))
  const sizes = new Map(
    findings.flatMap(({ size }) => (size?.tables ?? []).map(each => [each.name, each.bytes] as const)),
  )
  const byTable = counts(
    findings.flatMap(({ effects = [], severity }) =>
      [...new Set(effects.flatMap(({ relation, kind }) => (/index$/.test(kind) ? [] : [relation])))].map(
        relation => [relation, severity] as const,
      ),
    ),
    sizes,
  )
  const list = (label: string, all: readonly string[]) => {
    if (all.length === 0) return []
    const rest = all.length - mostShown
    const shown = all.slice(0, mostShown).map(each => paint.safe(each))
    return hang(`${label}  `, [...shown, ...(rest > 0 ? [`${rest} more`] : [])].join(', '), style.width)
  }
  return [...list('By rule: ', byRule), ...list('By table:', byTable)]
}

/** `sizes`: large ones come first. */
function counts(
  all: readonly (readonly [name: string, severity: ReportedFinding['severity']])[],
  sizes: ReadonlyMap<string, number> = new Map(),
): string[] {
  const found = new Map<string, number[]>()
  for (const [name, severity] of all) {
    const own = found.get(name) ?? severities.map(() => 0)
    const at = severities.indexOf(severity)
    own[at] = (own[at] ?? 0) + 1
    found.set(name, own)
  }
  return [...found]
    .sort(([nameA, a], [nameB, b]) => {
      const larger = (sizes.get(nameB) ?? -1) - (sizes.get(nameA) ?? -1)
      if (larger !== 0) return larger
      const graver = severities.findIndex((_, i) => a[i] !== b[i])
      return graver < 0 ? (nameA < nameB ? -1 : 1) : (b[graver] ?? 0) - (a[graver] ?? 0)
    })
    .map(([name, own]) => `${name} ${own.reduce((total, each) => total + each, 0)}`)
}
