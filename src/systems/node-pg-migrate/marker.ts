/** A line at which node-pg-migrate cuts a file: `-- Up Migration`. */
export interface Marker {
  /** The start of the match, which includes white space before the line: the part begins here. */
  readonly start: number
  /** The place of the `--`. */
  readonly dashes: number
  readonly end: number
}

const WORDS = { up: /up\s+migration/gi, down: /down\s+migration/gi }

/**
 * The first place that `createMigrationCommentRegex` (src/sqlMigration.ts) matches: `/^\s*--[\s-]*up\s+migration/im`.
 * That expression takes a time that grows with the square of the number of lines that are empty or dashes. Here each
 * character is read once.
 */
export function markerOf(text: string, direction: 'up' | 'down'): Marker | null {
  for (const { index, 0: words } of text.matchAll(WORDS[direction])) {
    let from = index
    while (from > 0 && /[\s-]/.test(text[from - 1] ?? '')) from--
    const start = startIn(text, from, index)
    if (start) return { ...start, end: index + words.length }
  }
  return null
}

/** In a run of white space and dashes: the start of a line, white space, and two dashes. */
function startIn(text: string, from: number, to: number): Pick<Marker, 'start' | 'dashes'> | null {
  for (let line = from === 0 ? 0 : -1, i = from; i < to; i++) {
    const character = text[i] ?? ''
    if (character === '-') {
      if (line >= 0 && text[i + 1] === '-' && i + 1 < to) return { start: line, dashes: i }
      line = -1
    } else if (line < 0 && /[\n\r\u2028\u2029]/.test(character)) line = i + 1
  }
  return null
}
