import type { EditKind } from '../../migration/change.ts'
import type { Part } from '../../migration/migration.ts'
import { tokens } from '../../parse/lexer.ts'
import { decode } from '../../parse/source.ts'
import type { Span } from '../../parse/span.ts'
import { split } from '../../parse/split.ts'
import type { Migration, Unit } from '../system.ts'

export interface Edit {
  readonly kind: EditKind
  /** The first place that differs, in the present text. */
  readonly at: Span
}

type Read = Pick<Migration, 'path' | 'content' | 'execution' | 'parts' | 'downParts' | 'units' | 'opaque'>

/**
 * The part that an edit changed, or null when both have the same bytes. Statements are compared token by token, as
 * PostgreSQL's lexer cuts them, and never by a fingerprint, which leaves out constants. The bodies of functions are
 * strings, and PostgreSQL stores them as they are.
 */
export function editOf(before: Read, after: Read): Edit | null {
  if (sameBytes(before.content, after.content)) return null
  const [old, now] = [textOf(before), textOf(after)]
  const at = firstDifference(old.text, now.text)
  if (unified(old.text) === unified(now.text) && old.isClean && now.isClean) return { kind: 'line-ends', at: [0, 0] }
  // For code in another language only the bytes are known.
  if (before.opaque !== undefined || after.opaque !== undefined) return { kind: 'statements', at }
  if (!old.isClean || !now.isClean) return { kind: 'statements', at }
  if (before.units && after.units) return editOfUnits(before.units(old.text), old.text, after.units(now.text), now.text)
  const up = comparison(pieces(before, old.text, before.parts), pieces(after, now.text, after.parts))
  if (up !== null) return { kind: 'statements', at: up.at ?? at }
  const down = comparison(back(before, old.text), back(after, now.text))
  return down === null ? { kind: 'comments', at } : { kind: 'down', at: down.at ?? at }
}

/** A file to which more may be added: only its recorded part counts. */
function editOfUnits(before: readonly Unit[], old: string, after: readonly Unit[], now: string): Edit | null {
  const units = new Map([...after].reverse().map(unit => [unit.id, unit]))
  for (const { id, span } of before) {
    const unit = units.get(id)
    if (!unit) return { kind: 'statements', at: [0, 0] }
    if (unit.repeatable) continue
    const piece = (text: string, at: Span) => [{ way: '', words: words(text, at) }]
    const found = comparison(piece(old, span), piece(now, unit.span))
    if (found) return { kind: 'statements', at: found.at ?? unit.span }
  }
  return null
}

/** How similar two migrations are, from 0 to 1: the share of equal tokens, without comments. */
export function similarity(a: Read, b: Read): number {
  const [left, right] = [a, b].map(migration => words(textOf(migration).text).map(({ text }) => text))
  if (!left?.length || !right?.length) return 0
  const counts = new Map<string, number>()
  for (const word of left) counts.set(word, (counts.get(word) ?? 0) + 1)
  let common = 0
  for (const word of right) {
    const count = counts.get(word) ?? 0
    if (count > 0) common++
    counts.set(word, count - 1)
  }
  return (2 * common) / (left.length + right.length)
}

/**
 * The text without differences that a checkout may cause: the byte order mark has been removed before, and line ends
 * are made equal.
 */
export function unified(text: string): string {
  return text.replace(/\r\n?/g, '\n')
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}

function textOf({ path, content }: Read): { text: string; isClean: boolean } {
  const { source, problems } = decode(path, content)
  return { text: source.text, isClean: problems.length === 0 }
}

/** The parts of the text that matter, and their places. */
interface Word {
  readonly text: string
  readonly at: Span
}

interface Piece {
  /** The way in which it reaches the server. */
  readonly way: string
  readonly words: readonly Word[]
}

function pieces({ execution }: Read, text: string, parts: Read['parts']): Piece[] {
  const all: readonly Part[] = parts?.(text) ?? [{ span: [0, text.length] }]
  return all.map(({ span, execution: own }) => ({ way: JSON.stringify(own ?? execution), words: words(text, span) }))
}

function back(migration: Read, text: string): Piece[] {
  return migration.downParts ? pieces(migration, text, migration.downParts) : []
}

/** Tokens without comments, and the data of COPY unchanged, where white space matters. */
function words(text: string, span: Span = [0, text.length]): Word[] {
  const data = split(text.slice(...span)).clientCommands.filter(({ kind }) => kind === 'copy-data')
  const raw = data.map(({ span: [start, end] }): Span => [start + span[0], end + span[0]])
  // Both are in order.
  let at = 0
  const code = tokens(text, span).filter(token => {
    const [start] = token.span
    while ((raw[at]?.[1] ?? Number.POSITIVE_INFINITY) <= start) at++
    return token.kind !== 'comment' && (raw[at]?.[0] ?? Number.POSITIVE_INFINITY) > start
  })
  const found = [
    ...code.map(({ kind, text: word, span: at }) => ({ text: kind === 'word' ? folded(word) : unified(word), at })),
    ...raw.map(at => ({ text: unified(text.slice(...at)), at })),
  ]
  return raw.length === 0 ? found : found.sort((a, b) => a.at[0] - b.at[0])
}

/** PostgreSQL treats SELECT and select alike: downcase_identifier() in src/backend/parser/scansup.c. */
function folded(word: string): string {
  return word.replace(/[A-Z]+/g, letters => letters.toLowerCase())
}

/** Null when the pieces are the same; otherwise the first word that differs, if there is one. */
function comparison(before: readonly Piece[], after: readonly Piece[]): { at: Span | null } | null {
  // A part without any word is ignored.
  const [old, now] = [before, after].map(all => all.filter(piece => piece.words.length > 0))
  for (let i = 0; i < Math.max(old?.length ?? 0, now?.length ?? 0); i++) {
    const [left, right] = [old?.[i], now?.[i]]
    const count = Math.max(left?.words.length ?? 0, right?.words.length ?? 0)
    for (let n = 0; n < count; n++) {
      if (left?.words[n]?.text === right?.words[n]?.text) continue
      return { at: right?.words[n]?.at ?? right?.words.at(-1)?.at ?? null }
    }
    if (left?.way !== right?.way) return { at: null }
  }
  return null
}

/** The line, from the first difference on. */
function firstDifference(before: string, after: string): Span {
  let start = 0
  while (start < after.length && before[start] === after[start]) start++
  const newline = after.slice(start).search(/[\r\n]/)
  const end = newline < 0 ? after.length : start + newline
  if (end > start) return [start, end]
  return [Math.min(start, Math.max(after.length - 1, 0)), Math.min(start + 1, after.length)]
}
