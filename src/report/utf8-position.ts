import type { Source } from '../parse/script.ts'
import type { Span } from '../parse/span.ts'
import { positionsIn } from './position.ts'

/** Line from 1, and column from 1 counted in bytes of UTF-8. */
export interface Utf8Position {
  readonly line: number
  readonly column: number
}

/** Line and column of anything that names a file and a span in it, columns in bytes: `end` is the place after the last one. */
export function utf8RangeOf(
  sources: ReadonlyMap<string, Source>,
  { path, at }: { readonly path: string; readonly at: Span },
): { readonly start: Utf8Position; readonly end: Utf8Position } {
  const source = sources.get(path)
  const positions = positionsIn(source)
  const position = (offset: number): Utf8Position => {
    const { line, offset: inside } = positions.at(offset)
    if (!source) return { line, column: 1 }
    return { line, column: bytesUpTo(source, inside) - bytesUpTo(source, positions.line(line)[0]) + 1 }
  }
  return { start: position(at[0]), end: position(Math.max(...at)) }
}

const counted = new WeakMap<Source, Uint32Array | 'ascii'>()

/** Counted once per text: a line may be a megabyte long and have thousands of findings. */
function bytesUpTo(source: Source, offset: number): number {
  let bytes = counted.get(source)
  if (!bytes) {
    bytes = count(source.text)
    counted.set(source, bytes)
  }
  return bytes === 'ascii' ? offset : (bytes[offset] ?? 0)
}

function count(text: string): Uint32Array | 'ascii' {
  if (!/[\u0080-\uffff]/.test(text)) return 'ascii'
  const bytes = new Uint32Array(text.length + 1)
  for (let i = 0; i < text.length; i++) bytes[i + 1] = (bytes[i] ?? 0) + size(text, i)
  return bytes
}

/** The bytes of a UTF-16 unit: the four bytes of a pair belong to its first half. */
function size(text: string, index: number): number {
  const code = text.codePointAt(index) ?? 0
  if (code < 0x80) return 1
  if (code < 0x800) return 2
  if (code > 0xffff) return 4
  const isSecondHalf = code >= 0xdc00 && code <= 0xdfff && (text.codePointAt(index - 1) ?? 0) > 0xffff
  return isSecondHalf ? 0 : 3
}
