import { lookUp } from './look-up.ts'
import type { Fragment } from './offsets.ts'
import type { Span } from './span.ts'

const escapes: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }

/**
 * The text inside a JSON string (the quotes are not in the span), each character with its place in the file. One escape
 * stands for the one UTF-16 unit that it gives.
 */
export function jsonString(text: string, [start, end]: Span): Fragment {
  const places: number[] = []
  let value = ''
  for (let i = start; i < end; ) {
    places.push(i)
    const [unit, length] = text[i] === '\\' ? escapeAt(text, i) : [text[i] ?? '', 1]
    value += unit
    i += length
  }
  places.push(end)
  const place = (offset: number): number => places[offset] ?? end
  return { text: value, start: place, end: place }
}

function escapeAt(text: string, i: number): [unit: string, length: number] {
  const letter = text[i + 1] ?? ''
  if (letter !== 'u') return [lookUp(escapes, letter) ?? letter, 2]
  return [String.fromCharCode(Number.parseInt(text.slice(i + 2, i + 6), 16)), 6]
}
