import type { Part } from '../migration/migration.ts'
import type { ConstraintKind } from '../parse/constraint-kind.ts'
import type { Span } from '../parse/span.ts'
import type { AdviceInCode } from './advice.ts'
import type { Deed, Run } from './run.ts'
import { kindIn, type Literal, type Piece } from './text.ts'

/**
 * A migration in code as SQL. Its text is that of the file with the SQL of all statements after it, so that every offset is either a
 * place in the file or one in this SQL, and means the same everywhere.
 */
export interface Written {
  /** The file as it is. */
  readonly length: number
  readonly text: string
  /** The parts of the text that reach the server, for each direction. */
  readonly up: readonly WrittenPart[]
  readonly down: readonly WrittenPart[]
  /** Places where an unknown value decides which of them run; all branches were read. */
  readonly doubts: Record<'up' | 'down', readonly { readonly at: Span; readonly why: string }[]>
  /** Files of SQL that it loads, by path, by direction. */
  readonly loaded: Record<'up' | 'down', ReadonlyMap<string, string>>
  /** Comments of the file, with their marks. */
  readonly comments: readonly Span[]
  readonly places: Places
  /** How advice says in the tool's language what it has in SQL. */
  readonly advice?: AdviceInCode
}

/** A message to the server. */
export interface WrittenPart extends Part {
  /** The call in the file. */
  readonly call: Span
  readonly isConditional: boolean
  /** A clause that says why its effect is unknown; its SQL is then only a stand-in. */
  readonly opaque?: string
  /** Its unknown effect is on rows alone. */
  readonly onlyRows?: true
  /** The kind of the constraint that it drops, if the call states it. */
  readonly constraint?: ConstraintKind
}

/** The SQL of both directions, after the text of the file. */
export function written(source: string, up: Run, down: Run, comments: readonly Span[]): Written {
  const places = new Places(source.length)
  const texts = [source, '\n']
  let length = source.length + 1
  const put = (piece: Piece) => {
    places.add(length, piece)
    texts.push(piece.text)
    length += piece.text.length
  }
  const parts = (deeds: readonly Deed[]): WrittenPart[] =>
    deeds.map(deed => {
      const start = length
      const pieces = deed.kind === 'sql' ? deed.sql.pieces : [standIn(deed.at)]
      for (const piece of pieces) put(piece)
      const span: Span = [start, length]
      places.close(span, deed.at, deed.kind === 'unread' || isLiteral(pieces))
      put({ text: ';\n', at: deed.at, isVerbatim: false })
      return {
        span,
        call: deed.at,
        isConditional: deed.isConditional,
        ...kindOf(deed),
        ...(deed.kind === 'unread' && { opaque: deed.why, ...(deed.onlyRows && { onlyRows: true }) }),
        ...(deed.execution && { execution: deed.execution }),
        ...(deed.apart && { apart: deed.apart }),
      }
    })
  const ways = { up: parts(up.deeds), down: parts(down.deeds) }
  return {
    length: source.length,
    text: texts.join(''),
    ...ways,
    doubts: { up: up.doubts, down: down.doubts },
    loaded: { up: up.loaded, down: down.loaded },
    comments,
    places,
  }
}

function kindOf(deed: Deed): Pick<WrittenPart, 'constraint'> {
  const constraint = deed.kind === 'sql' ? kindIn(deed.sql) : undefined
  return constraint ? { constraint } : {}
}

/** A statement of unknown effect: a DO block whose body is not examined. */
function standIn(at: Span): Piece {
  return { text: "DO ''", at, isVerbatim: false }
}

/** True if one literal of the file has it exactly as it is sent. */
function isLiteral(pieces: readonly Piece[]): boolean {
  const [first] = pieces
  return first?.literal !== undefined && pieces.every(({ literal }) => literal?.at === first.literal?.at)
}

interface Placed {
  readonly from: number
  readonly piece: Piece
}

interface Message {
  readonly span: Span
  readonly call: Span
  /** The file has all of it: one literal as it is sent, or a call that was not read. */
  readonly isInFile: boolean
}

