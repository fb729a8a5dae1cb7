import type { ConstraintKind } from '../parse/constraint-kind.ts'
import { append } from '../parse/list.ts'
import { unnamed } from '../parse/placeholder.ts'
import type { Span } from '../parse/span.ts'
import { boundedItems, boundedParts, boundedPieces } from './limit.ts'

/**
 * Text that a program puts together, and where each of its characters comes from. The SQL that tools send and the names of tables and
 * columns are such texts.
 */
export interface Text {
  readonly kind: 'text'
  readonly pieces: readonly Piece[]
}

export interface Piece {
  readonly text: string
  /** UTF-16 offsets in the file. */
  readonly at: Span
  /** The file has its characters one by one at `at`. Otherwise each of them points to the whole of `at`, such as an escape or a call. */
  readonly isVerbatim: boolean
  /** The literal that it is a piece of. */
  readonly literal?: Literal
  /** A clause that says why the text is unknown; the text is then a placeholder. */
  readonly unknown?: string
  /** Of an unknown text: it is the text of one value, such as a time, and nothing that a tool would take for SQL. */
  readonly isScalar?: true
  /** The name, quoted by the tool, that it is a part of: the same object in all pieces of that name. */
  readonly name?: object
  /** A sentence about something that the tool does here although the call does not say so. */
  readonly note?: string
  /** The call states that the constraint which this SQL drops is of this kind. */
  readonly constraint?: ConstraintKind
}

export interface Literal {
  readonly at: Span
  /** Escapes text for this literal; null: that is impossible. */
  readonly escaped: (text: string) => string | null
}

/** Text that comes from a whole place of the program, such as a call. */
export function textAt(text: string, at: Span): Text {
  return { kind: 'text', pieces: text === '' ? [] : [{ text, at, isVerbatim: false }] }
}

/**
 * A place whose text is unknown. In SQL a name takes its place, so that the rest can be read: how the program writes it if that is one
 * word, and otherwise words that people understand in a message.
 */
export function hole(at: Span, why: string, name = ''): Text {
  const bare = name.replace(/^\$/, '')
  const written = /^[\w.]{1,60}$/.test(bare) ? `\${${bare}}` : unnamed
  return { kind: 'text', pieces: [{ text: written, at, isVerbatim: false, unknown: why }] }
}

/** A name that the tool quotes. If the project changes names, it changes this one. */
export function asName(text: Text): Text {
  const name = {}
  return { kind: 'text', pieces: text.pieces.map(piece => ({ ...piece, name })) }
}

/** The same text with each name changed. A name keeps the places of its characters if it keeps its length. */
export function renamed(text: Text, change: (name: string) => string): Text {
  const pieces: Piece[] = []
  for (let i = 0; i < text.pieces.length; ) {
    const first = text.pieces[i] as Piece
    let next = i + 1
    while (first.name && text.pieces[next]?.name === first.name) next++
    const own = text.pieces.slice(i, next)
    i = next
    if (!first.name || own.some(({ unknown }) => unknown !== undefined)) {
      append(pieces, own)
      continue
    }
    const before = own.map(piece => piece.text).join('')
    const now = change(before)
    if (now === before) append(pieces, own)
    else pieces.push({ ...first, text: now, at: [first.at[0], own.at(-1)?.at[1] ?? first.at[1]], isVerbatim: false })
  }
  return { kind: 'text', pieces }
}

/** SQL that the tool sends although the call does not say so, with a sentence about it, which findings there give as their reason. */
export function noted(text: Text, note: string): Text {
  return { kind: 'text', pieces: text.pieces.map(piece => ({ ...piece, note })) }
}

/** SQL that drops a constraint whose kind the call states. */
export function ofKind(text: Text, constraint: ConstraintKind | undefined): Text {
  if (!constraint) return text
  return { kind: 'text', pieces: text.pieces.map(piece => ({ ...piece, constraint })) }
}

/** The kind of the constraints that it drops, if the call states it; undefined: it does not, or there are several. */
export function kindIn({ pieces }: Text): ConstraintKind | undefined {
  const kinds = new Set(pieces.flatMap(({ constraint }) => constraint ?? []))
  return kinds.size === 1 ? [...kinds][0] : undefined
}

/** The characters alone. */
export function plain(text: Text): string {
  const [first] = text.pieces
  return text.pieces.length === 1 && first ? first.text : text.pieces.map(piece => piece.text).join('')
}

/** Why a part of it is unknown; null: all of it is known. */
export function unknownIn(text: Text): string | null {
  return text.pieces.find(piece => piece.unknown !== undefined)?.unknown ?? null
}

export function lengthOf(text: Text): number {
  return text.pieces.reduce((sum, piece) => sum + piece.text.length, 0)
}

