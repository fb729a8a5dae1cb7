import type { Span } from './span.ts'

/**
 * A piece of SQL that is read on its own, with the place of each of its characters in the file: the file itself, or the
 * text of a literal without its doubled quotes and escapes.
 */
export interface Fragment {
  readonly text: string
  /** UTF-16 offset in the file of the character at `offset`. */
  start(offset: number): number
  /** UTF-16 offset in the file after the last character of the text up to `offset`. */
  end(offset: number): number
}

/** A fragment that is unchanged in the file, from `base` on. */
export function verbatim(text: string, base = 0): Fragment {
  const place = (offset: number): number => base + offset
  return { text, start: place, end: place }
}

/** The place of a fragment's span in the file. */
export function locate(fragment: Fragment, span: Span): Span {
  const start = fragment.start(span[0])
  return [start, span[1] > span[0] ? Math.max(start, fragment.end(span[1])) : start]
}

const ASCII = /^[\0-\x7f]*$/

/** Converts a UTF-8 byte offset into `text` to a UTF-16 offset. Built once per text; after that each conversion is cheap. */
export function byteOffsets(text: string): (byte: number) => number {
  if (ASCII.test(text)) return byte => byte
  const units: number[] = []
  for (let i = 0; i < text.length; ) {
    const code = text.codePointAt(i) as number
    const bytes = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
    for (let byte = 0; byte < bytes; byte++) units.push(i)
    i += code < 0x10000 ? 1 : 2
  }
  units.push(text.length)
  return byte => units[Math.min(byte, units.length - 1)] as number
}

/** Converts an offset in code points into `text` to a UTF-16 offset. */
export function codePointOffset(text: string, codePoints: number): number {
  let offset = 0
  for (let left = codePoints; left > 0 && offset < text.length; left--) {
    offset += (text.codePointAt(offset) as number) < 0x10000 ? 1 : 2
  }
  return offset
}
