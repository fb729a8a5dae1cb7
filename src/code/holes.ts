import { next } from '../parse/lexer.ts'
import { append } from '../parse/list.ts'
import type { Span } from '../parse/span.ts'
import { split } from '../parse/split.ts'
import { cut, type Piece, plain, type Text } from './text.ts'

/** A place in SQL whose text is unknown. */
export interface Hole {
  readonly at: Span
  /** A clause. */
  readonly why: string
}

/** A part of a message that is sent: statements that are read, or one whose unknown part could be anything. */
export interface Segment {
  readonly sql: Text
  readonly holes: readonly Hole[]
  /** The unknown parts are names or values, so that the statements do the same whatever they are. */
  readonly isRead: boolean
}

/**
 * The statements of a message with unknown parts, in order. Neighbours that are read stay together, as the tool sends them. A text without
 * unknown parts is one segment.
 */
export function segmentsOf(sql: Text): readonly Segment[] {
  if (!sql.pieces.some(piece => piece.unknown !== undefined)) return [{ sql, holes: [], isRead: true }]
  const text = plain(sql)
  const unknown = unknownPieces(sql)
  const named = inPlaces(unknown, placesOfNames(text))
  const values = inPlaces(unknown, placesOfValues(text))
  const constants = inPlaces(unknown, placesOfConstants(text))
  const segments: { from: number; to: number; holes: Hole[]; isRead: boolean }[] = []
  const taken = new Set<Unknown>()
  // Statements and unknown parts are both in the order of the text: a message may have thousands of each.
  let first = 0
  for (const { span, end } of split(text, { psql: false }).pieces) {
    while ((unknown[first]?.to ?? Number.POSITIVE_INFINITY) <= span[0]) first++
    const own: Unknown[] = []
    for (let i = first; (unknown[i]?.from ?? end) < end; i++) own.push(unknown[i] as Unknown)
    for (const each of own) taken.add(each)
    // Rows get some value, as they do when the tool sends it beside the SQL. No statement depends on the text of a comment.
    const isOfRows = /^(?:insert|update|delete|comment)\b/i.test(text.slice(span[0], span[0] + 8))
    const isRead = own.every(each => named.has(each) || (isOfRows && values.has(each)))
    const isConstant = (each: Unknown) => each.piece.isScalar === true && each.isQuotedByTool && constants.has(each)
    const told = isRead ? own.filter(each => !isConstant(each) && !(isOfRows && values.has(each))) : own
    const holes = told.map(({ piece }) => holeOf(piece))
    const last = segments.at(-1)
    if (isRead && last?.isRead) {
      last.to = end
      append(last.holes, holes)
    } else segments.push({ from: span[0], to: end, holes, isRead })
  }
  // `split` does not count an unknown part as a statement if there is nothing else between two semicolons.
  const others = unknown.filter(each => !taken.has(each))
  return [
    ...segments.map(({ from, to, holes, isRead }) => ({ sql: cut(sql, from, to), holes, isRead })),
    ...others.map(({ from, to, piece }) => ({ sql: cut(sql, from, to), holes: [holeOf(piece)], isRead: false })),
  ]
}

function holeOf({ at, unknown = '' }: Piece): Hole {
  return { at, why: unknown }
}

/** An unknown part of a message: its offsets there, and what the program has in its place. */
interface Unknown {
  readonly from: number
  readonly to: number
  readonly piece: Piece
  /** What stands before it, such as a quote, is not text of the program. */
  readonly isQuotedByTool: boolean
}

/** The unknown parts that are within one of these places. Both are in the order of the text. */
function inPlaces(unknown: readonly Unknown[], places: readonly Span[]): ReadonlySet<Unknown> {
  const found = new Set<Unknown>()
  let next = 0
  for (const each of unknown) {
    while ((places[next]?.[1] ?? Number.POSITIVE_INFINITY) < each.to) next++
    if ((places[next]?.[0] ?? Number.POSITIVE_INFINITY) <= each.from) found.add(each)
  }
  return found
}

function unknownPieces(sql: Text): Unknown[] {
  let from = 0
  return sql.pieces.flatMap((piece, i) => {
    const start = from
    from += piece.text.length
    const before = sql.pieces[i - 1]
    const isQuotedByTool = before !== undefined && before.literal === undefined && before.unknown === undefined
    return piece.unknown === undefined ? [] : [{ from: start, to: from, piece, isQuotedByTool }]
  })
}

/** Words after which SQL has the name of an object. `EXISTS` is that of `IF EXISTS`. */
const beforeNames: ReadonlySet<string> = new Set(
  (
    'table index on into from update join references constraint column schema type sequence view trigger function procedure exists only ' +
    'concurrently to'
  ).split(' '),
)

/** Where a name or a value stands, whatever it is: in quotes, and where no word of SQL can. */
function placesOfNames(text: string): Span[] {
  const places: Span[] = []
  let before = { word: '', end: 0, isName: false }
  for (let lexeme = next(text, 0, text.length); lexeme; lexeme = next(text, lexeme.end, text.length)) {
    const { kind, start, end } = lexeme
    if (kind === 'comment') continue
    const word = text.slice(start, end).toLowerCase()
    const isPart = before.isName && before.end === start
    // An unknown part that is glued to such a word makes another word of it.
    const isAfter = before.end < start && beforeNames.has(before.word)
    const isName = isPart || before.word === '.' || isAfter
    // Between dollars and in the bodies of functions and DO blocks there is code, in which an unknown part could be anything.
    const isCode = word.startsWith('$') || before.word === 'as' || before.word === 'do'
    const isQuoted = kind === 'quoted-identifier' || (kind === 'string' && !isCode)
    if (isQuoted || (kind === 'template' && (isName || text[end] === '.'))) places.push([start, end])
    before = { word, end, isName: isName && (kind === 'word' || kind === 'template') }
  }
  return places
}

/** Where a default stands that is a constant, whatever it is: in quotes after DEFAULT. */
function placesOfConstants(text: string): Span[] {
  const places: Span[] = []
  let before = ''
  for (let lexeme = next(text, 0, text.length); lexeme; lexeme = next(text, lexeme.end, text.length)) {
    const { kind, start, end } = lexeme
    if (kind === 'comment') continue
    if (kind === 'string' && text[start] === "'" && before === 'default') places.push([start, end])
    before = end - start === 7 ? text.slice(start, end).toLowerCase() : ''
  }
  return places
}

/** Where a value stands, whatever it is: in the quotes of a string, and the whole list of `IN (…)`. */
function placesOfValues(text: string): Span[] {
  const places: Span[] = []
  let before: readonly [string, string] = ['', '']
  for (let lexeme = next(text, 0, text.length); lexeme; lexeme = next(text, lexeme.end, text.length)) {
    const { kind, start, end } = lexeme
    if (kind === 'comment') continue
    const isList = before[0] === 'in' && before[1] === '(' && /^\s*\)/.test(text.slice(end, end + 50))
    if (kind === 'string' ? text[start] === "'" : kind === 'template' && isList) places.push([start, end])
    before = [before[1], text.slice(start, Math.min(end, start + 10)).toLowerCase()]
  }
  return places
}