/** Joins texts, with another one between them. */
export function joined(texts: readonly Text[], between?: Text): Text {
  const pieces: Piece[] = []
  let isFirst = true
  for (const text of texts) {
    if (!isFirst && between) append(pieces, between.pieces)
    isFirst = false
    append(pieces, text.pieces)
    boundedParts(pieces)
  }
  return { kind: 'text', pieces: boundedPieces(pieces) }
}

/** The characters from one offset to another, like `slice` of strings with offsets that are not negative. */
export function cut(text: Text, from: number, to = Number.POSITIVE_INFINITY): Text {
  const pieces: Piece[] = []
  const starts = startsOf(text.pieces)
  let i = text.pieces.length > 1 ? pieceAt(starts, from) : 0
  for (let piece = text.pieces[i]; piece; piece = text.pieces[++i]) {
    const start = starts[i] ?? 0
    if (start >= to) break
    const end = start + piece.text.length
    const [first, last] = [Math.max(from, start) - start, Math.min(to, end) - start]
    if (first < last) pieces.push(first === 0 && last === piece.text.length ? piece : within(piece, first, last))
  }
  return { kind: 'text', pieces }
}

/** Where each of the pieces begins in the text, computed once for all parts that are cut out of it. */
const allStarts = new WeakMap<readonly Piece[], readonly number[]>()
const one: readonly number[] = [0]

function startsOf(pieces: readonly Piece[]): readonly number[] {
  if (pieces.length < 2) return one
  const known = allStarts.get(pieces)
  if (known) return known
  const starts: number[] = []
  let start = 0
  for (const { text } of pieces) {
    starts.push(start)
    start += text.length
  }
  allStarts.set(pieces, starts)
  return starts
}

/** The place of the piece in which a character is, or of the last one. */
function pieceAt(starts: readonly number[], offset: number): number {
  let [low, high] = [0, starts.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((starts[middle] ?? 0) <= offset) low = middle + 1
    else high = middle
  }
  return Math.max(0, low - 1)
}

function within(piece: Piece, first: number, last: number): Piece {
  const at: Span = piece.isVerbatim ? [piece.at[0] + first, piece.at[0] + last] : piece.at
  return { ...piece, text: piece.text.slice(first, last), at }
}

/** Replaces each match of a pattern by the result of a function. The pattern must have the flag `g`. */
export function replaced(text: Text, pattern: RegExp, by: (match: RegExpExecArray, found: Text) => Text): Text {
  const whole = plain(text)
  const parts: Text[] = []
  let end = 0
  for (const match of whole.matchAll(pattern)) {
    const next = match.index + match[0].length
    parts.push(cut(text, end, match.index), by(match, cut(text, match.index, next)))
    boundedParts(parts)
    end = next
  }
  return parts.length === 0 ? text : joined([...parts, cut(text, end)])
}

/** Replaces a text, which is not empty, by another one: everywhere or once. */
export function substituted(text: Text, what: string, by: Text, isEverywhere = true): Text {
  const whole = plain(text)
  const parts: Text[] = []
  let end = 0
  for (let next = whole.indexOf(what); next >= 0; next = isEverywhere ? whole.indexOf(what, end) : -1) {
    parts.push(cut(text, end, next), by)
    boundedParts(parts)
    end = next + what.length
  }
  return joined([...parts, cut(text, end)])
}

/** Splits at each occurrence of a text that is not empty. */
export function separated(text: Text, by: string): Text[] {
  const whole = plain(text)
  const parts: Text[] = []
  let start = 0
  for (let next = whole.indexOf(by); next >= 0; next = whole.indexOf(by, start)) {
    boundedItems(parts).push(cut(text, start, next))
    start = next + by.length
  }
  return [...parts, cut(text, start)]
}

/** Changes text by a function such as upper case. Where the function changes the length of a piece, its characters point to the whole piece. */
export function changed(text: Text, change: (text: string) => string): Text {
  const pieces = text.pieces.map(piece => {
    if (piece.unknown !== undefined) return piece
    const now = change(piece.text)
    return { ...piece, text: now, isVerbatim: piece.isVerbatim && now.length === piece.text.length }
  })
  return { kind: 'text', pieces: pieces.filter(piece => piece.text !== '') }
}

/** Without white space at its ends. */
export function trimmed(text: Text): Text {
  const whole = plain(text)
  const start = whole.length - whole.trimStart().length
  return cut(text, start, whole.trimEnd().length)
}

/** A quoted name (`"`) or string (`'`) of SQL, with the quotes inside doubled. The outer quotes point to its first and last characters. */
export function quoted(text: Text, quote: '"' | "'"): Text {
  const [first, last] = [text.pieces[0], text.pieces.at(-1)]
  const hasQuotes = text.pieces.some(piece => piece.text.includes(quote))
  const inside = hasQuotes ? replaced(text, quote === '"' ? /"/g : /'/g, (_, found) => joined([found, found])) : text
  const edge = (piece: Piece | undefined): Text => textAt(quote, piece?.at ?? [0, 0])
  return joined([edge(first), inside, edge(last)])
}
