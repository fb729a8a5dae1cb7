import type { Edit, Fix } from './finding.ts'
import type { Report } from './report.ts'

/** A file with its fixes applied. */
export interface FixedText {
  readonly path: string
  readonly text: string
  /** The number of findings that this resolves. */
  readonly fixes: number
}

/** The text with these edits, which do not overlap. */
export function edited(text: string, edits: readonly Edit[]): string {
  const ordered = [...edits].sort((a, b) => b.at[0] - a.at[0] || b.at[1] - a.at[1])
  return ordered.reduce((all, { at, insert }) => all.slice(0, at[0]) + insert + all.slice(at[1]), text)
}

/**
 * The files for which findings have safe fixes, applying as many non-overlapping fixes as possible; the rest wait for
 * the next pass.
 */
export function fixedTexts(report: Report): FixedText[] {
  const byPath = new Map<string, Fix[]>()
  for (const { path, fix } of report.findings) {
    if (fix?.safety !== 'safe' || fix.edits.length === 0) continue
    const taken = byPath.get(path) ?? []
    byPath.set(path, taken)
    if (!taken.some(other => touch(other, fix))) taken.push(fix)
  }
  return [...byPath].flatMap(([path, fixes]) => {
    const source = report.sources.get(path)
    if (!source) return []
    const text = edited(
      source.text,
      fixes.flatMap(({ edits }) => edits),
    )
    return { path, text, fixes: fixes.length }
  })
}

function touch(a: Fix, b: Fix): boolean {
  return a.edits.some(one => b.edits.some(other => one.at[0] <= other.at[1] && other.at[0] <= one.at[1]))
}
