import type { Remark } from '../../migration/remark.ts'
import { headLine } from '../../parse/head-line.ts'
import { next } from '../../parse/lexer.ts'
import type { Span } from '../../parse/span.ts'

/**
 * Strings and dollar-quoted bodies that do not end in the piece in which they begin, because the system cuts without
 * regard to quotes.
 */
export function cutBodies(text: string, pieces: readonly Span[], help: string): Remark[] {
  const borders = pieces.map(([, end]) => end)
  const last = borders.at(-1) ?? 0
  const found: Remark[] = []
  /** The first cut after the start of the token. */
  let at = 0
  for (let lexeme = next(text, pieces[0]?.[0] ?? 0, last); lexeme; lexeme = next(text, lexeme.end, last)) {
    const { start, end, kind } = lexeme
    while ((borders[at] ?? last) <= start && at < borders.length) at++
    if (kind === 'comment' || (borders[at] ?? end) >= end) continue
    found.push({
      kind: 'cut-body',
      at: [start, start + headLine(text.slice(start, end))[1]],
      whole: [start, end],
      help,
    })
  }
  return found
}
