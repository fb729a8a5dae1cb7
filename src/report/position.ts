import type { Source } from '../parse/script.ts'
import type { Span } from '../parse/span.ts'

/** A place in a file for people and programs: line and column from 1, the column and the offset in UTF-16 units. */
export interface Position {
  readonly line: number
  readonly column: number
  readonly offset: number
}

/** `end` is the place after the last character. */
export interface Range {
  readonly start: Position
  readonly end: Position
}

/**
 * The lines of one text, found once and looked up by binary search. A line ends with LF, CRLF or a lone CR, as editors
 * and GitHub count them; a tab is one column wide.
 */
export class PositionIndex {
  readonly #text: string
  readonly #starts: readonly number[]

  constructor(text: string) {
    this.#text = text
    this.#starts = [0, ...Array.from(text.matchAll(/\r\n|\r|\n/g), end => end.index + end[0].length)]
  }

  /** The number of lines: one more than the number of line ends. */
  get lines(): number {
    return this.#starts.length
  }

  /** Line and column of a UTF-16 offset; an offset outside of the text is taken as its nearest end. */
  at(offset: number): Position {
    const inside = Math.min(Math.max(offset, 0), this.#text.length)
    let low = 0
    let high = this.#starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if (this.#startOf(middle) <= inside) low = middle
      else high = middle - 1
    }
    return { line: low + 1, column: inside - this.#startOf(low) + 1, offset: inside }
  }

  range([start, end]: Span): Range {
    return { start: this.at(start), end: this.at(Math.max(start, end)) }
  }

  /** The span of line `line` (from 1) in the text, without its line end. */
  line(line: number): Span {
    const start = this.#startOf(line - 1)
    let end = line < this.#starts.length ? this.#startOf(line) : this.#text.length
    if (end > start && this.#text[end - 1] === '\n') end--
    if (end > start && this.#text[end - 1] === '\r') end--
    return [start, end]
  }

  #startOf(index: number): number {
    return this.#starts[index] ?? this.#text.length
  }
}

const indexes = new WeakMap<Source, PositionIndex>()
const nothing = new PositionIndex('')

/** The index of a source, made once however many formats are printed. A missing file has one empty line. */
export function positionsIn(source: Source | undefined): PositionIndex {
  if (!source) return nothing
  const known = indexes.get(source)
  if (known) return known
  const index = new PositionIndex(source.text)
  indexes.set(source, index)
  return index
}

/** Line and column of anything that names a file and a span in it. */
export function rangeOf(sources: ReadonlyMap<string, Source>, place: { path: string; at: Span }): Range {
  return positionsIn(sources.get(place.path)).range(place.at)
}
