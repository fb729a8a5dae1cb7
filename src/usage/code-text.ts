import { placeOf } from '../parse/sorted.ts'
import type { Span } from '../parse/span.ts'
import type { Writing } from './code-file.ts'

/** A file of code: its text with blanks in place of its comments, and the places of its texts in quotes. */
export interface CodeText {
  readonly path: string
  readonly text: string
  /** As long as `text`. */
  readonly code: string
  /** Between the quotes, in order. */
  readonly literals: readonly Span[]
}

/**
 * Finds comments and texts in quotes. It knows no language's grammar, only how comments and texts begin and end: that is enough to leave
 * comments out and to keep a `//` in an address. A text that may not go over several lines ends with its line.
 */
export function codeText(path: string, text: string, writing: Writing): CodeText {
  const literals: Span[] = []
  const comments: Span[] = []
  const starts = startsOf(writing)
  for (let at = 0; at < text.length; ) {
    if (!starts.has(text.charCodeAt(at))) {
      at++
      continue
    }
    const line = writing.line.find(mark => text.startsWith(mark, at))
    const block = line === undefined ? writing.block.find(([open]) => text.startsWith(open, at)) : undefined
    if (line !== undefined || block) {
      const end = block ? after(text, block[1], at + block[0].length) : endOfLine(text, at)
      comments.push([at, end])
      at = end
      continue
    }
    const quote = writing.quotes.find(mark => text.startsWith(mark, at))
    if (quote === undefined) {
      at++
      continue
    }
    const end = endOfText(text, quote, at + quote.length, writing.long.includes(quote))
    literals.push([at + quote.length, end])
    at = end + quote.length
  }
  return { path, text, code: without(text, comments), literals }
}

function startsOf({ line, block, quotes }: Writing): ReadonlySet<number> {
  const marks = [...line, ...block.map(([open]) => open), ...quotes]
  return new Set(marks.map(mark => mark.charCodeAt(0)))
}

function without(text: string, spans: readonly Span[]): string {
  if (spans.length === 0) return text
  const parts: string[] = []
  let at = 0
  for (const [start, end] of spans) {
    parts.push(text.slice(at, start), text.slice(start, end).replace(/[^\n]/g, ' '))
    at = end
  }
  return [...parts, text.slice(at)].join('')
}

function after(text: string, mark: string, from: number): number {
  const at = text.indexOf(mark, from)
  return at === -1 ? text.length : at + mark.length
}

function endOfLine(text: string, from: number): number {
  const at = text.indexOf('\n', from)
  return at === -1 ? text.length : at
}

/** The place of the quote that ends a text. */
function endOfText(text: string, quote: string, from: number, isLong: boolean): number {
  for (let at = from; at < text.length; at++) {
    const here = text[at]
    if (here === '\\') at++
    else if (here === '\n' && !isLong) return at
    else if (here === quote[0] && text.startsWith(quote, at)) return at
  }
  return text.length
}

/** The lines, from 1, of offsets in ascending order. */
export function linesOf(text: string, offsets: readonly number[]): number[] {
  let line = 1
  let end = endOfLine(text, 0)
  return offsets.map(offset => {
    for (; end < offset; end = endOfLine(text, end + 1)) line++
    return line
  })
}

/** True if an offset is in a text in quotes. */
export function isInLiteral({ literals }: CodeText, offset: number): boolean {
  const [start, end] = literals[placeOf(literals, ([from]) => from > offset) - 1] ?? [0, 0]
  return start <= offset && offset < end
}

/** The characters of a line that are looked at on each side of a place. No line that a person writes is longer, and one that is made to be would cost its square. */
const mostOfLine = 1000

/** The line around an offset, without its end; of a very long line, the part around the offset. */
export function lineAround(text: string, offset: number): string {
  const [after = ''] = text.slice(offset, offset + mostOfLine).split('\n', 1)
  return lineBefore(text, offset) + after
}

/** The part of the line that is before an offset. */
export function lineBefore(text: string, offset: number): string {
  const before = text.slice(Math.max(0, offset - mostOfLine), offset)
  return before.slice(before.lastIndexOf('\n') + 1)
}
