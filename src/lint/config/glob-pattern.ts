/** A piece of a glob, in the order of its text. */
export type Piece =
  /** One character, by its code point. `first`: a segment of the pattern begins with it. */
  | { readonly kind: 'character'; readonly code: number; readonly first: boolean }
  /** One character of a segment: any, or one that the test says yes to. */
  | { readonly kind: 'any'; readonly test: ((code: number) => boolean) | null }
  /** Any number of characters of one segment. */
  | { readonly kind: 'star' }
  /** Any number of whole segments, each with the slash after it. */
  | { readonly kind: 'segments' }
  /** Anything; `below`: nothing, or a slash and anything. */
  | { readonly kind: 'rest' }
  | { readonly kind: 'below' }
  /** One of these, repeated as the quantifier says. */
  | { readonly kind: 'choice'; readonly options: readonly (readonly Piece[])[]; readonly times: Times }

export type Times = 'once' | 'maybe' | 'any' | 'some'

/** Limits that nobody reaches by hand. The cost of a pattern grows linearly with its size. */
const longest = 1_000
const longestRange = 1_000
const largest = 10_000

/**
 * Reads a glob:
 *
 * - `*` any characters of one segment, `?` one of them, `**` as a whole segment any number of segments
 * - `[abc]`, `[a-z]`, `[!a-z]` and `[^a-z]` one character of a segment
 * - `{a,b}` either, `{1..12}`, `{01..12}` and `{a..f}` one of the range
 * - `@(a|b)` either, `?(a|b)` at most once, `*(a|b)` any number of times, `+(a|b)` at least once
 * - `\` makes the next character literal; all other characters are literal, and so is an opening bracket that is never
 * closed
 *
 * Returns the pieces, or the problem as the end of a sentence that begins with the pattern.
 */
export function parseGlob(pattern: string): readonly Piece[] | { readonly problem: string } {
  if (pattern === '') return { problem: 'is empty' }
  if (pattern.length > longest) return { problem: `is longer than ${longest} characters` }
  const reader = new Reader([...pattern].map(character => character.codePointAt(0) ?? 0))
  const pieces = reader.read()
  return reader.problem === null ? pieces : { problem: reader.problem }
}

/** The path that a glob begins with, without any wildcard, and the rest; null if there is no wildcard. */
export function literalStart(pattern: string): { readonly directory: string; readonly rest: string } | null {
  const end = firstWildcard(pattern)
  if (end === null) return null
  const slash = pattern.lastIndexOf('/', end)
  const directory = slash === 0 ? '/' : pattern.slice(0, Math.max(slash, 0))
  return { directory: directory.replace(/\\(.)/gs, '$1'), rest: pattern.slice(slash + 1) }
}

function firstWildcard(pattern: string): number | null {
  const pieces = parseGlob(pattern)
  if ('problem' in pieces) return 0
  const at = pieces.findIndex(({ kind }) => kind !== 'character')
  if (at === -1) return null
  // The pieces before it are single characters, which may be escaped.
  let place = 0
  for (const piece of pieces.slice(0, at)) {
    if (pattern[place] === '\\' && place + 1 < pattern.length) place++
    place += piece.kind === 'character' && piece.code > 0xffff ? 2 : 1
  }
  return place
}

const code = (character: string): number => character.codePointAt(0) ?? 0
const [slash, backslash, star, question, comma, bar, bang, caret, dash, at, plus] = [...'/\\*?,|!^-@+'].map(code)
const [openBrace, closeBrace, openParenthesis, closeParenthesis, openBracket, closeBracket] = [...'{}()[]'].map(code)

const repetitions: ReadonlyMap<number | undefined, Times> = new Map<number | undefined, Times>([
  [at, 'once'],
  [question, 'maybe'],
  [star, 'any'],
  [plus, 'some'],
])

const RANGE = /^(?=\d+\.\.\d|[a-zA-Z]\.\.[a-zA-Z])(\d{1,15}|[a-zA-Z])\.\.(\d{1,15}|[a-zA-Z])$/

