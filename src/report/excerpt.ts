import type { Report, ReportedFinding } from '../lint/report.ts'
import type { Span } from '../parse/span.ts'
import { positionsIn } from './position.ts'

/** The lines of code that a finding is about. */
export interface Excerpt {
  /** Line of the file, from 1, that `lines` starts with. */
  readonly line: number
  readonly lines: readonly { readonly text: string; readonly at: Span; readonly cut: boolean }[]
  /** True if a part of the statement comes before or after it. */
  readonly before: boolean
  readonly after: boolean
}

const linesShown = 14
const lineLength = 400

/** Finds excerpts in a report: the whole statement, or as much of it around the finding as a reader wants to see. */
export function excerpts(report: Report): (finding: ReportedFinding) => Excerpt | null {
  const statements = new Map(report.timelines.map(timeline => [timeline.path, timeline.statements.map(({ at }) => at)]))
  return ({ path, at }) => {
    const source = report.sources.get(path)
    if (!source || source.text.length === 0) return null
    const positions = positionsIn(source)
    const statement = enclosing(statements.get(path) ?? [], at)
    const from = positions.at(statement[0]).line
    const to = positions.at(Math.max(statement[0], statement[1] - 1)).line
    const found = positions.at(at[0]).line
    const first = found < from + linesShown ? from : found - 2
    const last = Math.min(to, first + linesShown - 1)
    const lines = Array.from({ length: last - first + 1 }, (_, i) => {
      const [start, end] = positions.line(first + i)
      // A line may be a megabyte long, so the shown part must contain the marked one.
      const begin = at[0] > start + lineLength && at[0] < end ? at[0] - 40 : start
      const stop = Math.min(end, begin + lineLength)
      return { text: source.text.slice(begin, stop), at: [begin, stop] as const, cut: begin > start || stop < end }
    })
    return { line: first, lines, before: first > from, after: last < to }
  }
}

/** The innermost statement around the place; the place itself when it is in none. */
function enclosing(statements: readonly Span[], at: Span): Span {
  let low = 0
  let high = statements.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((statements[middle]?.[0] ?? 0) <= at[0]) low = middle + 1
    else high = middle
  }
  // Statements in the body of a DO block come after the block: one of the few before the place contains it, or none
  // does.
  for (let i = low - 1; i >= Math.max(0, low - 40); i--) {
    const span = statements[i]
    if (span && span[1] >= at[1]) return span
  }
  return at
}
