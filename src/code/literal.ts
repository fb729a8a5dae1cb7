import type { Span } from '../parse/span.ts'
import type { Literal, Piece, Text } from './text.ts'

/** An escape in a literal, and what it stands for. */
export interface Escape {
  readonly at: Span
  readonly said: string
}

/** What a letter behind a backslash stands for in C, and in the languages that took it over from there. */
export const lettersOfC: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['t', '\t'],
  ['r', '\r'],
  ['a', '\u0007'],
  ['b', '\b'],
  ['f', '\f'],
  ['v', '\v'],
])

/**
 * The text of a part of a literal, in which each escape is one place. `escapes` are those of the part, in order. In languages that
 * say so, each line end becomes a line feed, whatever the file has.
 */
export function literalText(
  source: string,
  [from, to]: Span,
  escapes: readonly Escape[],
  literal: Literal,
  { unifiesEnds = true }: { readonly unifiesEnds?: boolean } = {},
): Text {
  const pieces: Piece[] = []
  const verbatim = (start: number, end: number) => {
    let first = start
    const own = unifiesEnds ? source.slice(start, end) : ''
    const ends = own.includes('\r') ? own.matchAll(/\r\n?/g) : []
    for (const { index, 0: found } of ends) {
      const at = start + index
      if (at > first) pieces.push({ text: source.slice(first, at), at: [first, at], isVerbatim: true, literal })
      first = at + found.length
      pieces.push({ text: '\n', at: [at, first], isVerbatim: false, literal })
    }
    if (end > first) pieces.push({ text: source.slice(first, end), at: [first, end], isVerbatim: true, literal })
  }
  let last = from
  for (const { at, said } of escapes) {
    if (at[0] < last || at[1] > to) continue
    verbatim(last, at[0])
    if (said !== '') pieces.push({ text: said, at, isVerbatim: false, literal })
    last = at[1]
  }
  verbatim(last, to)
  return { kind: 'text', pieces }
}
