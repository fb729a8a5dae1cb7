import { append } from '../parse/list.ts'
import type { Span } from '../parse/span.ts'
import { boundedPieces } from './limit.ts'

/**
 * Text that a program puts together, and where each of its characters comes from. It is what tools send, and what names of tables and
 * columns are.
 */
export interface Text {
  readonly kind: 'text'
  readonly pieces: readonly Piece[]
}

export interface Piece {
  readonly text: string
  /** UTF-16 offsets in the file. */
  readonly at: Span
  /** Its characters stand there as they are, one by one. Otherwise each of them stands for the whole of `at`: an escape, a call. */
  readonly isVerbatim: boolean
  /** Of a piece of a literal: where the literal is, and what is put before a character in it that it has another meaning for. */
  readonly literal?: Literal
  /** What stands there is not known, and why, a clause; the text is a placeholder. */
  readonly unknown?: string
  /** It is a part of a name that the tool quotes: the same object in all pieces of that name. */
  readonly name?: object
  /** A sentence on what the tool does here that the call does not say. */
  readonly note?: string
}

export interface Literal {
  readonly at: Span
  /** Writes text so that it stands for itself there; null: it cannot. */
  readonly escaped: (text: string) => string | null
}

/** Text that stands for a whole place of the program, such as a call. */
export function textAt(text: string, at: Span): Text {
  return { kind: 'text', pieces: text === '' ? [] : [{ text, at, isVerbatim: false }] }
}

/** A place whose text is not known. In SQL a name stands for it, so that the rest can be read. */
export function hole(at: Span, why: string, name = 'unknown'): Text {
  const bare = name.replace(/^\$/, '')
  const word = /^[\w.]{1,60}$/.test(bare) ? bare : 'unknown'
  return { kind: 'text', pieces: [{ text: `\${${word}}`, at, isVerbatim: false, unknown: why }] }
}

/** A name that the tool quotes: where the project says that names are changed, this one is. */
export function asName(text: Text): Text {
  const name = {}
  return { kind: 'text', pieces: text.pieces.map(piece => ({ ...piece, name })) }
}

/** The same text with each name changed. The places of a name stay where its length does. */
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

/** SQL by which the tool does what the call does not say, with a sentence on that: the reason of what is found there. */
export function noted(text: Text, note: string): Text {
  return { kind: 'text', pieces: text.pieces.map(piece => ({ ...piece, note })) }
}

/** The characters alone. */
export function plain(text: Text): string {
  const [first] = text.pieces
  return text.pieces.length === 1 && first ? first.text : text.pieces.map(piece => piece.text).join('')
}

/** Why a part of it is not known; null: all of it is. */
export function unknownIn(text: Text): string | null {
  return text.pieces.find(piece => piece.unknown !== undefined)?.unknown ?? null
}

export function lengthOf(text: Text): number {
  return text.pieces.reduce((sum, piece) => sum + piece.text.length, 0)
}

/** Texts one after another, with another one between them. */
export function joined(texts: readonly Text[], between?: Text): Text {
  const pieces = texts.flatMap((text, i) => (i > 0 && between ? [...between.pieces, ...text.pieces] : text.pieces))
  return { kind: 'text', pieces: boundedPieces(pieces) }
}

/** The characters from one place to another, as `slice` of strings has them for places that are not negative. */
export function cut(text: Text, from: number, to = Number.POSITIVE_INFINITY): Text {
  const pieces: Piece[] = []
  let start = 0
  for (const piece of text.pieces) {
    const end = start + piece.text.length
    const [first, last] = [Math.max(from, start) - start, Math.min(to, end) - start]
    if (first < last) pieces.push(first === 0 && last === piece.text.length ? piece : within(piece, first, last))
    start = end
  }
  return { kind: 'text', pieces }
}

function within(piece: Piece, first: number, last: number): Piece {
  const at: Span = piece.isVerbatim ? [piece.at[0] + first, piece.at[0] + last] : piece.at
  return { ...piece, text: piece.text.slice(first, last), at }
}

/** Every piece of text that a pattern matches, replaced by what is made of it. The pattern has the flag `g`. */
export function replaced(text: Text, pattern: RegExp, by: (match: RegExpExecArray, found: Text) => Text): Text {
  const whole = plain(text)
  const parts: Text[] = []
  let end = 0
  for (const match of whole.matchAll(pattern)) {
    const next = match.index + match[0].length
    parts.push(cut(text, end, match.index), by(match, cut(text, match.index, next)))
    end = next
  }
  return parts.length === 0 ? text : joined([...parts, cut(text, end)])
}

/** Each character changed by a function that keeps their number: upper case, say. Where it does not, the places are those of whole pieces. */
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

/** In quotes that are doubled inside: a name (`"`) or a string (`'`) of SQL. The quotes stand where its first and last characters do. */
export function quoted(text: Text, quote: '"' | "'"): Text {
  const [first, last] = [text.pieces[0], text.pieces.at(-1)]
  const inside = replaced(text, quote === '"' ? /"/g : /'/g, (_, found) => joined([found, found]))
  const edge = (piece: Piece | undefined): Text => textAt(quote, piece?.at ?? [0, 0])
  return joined([edge(first), inside, edge(last)])
}
