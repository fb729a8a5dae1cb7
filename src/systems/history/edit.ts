import type { EditKind } from '../../migration/change.ts'
import type { Part } from '../../migration/migration.ts'
import { tokens } from '../../parse/lexer.ts'
import { decode } from '../../parse/source.ts'
import type { Span } from '../../parse/span.ts'
import { split } from '../../parse/split.ts'
import type { Migration, Unit } from '../system.ts'
import { importedBy, isJavaScript } from './imported.ts'
import { type Around, dependsOnHistory, type ReadProgram, readProgram, type Word } from './programs.ts'

export interface Edit {
  readonly kind: EditKind
  /** The first place that differs, in the present text. */
  readonly at: Span
}

type Read = Pick<Migration, 'path' | 'content' | 'execution' | 'parts' | 'downParts' | 'units' | 'opaque' | 'reader'>

/** What is around each of the two. */
interface Surroundings {
  readonly before: Around
  readonly after: Around
}

const nothing: Around = { all: [], tree: null }

/**
 * The part that an edit changed, or null when both have the same bytes. Statements are compared token by token, as
 * PostgreSQL's lexer cuts them, and never by a fingerprint, which leaves out constants. The bodies of functions are
 * strings, and PostgreSQL stores them as they are. Code is compared by what it sends, and must be compared within `withParsers`.
 */
export function editOf(
  before: Read,
  after: Read,
  around: Surroundings = { before: nothing, after: nothing },
): Edit | null {
  if (sameBytes(before.content, after.content)) return editOfLoaded(before, after, around)
  const [old, now] = [textOf(before), textOf(after)]
  const at = firstDifference(old.text, now.text)
  if (unified(old.text) === unified(now.text) && old.isClean && now.isClean) return { kind: 'line-ends', at: [0, 0] }
  if (!old.isClean || !now.isClean) return { kind: 'statements', at }
  if (before.opaque !== undefined && after.opaque !== undefined) {
    const kind = editOfCode(before, after, around)
    return { kind: kind.kind, at: kind.at ?? at }
  }
  if (before.opaque !== undefined || after.opaque !== undefined) return { kind: 'statements', at }
  if (before.units && after.units) return editOfUnits(before.units(old.text), old.text, after.units(now.text), now.text)
  const up = comparison(pieces(before, old.text, before.parts), pieces(after, now.text, after.parts))
  if (up !== null) return { kind: 'statements', at: up.at ?? at }
  const down = comparison(back(before, old.text), back(after, now.text))
  return down === null ? { kind: 'comments', at } : { kind: 'down', at: down.at ?? at }
}

/** The same code may load a file of SQL, or import a file, that is not the same. Only code that names one is read for that. */
function editOfLoaded(before: Read, after: Read, around: Surroundings): Edit | null {
  if (after.opaque === undefined || !after.reader || !around.after.tree) return null
  const { text } = textOf(after)
  const importsOthers = () => {
    const now = importedBy(around.after.tree, after.path, text)
    return (
      now.size > 0 && !isSameText([...importedBy(around.before.tree, before.path, text).values()], [...now.values()])
    )
  }
  if (!(/\.sql\b/i.test(text) && loadsOthers(before, after, around)) && !importsOthers()) return null
  const { kind, at } = editOfCode(before, after, around)
  return kind === 'comments' ? null : { kind, at: at ?? [0, 0] }
}

/** True as well where it is not known what they load, which does not depend on earlier migrations. */
function loadsOthers(before: Read, after: Read, around: Surroundings): boolean {
  const [was, is] = [
    readProgram(before, { all: [], tree: around.before.tree })?.sent?.loaded,
    readProgram(after, { all: [], tree: around.after.tree })?.sent?.loaded,
  ]
  return !was || !isSameMap(was.up, is?.up) || !isSameMap(was.down, is?.down)
}

/**
 * The edit of a migration in code. What is read in full is compared by the statements that it sends: other words, types and modules
 * change nothing. Where something is not read, every word of the program counts. Both are read as today's project says.
 */
function editOfCode(before: Read, after: Read, around: Surroundings): { kind: EditKind; at: Span | null } {
  const isOfHistory = dependsOnHistory(after.reader)
  const old = readProgram(isOfHistory || !after.reader ? before : { ...before, reader: after.reader }, around.before)
  const now = readProgram(after, around.after)
  if (!old || !now) return { kind: 'statements', at: null }
  const up = comparisonOfPrograms(old, now, 'up', before, after)
  if (up !== null) return { kind: 'statements', at: up.at }
  const down = comparisonOfPrograms(old, now, 'down', before, after)
  return down === null ? { kind: 'comments', at: null } : { kind: 'down', at: down.at }
}

/** Null where both do the same in this direction; otherwise the first place that differs, if it is known. */
function comparisonOfPrograms(
  old: ReadProgram,
  now: ReadProgram,
  direction: 'up' | 'down',
  before: Read,
  after: Read,
): { at: Span | null } | null {
  const [left, right] = [sentBy(old, direction, before), sentBy(now, direction, after)]
  if (left && right) {
    const found = comparison(left, right)
    return found && { at: found.at && (now.sent?.places.inFile(found.at) ?? null) }
  }
  if (!isSameMap(old.sent?.loaded[direction], now.sent?.loaded[direction])) return { at: null }
  // The same words send something else if what they import is not the same.
  const isImport = isJavaScript(after.path) && sameBytes(before.content, after.content)
  if (isImport && !isSameText(textsSent(old, direction), textsSent(now, direction))) return { at: null }
  const [was, is] = [old.words(), now.words()]
  if (!was || !is) return { at: null }
  const found = comparison(
    [{ way: JSON.stringify(before.execution), words: was }],
    [{ way: JSON.stringify(after.execution), words: is }],
  )
  return found && { at: found.at }
}

function isSameText(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((text, i) => unified(text) === unified(b[i] ?? ''))
}

function isSameMap(a: ReadonlyMap<string, string> | undefined, b: ReadonlyMap<string, string> | undefined): boolean {
  if (!a || !b || a.size !== b.size) return a === b
  return [...a].every(([path, text]) => unified(b.get(path) ?? '') === unified(text))
}

/** The statements of one direction; null where not all of them are known. */
function sentBy({ sent }: ReadProgram, direction: 'up' | 'down', { execution }: Read): Piece[] | null {
  if (!sent || sent.doubts[direction].length > 0) return null
  const parts = sent[direction]
  if (parts.some(({ opaque, isConditional }) => opaque !== undefined || isConditional)) return null
  return parts.map(({ span, execution: own, apart }) => ({
    way: JSON.stringify([own ?? execution, apart ?? false]),
    words: words(sent.text, span),
  }))
}

/** What is known of what a program sends, although a part of it is not read. */
function textsSent({ sent }: ReadProgram, direction: 'up' | 'down'): string[] {
  return (sent?.[direction] ?? []).map(({ span, opaque }) => opaque ?? sent?.text.slice(span[0], span[1]) ?? '')
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
  if (a === b) return true
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

function textOf({ path, content }: Read): { text: string; isClean: boolean } {
  const { source, problems } = decode(path, content)
  return { text: source.text, isClean: problems.length === 0 }
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
