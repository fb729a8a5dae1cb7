/** A line of a text, without its end (`\n` or `\r\n`). */
export interface Line {
  readonly text: string
  /** UTF-16 offsets in the text. */
  readonly start: number
  readonly end: number
  /** From 1. */
  readonly number: number
}

/** The lines of a text as tools in Go and Rust read them: only `\n` ends a line. */
export function lines(text: string): Line[] {
  const found: Line[] = []
  for (let start = 0; start < text.length; ) {
    const stop = text.indexOf('\n', start)
    const next = stop < 0 ? text.length : stop + 1
    const line = text.slice(start, stop < 0 ? text.length : stop).replace(/\r$/, '')
    found.push({ text: line, start, end: start + line.length, number: found.length + 1 })
    start = next
  }
  return found
}
