import type { Span } from './span.ts'

/** The first line with content, in UTF-16 offsets, without its end: findings about a whole file point there. `[0, 0]` if there is none. */
export function headLine(text: string): Span {
  const start = text.search(/\S/)
  return start < 0 ? [0, 0] : lineFrom(text, start)
}

/** From a place to the end of its line. */
export function lineFrom(text: string, start: number): Span {
  const length = text.slice(start).search(/\r|\n/)
  return [start, length < 0 ? text.length : start + length]
}