/** Where the SQL of a migration in code comes from. All offsets are into the text of `Written`. */
class Places {
  readonly #length: number
  readonly #pieces: Placed[] = []
  readonly #messages: Message[] = []
  /** Where the unknown pieces begin. */
  readonly #unknown: number[] = []

  constructor(length: number) {
    this.#length = length
  }

  add(from: number, piece: Piece): void {
    if (piece.unknown !== undefined) this.#unknown.push(from)
    this.#pieces.push({ from, piece })
  }

  close(span: Span, call: Span, isInFile: boolean): void {
    this.#messages.push({ span, call, isInFile })
  }

  /** The place in the file that a span of the text comes from: exact within one literal, otherwise the code that made it. */
  inFile([start, end]: Span): Span {
    if (end <= this.#length) return [start, end]
    const first = this.#pieceAt(start)
    const last = this.#pieceAt(Math.max(start, end - 1)) ?? first
    const call = this.messageAt(start)?.call ?? [0, 0]
    if (!first || !last) return call
    const from = startIn(first, start)
    if (end <= start) return [from, from]
    const to = endIn(last, end)
    if (first === last) return [from, Math.max(from, to)]
    const literal = first.piece.literal
    const isTogether = literal !== undefined && literal.at === last.piece.literal?.at
    const isInCall = call[0] <= from && to <= call[1]
    return from <= to && (isTogether || isInCall) ? [from, to] : call
  }

  /** A sentence about what the tool does there although its call does not say so. */
  noteAt(offset: number): string | undefined {
    return this.#pieceAt(offset)?.piece.note
  }

  /** True where the tool makes the words, of a call or by itself, and no literal of the program has them. */
  isMade(offset: number): boolean {
    const placed = this.#pieceAt(offset)
    return placed !== undefined && placed.piece.literal === undefined
  }

  /** True if a part of the text is unknown. */
  hasUnknown([start, end]: Span): boolean {
    return this.#unknown.some(from => start <= from && from < end)
  }

  /** The message that a place of the text belongs to. */
  messageAt(offset: number): Message | undefined {
    return lastFrom(this.#messages, message => message.span[0], offset)
  }

  /** An edit of the text as an edit of the file; null: the text there does not come from one literal. */
  editInFile({ at: [start, end], insert }: { readonly at: Span; readonly insert: string }) {
    if (end <= this.#length) return { at: [start, end] as Span, insert }
    const first = this.#editable(start)
    if (!first) return null
    const last = end > start ? this.#editable(end - 1) : first
    if (!last || first.piece.literal?.at !== last.piece.literal?.at) return null
    const escaped = (first.piece.literal as Literal).escaped(insert)
    if (escaped === null) return null
    const from = startIn(first, start)
    const to = end === start ? from : endIn(last, end)
    return from <= to ? { at: [from, to] as Span, insert: escaped } : null
  }

  /** The piece of a literal at a place; at the end of a message, the piece that ends there. */
  #editable(offset: number): Placed | null {
    const placed = this.#pieceAt(offset)
    if (placed?.piece.literal) return placed
    const before = offset > 0 ? this.#pieceAt(offset - 1) : undefined
    if (!before?.piece.literal || !before.piece.isVerbatim) return null
    return before.from + before.piece.text.length === offset ? before : null
  }

  #pieceAt(offset: number): Placed | undefined {
    return lastFrom(this.#pieces, ({ from }) => from, offset)
  }
}

/** The place in the file of a character of a piece, by its offset in the text. */
function startIn({ piece, from }: Placed, offset: number): number {
  return piece.isVerbatim ? piece.at[0] + offset - from : piece.at[0]
}

/** The place in the file at which a part of a piece ends that ends at an offset in the text. */
function endIn({ piece, from }: Placed, offset: number): number {
  return piece.isVerbatim ? piece.at[0] + offset - from : piece.at[1]
}

/** Of some things in order, the last one that begins at an offset or before it. */
function lastFrom<T>(items: readonly T[], startOf: (item: T) => number, offset: number): T | undefined {
  let [low, high] = [0, items.length]
  while (low < high) {
    const middle = (low + high) >> 1
    const item = items[middle]
    if (item !== undefined && startOf(item) <= offset) low = middle + 1
    else high = middle
  }
  return items[low - 1]
}
