import { lookUp } from './look-up.ts'
import type { Fragment } from './offsets.ts'

const ESCAPES: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }
const NUMERIC_ESCAPE = /\\(?:x([\da-fA-F]{1,2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{1,3}))/y

/**
 * The text of the string literals at `spans` of `outer`, joined, each character with its place in the file. Understands
 * '…', E'…', N'…', $$…$$ and literals continued on the next line; null for anything else (U&'…', B'…', X'…').
 */
export function literalText(outer: Fragment, spans: readonly (readonly [number, number])[]): Fragment | null {
  const starts: number[] = []
  const ends: number[] = []
  let text = ''
  for (const [start, end] of spans) {
    const characters = literalCharacters(outer.text.slice(start, end))
    if (!characters) return null
    for (const [value, from, to] of characters) {
      for (let unit = 0; unit < value.length; unit++) {
        // A surrogate pair written as such is two units in the file as well; one escape stands for all its units.
        const inPlace = value.length === to - from
        starts.push(outer.start(start + from + (inPlace ? unit : 0)))
        ends.push(outer.end(start + (inPlace ? from + unit + 1 : to)))
      }
      text += value
    }
  }
  const last = ends.at(-1) ?? outer.start(spans.at(-1)?.[1] ?? 0)
  return {
    text,
    start: offset => starts[offset] ?? last,
    end: offset => ends[offset - 1] ?? starts[0] ?? last,
  }
}

type Character = readonly [value: string, from: number, to: number]

function literalCharacters(raw: string): Character[] | null {
  const dollar = /^\$[^$]*\$/.exec(raw)?.[0].length
  if (dollar) return [...raw.slice(dollar, -dollar)].reduce<Character[]>(append(dollar), [])
  const opening = /^[eEnN]?'/.exec(raw)?.[0]
  return opening ? quotedCharacters(raw, opening.length, /^[eE]/.test(raw)) : null
}

const append =
  (base: number) =>
  (found: Character[], value: string): Character[] => {
    const from = found.at(-1)?.[2] ?? base
    found.push([value, from, from + value.length])
    return found
  }

function quotedCharacters(raw: string, from: number, backslashes: boolean): Character[] {
  const found: Character[] = []
  for (let i = from; i < raw.length - 1; ) {
    const c = raw[i] as string
    if (c === '\\' && backslashes) {
      const [value, length] = escapeAt(raw, i)
      found.push([value, i, i + length])
      i += length
    } else if (c === "'" && raw[i + 1] === "'") {
      found.push([c, i, i + 2])
      i += 2
    } else if (c === "'") {
      // The end of one line of a continued literal: the next one begins after the next quote.
      i = raw.indexOf("'", i + 1) + 1
    } else {
      found.push([c, i, i + 1])
      i++
    }
  }
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