/** Reads each character once; it is known in advance which bracket closes which. */
class Reader {
  problem: string | null = null
  readonly #codes: readonly number[]
  readonly #closes: ReadonlyMap<number, number>
  #place = 0
  #size = 0

  constructor(codes: readonly number[]) {
    this.#codes = codes
    this.#closes = closings(codes)
  }

  read(): Piece[] {
    return this.#sequence(this.#codes.length, null, true)
  }

  /** Reads up to `end`, or to a separator of the group that it is in. */
  #sequence(end: number, separator: number | undefined | null, atStart: boolean): Piece[] {
    const pieces: Piece[] = []
    const begins = () => {
      const last = pieces.at(-1)
      return last === undefined ? atStart : last.kind === 'segments' || isSlash(last)
    }
    while (this.#place < end && this.#codes[this.#place] !== separator) {
      const piece = this.#piece(end, separator, begins())
      const [before, last] = [pieces.at(-2), pieces.at(-1)]
      // `a/**` matches everything in `a`, and `a` itself.
      if (piece.kind === 'rest' && isSlash(last) && before !== undefined && before.kind !== 'star')
        pieces.splice(-1, 1, { kind: 'below' })
      // Several stars in a row mean the same as one.
      else if (!(piece.kind === last?.kind && (piece.kind === 'star' || piece.kind === 'segments'))) pieces.push(piece)
      if (++this.#size > largest) this.problem ??= 'stands for too many characters and wildcards'
    }
    return pieces
  }

  #piece(end: number, separator: number | undefined | null, atStart: boolean): Piece {
    const place = this.#place
    const [first = 0, second] = [this.#codes[place], this.#codes[place + 1]]
    const close = this.#closes.get(place)
    const group = second === openParenthesis ? this.#closes.get(place + 1) : undefined
    if (group !== undefined && first === bang) {
      this.problem ??= 'has "!(…)", which is not supported: name what should match instead of what should not'
    }
    const times = group === undefined ? undefined : repetitions.get(first)
    if (group !== undefined && times !== undefined) return this.#group(place + 2, group, bar, times, atStart)
    if (first === star) return this.#stars(end, separator, atStart)
    if (first === openBrace && close !== undefined) {
      return this.#range(place + 1, close) ?? this.#group(place + 1, close, comma, 'once', atStart)
    }
    if (first === openBracket && close !== undefined) return this.#set(place + 1, close)
    const escaped = first === backslash && second !== undefined
    this.#place += escaped ? 2 : 1
    if (first === question) return { kind: 'any', test: null }
    return { kind: 'character', code: escaped ? second : first, first: atStart }
  }

