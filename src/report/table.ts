import { columnsOf, pad } from './width.ts'

/** One cell of a row: the text for measuring, and the same text with its colours. */
export interface Field {
  readonly text: string
  readonly paint?: (text: string) => string
}

export interface TableStyle {
  readonly indent: number
  /** Columns of the terminal. */
  readonly width: number
  /** The last column is a phrase, which can also be read on a line of its own, under the second column. */
  readonly phrase: boolean
  /** How far columns that do not fit are indented under the first one. */
  readonly under?: number
}

const gap = 3

/**
 * Rows with their columns aligned. If the columns do not fit side by side, the phrase moves to lines of its own. If
 * that is not enough, the first column does, and the rest is indented under it. Nothing is cut, because people copy
 * names.
 */
export function table(rows: readonly (readonly Field[])[], style: TableStyle): string[] {
  const { indent, width, phrase, under = 4 } = style
  const widths = columnWidths(rows)
  const margin = ' '.repeat(indent)
  const room = width - indent
  const all = widths.length
  if (all <= 1 || total(widths) <= room) return rows.map(row => margin + line(row, widths))
  const [first = 0] = widths
  const last = widths[all - 1] ?? 0
  if (phrase && all > 2 && total(widths.slice(0, -1)) <= room && total([first, last]) <= room) {
    const second = ' '.repeat(indent + first + gap)
    return rows.flatMap(row => [margin + line(row.slice(0, -1), widths), second + line(row.slice(-1), [])])
  }
  // Every row takes the same number of lines, so that the lines can be assigned to rows again.
  const rest = table(
    rows.map(row => row.slice(1)),
    { ...style, indent: indent + under, under: 0 },
  )
  const perRow = rest.length / Math.max(1, rows.length)
  return rows.flatMap((row, i) => [margin + line(row.slice(0, 1), []), ...rest.slice(i * perRow, (i + 1) * perRow)])
}

function total(widths: readonly number[]): number {
  return widths.reduce((sum, next) => sum + gap + next, -gap)
}

function columnWidths(rows: readonly (readonly Field[])[]): number[] {
  const widths: number[] = []
  for (const row of rows) {
    row.forEach((field, i) => {
      widths[i] = Math.max(widths[i] ?? 0, columnsOf(field.text))
    })
  }
  return widths
}

/** Padded outside of the colours, and never after the last field: no line ends in spaces. */
function line(row: readonly Field[], widths: readonly number[]): string {
  return row
    .map((field, i) => {
      const painted = field.paint ? field.paint(field.text) : field.text
      const isLast = i === row.length - 1
      return isLast ? painted : painted + pad(field.text, widths[i] ?? 0).slice(field.text.length)
    })
    .join(' '.repeat(gap))
}
