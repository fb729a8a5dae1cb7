import { append } from '../parse/list.ts'
import type { Source } from '../parse/script.ts'
import type { Span } from '../parse/span.ts'
import type { Palette } from './palette.ts'
import { positionsIn } from './position.ts'
import { type Cell, cells, isOneColumnEach } from './width.ts'

export interface FrameStyle {
  readonly paint: Palette
  /** Colours the marks. */
  readonly mark: (text: string) => string
  readonly width: number
  readonly ascii: boolean
}

/**
 * The marked piece of a source with line numbers, and marks under exactly the span. For a span over several lines, the first and the last
 * line are shown. `isShort`: only the first line, without marks.
 */
export function codeFrame(source: Source, at: Span, style: FrameStyle, isShort = false): string[] {
  const { paint } = style
  const positions = positionsIn(source)
  const span = trim(source.text, at)
  const first = positions.at(span[0]).line
  const last = isShort ? first : positions.at(span[1]).line
  const digits = String(last).length
  const gutter = (label: string) => `  ${paint.frame(`${label.padStart(digits)} ${paint.signs.bar}`)} `
  const room = Math.max(20, style.width - digits - 5)

  const drawn = (line: number) => {
    const [start, end] = positions.line(line)
    const text = source.text.slice(start, end)
    // On its last line, a longer span begins at the start of the text; on its first, it ends at the end of the text.
    const from = line === first ? span[0] - start : text.length - text.trimStart().length
    const to = line === last ? Math.min(span[1], end) - start : text.trimEnd().length
    const { shown, indent, length } = markedLine(text, [from, Math.max(from, to)], room, style)
    const marks = ' '.repeat(indent) + style.mark('^'.repeat(length))
    return [`${gutter(String(line))}${shown}`.trimEnd(), gutter('') + marks] as const
  }

  const lines: string[] = []
  if (isShort) return [drawn(first)[0]]
  if (last > first) {
    append(lines, drawn(first))
    if (last > first + 1) lines.push(`  ${paint.frame(paint.signs.skipped.padStart(digits))}`)
  }
  append(lines, drawn(last))
  return lines
}

/** The span without the white space at its ends, if anything is left. */
function trim(text: string, [start, end]: Span): Span {
  const inside = text.slice(start, end)
  if (inside.trim() === '') return [start, start]
  return [start + inside.length - inside.trimStart().length, end - inside.length + inside.trimEnd().length]
}

interface MarkedLine {
  readonly shown: string
  /** Columns before the marks, and columns of marks. */
  readonly indent: number
  readonly length: number
}

/** The part of a line that fits into `room` columns and contains the mark. */
function markedLine(line: string, mark: Span, room: number, style: FrameStyle): MarkedLine {
  if (isOneColumnEach(line) && Math.max(line.length, mark[0] + 1, mark[1]) <= room) {
    const start = Math.min(mark[0], line.length)
    const end = Math.max(start + 1, Math.min(mark[1], line.length))
    return { shown: line, indent: start, length: end - start }
  }
  // Lines of a megabyte exist (dumps, minified data): only the part that can be shown is read.
  const reach = 8 * room
  const from = boundary(line, mark[0] - reach)
  const to = boundary(line, Math.min(mark[1], mark[0] + reach) + reach)
  const all = placed(cells(line.slice(from, to), style.ascii))
  const total = all.reduce((sum, cell) => sum + cell.columns, 0)
  const marked = all.filter(cell => cell.end > mark[0] - from && cell.start < Math.max(mark[1], mark[0] + 1) - from)
  const start = marked[0]?.column ?? total
  const end = marked.reduce((_, cell) => cell.column + cell.columns, start + 1)

  const cut = style.paint.signs.cut
  const complete = from === 0 && to === line.length
  const window =
    complete && Math.max(total, end) <= room
      ? { left: 0, right: Math.max(total, end) }
      : view(start, end, total, room - 2 * cut.length)
  const shown = all.filter(cell => cell.column >= window.left && cell.column + cell.columns <= window.right)
  const before = (shown[0]?.column ?? 0) > 0 || from > 0 ? cut : ''
  const after = (shown.at(-1)?.end ?? 0) + from < line.length ? cut : ''
  const origin = shown[0]?.column ?? 0
  return {
    shown: before + shown.map(cell => cell.shown).join('') + after,
    indent: before.length + Math.max(0, start - origin),
    length: Math.max(1, Math.min(end, window.right) - Math.max(start, origin)),
  }
}

/**
 * The columns of a long line that are shown: its beginning if it contains the mark, otherwise the mark with some text
 * on both sides.
 */
function view(start: number, end: number, total: number, room: number): { left: number; right: number } {
  if (end <= room) return { left: 0, right: room }
  const spare = Math.max(0, room - (end - start))
  const left = Math.max(0, Math.min(start - Math.floor(spare / 2), Math.max(total, end) - room))
  return { left, right: left + room }
}

function placed(line: readonly Cell[]): (Cell & { readonly column: number })[] {
  let column = 0
  return line.map(cell => {
    const here = column
    column += cell.columns
    return { ...cell, column: here }
  })
}

/** The offset, moved so that no surrogate pair is cut. */
function boundary(text: string, offset: number): number {
  const inside = Math.min(Math.max(0, offset), text.length)
  return inside > 0 && (text.codePointAt(inside - 1) ?? 0) > 0xffff ? inside - 1 : inside
}