  /** Stars that fill a whole segment cross slashes; all others count as one star. */
  #stars(end: number, separator: number | undefined | null, atStart: boolean): Piece {
    const from = this.#place
    while (this.#codes[this.#place] === star && !this.#closes.has(this.#place + 1)) this.#place++
    if (this.#place === from) this.#place++
    const next = this.#place < end ? this.#codes[this.#place] : undefined
    if (this.#place - from !== 2 || !atStart) return { kind: 'star' }
    if (next === undefined || next === separator || this.#isEnding(from)) return { kind: 'rest' }
    if (next !== slash) return { kind: 'star' }
    this.#place++
    return { kind: 'segments' }
  }

  /** `**.sql` on its own matches files in any folder. */
  #isEnding(from: number): boolean {
    return from === 0 && /^\.\w+$/.test(String.fromCodePoint(...this.#codes.slice(this.#place)))
  }

  #group(from: number, close: number, separator: number | undefined, times: Times, atStart: boolean): Piece {
    this.#place = from
    const options = [this.#sequence(close, separator, atStart)]
    while (this.#place < close) {
      this.#place++
      options.push(this.#sequence(close, separator, atStart))
    }
    this.#place = close + 1
    return { kind: 'choice', options, times }
  }

  /** `{1..12}`, `{a..f}`; null if it is not a range. */
  #range(from: number, close: number): Piece | null {
    const text = String.fromCodePoint(...this.#codes.slice(from, close))
    const [, first, last] = RANGE.exec(text) ?? []
    if (first === undefined || last === undefined) return null
    this.#place = close + 1
    const isNumeric = /\d/.test(first)
    const width = [first, last].some(end => /^0\d/.test(end)) ? Math.max(first.length, last.length) : 0
    const ends = isNumeric ? [Number(first), Number(last)] : [code(first), code(last)]
    const [low, high] = [Math.min(...ends), Math.max(...ends)]
    if (high - low >= longestRange) {
      this.problem ??= `has {${text}}, of more than ${longestRange} words`
      return { kind: 'star' }
    }
    const words = Array.from({ length: high - low + 1 }, (_, i) =>
      isNumeric ? String(low + i).padStart(width, '0') : String.fromCodePoint(low + i),
    )
    this.#size += words.join('').length
    return { kind: 'choice', options: words.map(literal), times: 'once' }
  }

  #set(from: number, close: number): Piece {
    const isNegated = this.#codes[from] === bang || this.#codes[from] === caret
    const ranges: (readonly [low: number, high: number])[] = []
    const one = () => {
      if (this.#codes[this.#place] === backslash && this.#place + 1 < close) this.#place++
      return this.#codes[this.#place++] ?? 0
    }
    this.#place = isNegated ? from + 1 : from
    while (this.#place < close) {
      const low = one()
      const isRange = this.#codes[this.#place] === dash && this.#place + 1 < close
      if (isRange) this.#place++
      ranges.push([low, isRange ? one() : low])
    }
    this.#place = close + 1
    return { kind: 'any', test: tested => isNegated !== ranges.some(([low, high]) => low <= tested && tested <= high) }
  }
}

function literal(word: string): Piece[] {
  return [...word].map(character => ({ kind: 'character', code: code(character), first: false }))
}

function isSlash(piece: Piece | undefined): boolean {
  return piece?.kind === 'character' && piece.code === slash
}

/**
 * Where each bracket with a meaning is closed: braces with a comma or a range, and parentheses after `@`, `?`, `*`,
 * `+`, `!`.
 */
function closings(codes: readonly number[]): Map<number, number> {
  const closes = new Map<number, number>()
  const open: { readonly place: number; readonly code: number | undefined; hasComma: boolean }[] = []
  for (let place = 0; place < codes.length; place++) {
    const here = codes[place]
    const innermost = open.at(-1)
    if (here === backslash) place++
    else if (here === openBracket) {
      const end = endOfSet(codes, place)
      if (end === -1) continue
      closes.set(place, end)
      place = end
    } else if (here === openBrace) open.push({ place, code: here, hasComma: false })
    else if (here === openParenthesis && (codes[place - 1] === bang || repetitions.has(codes[place - 1]))) {
      open.push({ place, code: here, hasComma: false })
    } else if (here === comma && innermost) innermost.hasComma = true
    else if (here === closeBrace || here === closeParenthesis) {
      const found = open.findLastIndex(each => each.code === (here === closeBrace ? openBrace : openParenthesis))
      // A bracket that is opened inside and never closed is not a group.
      const closed = found === -1 ? [] : open.splice(found)
      const start = closed[0]?.place
      if (start === undefined) continue
      const isGroup = here === closeParenthesis || closed.some(({ hasComma }) => hasComma)
      if (isGroup || RANGE.test(String.fromCodePoint(...codes.slice(start + 1, place)))) closes.set(start, place)
    }
  }
  return closes
}

/** The bracket that closes a set; a `]` that comes first belongs to the set. -1: there is none. */
function endOfSet(codes: readonly number[], open: number): number {
  let place = open + 1
  if (codes[place] === bang || codes[place] === caret) place++
  if (codes[place] === closeBracket) place++
  for (; place < codes.length; place++) {
    if (codes[place] === backslash) place++
    else if (codes[place] === closeBracket) return place
  }
  return -1
}
