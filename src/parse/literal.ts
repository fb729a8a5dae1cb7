import { lookUp } from './look-up.ts'
import type { Fragment } from './offsets.ts'

const ESCAPES: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }
const NUMERIC_ESCAPE = /\\(?:x([\da-fA-F]{1,2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{1,3}))/y

/** A part of a literal's text, and where it is written in the text around it. */
interface Part {
  readonly text: string
  readonly from: number
  /** If the text is written as it is, `to` is as far after `from` as the text is long. Otherwise one escape stands for all of it. */
  readonly to: number
}

/**
 * The text of the string literals at `spans` of `outer`, joined, each character with its place in the file. Understands
 * '…', E'…', N'…', $$…$$ and literals continued on the next line; null for anything else (U&'…', B'…', X'…').
 *
 * It keeps the places of parts and not of each character, because a literal contains the text of all literals nested in it.
 */
export function literalText(outer: Fragment, spans: readonly (readonly [number, number])[]): Fragment | null {
  const parts: Part[] = []
  for (const [start, end] of spans) {
    const found = partsOf(outer.text.slice(start, end))
    if (!found) return null
    for (const { text, from, to } of found) if (text) parts.push({ text, from: start + from, to: start + to })
  }
  const begins: number[] = []
  let length = 0
  for (const { text } of parts) {
    begins.push(length)
    length += text.length
  }
  const last = parts.at(-1)
  const stop = last ? outer.end(last.to) : outer.start(spans.at(-1)?.[1] ?? 0)
  /** Applies `place` to the part with the unit at that offset, and to the offset within that part. */
  const inPart = (offset: number, place: (part: Part, within: number) => number): number => {
    const at = lastUpTo(begins, offset)
    const part = parts[at]
    return part ? place(part, offset - (begins[at] ?? 0)) : stop
  }
  const start = (offset: number): number =>
    offset < length ? inPart(offset, (part, within) => outer.start(part.from + (isVerbatim(part) ? within : 0))) : stop
  return {
    text: parts.map(({ text }) => text).join(''),
    start,
    end: offset => {
      if (offset <= 0) return start(0)
      if (offset > length) return stop
      return inPart(offset - 1, (part, within) => outer.end(isVerbatim(part) ? part.from + within + 1 : part.to))
    },
  }
}

function isVerbatim({ text, from, to }: Part): boolean {
  return text.length === to - from
}

/** The index of the last number that is at most `limit`, in ascending numbers. */
function lastUpTo(numbers: readonly number[], limit: number): number {
  let [low, high] = [0, numbers.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((numbers[middle] ?? 0) <= limit) low = middle + 1
    else high = middle
  }
  return low - 1
}

function partsOf(raw: string): Part[] | null {
  const dollar = /^\$[^$]*\$/.exec(raw)?.[0].length
  if (dollar) return [{ text: raw.slice(dollar, -dollar), from: dollar, to: raw.length - dollar }]
  const opening = /^[eEnN]?'/.exec(raw)?.[0]
  return opening ? quotedParts(raw, opening.length, /^[eE]/.test(raw)) : null
}

function quotedParts(raw: string, from: number, backslashes: boolean): Part[] {
  const found: Part[] = []
  let plain = from
  const take = (text: string, start: number, end: number): number => {
    found.push({ text: raw.slice(plain, start), from: plain, to: start }, { text, from: start, to: end })
    plain = end
    return end
  }
  let i = from
  while (i < raw.length - 1) {
    const c = raw[i]
    if (c === '\\' && backslashes) {
      const [value, length] = escapeAt(raw, i)
      i = take(value, i, i + length)
    } else if (c === "'" && raw[i + 1] === "'") i = take("'", i, i + 2)
    // The end of one line of a continued literal: the next one begins after the next quote.
    else if (c === "'") i = take('', i, raw.indexOf("'", i + 1) + 1 || raw.length)
    else i++
  }
  const end = Math.max(plain, raw.length - 1)
  found.push({ text: raw.slice(plain, end), from: plain, to: end })
  return found
}

function escapeAt(raw: string, position: number): [value: string, length: number] {
  NUMERIC_ESCAPE.lastIndex = position
  const match = NUMERIC_ESCAPE.exec(raw)
  if (match) {
    const octal = match[4]
    const code = octal ? Number.parseInt(octal, 8) : Number.parseInt(match[1] ?? match[2] ?? match[3] ?? '', 16)
    return [code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd', match[0].length]
  }
  const c = raw[position + 1] ?? ''
  return [lookUp(ESCAPES, c) ?? c, 2]
}
