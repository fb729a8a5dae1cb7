import { columnsOf, pad } from './width.ts'

/** One cell of a row: the text that is measured, and how it is painted. */
export interface Field {
  readonly text: string
  readonly paint?: (text: string) => string
}

const gap = 3

/**
 * Rows with their columns aligned, set in by `indent`. When they do not fit into `width`, columns move from the right to
 * lines of their own under the second one; when that is not enough, the first column gets a line of its own.
 */
export function table(rows: readonly (readonly Field[])[], indent: number, width: number): string[] {
  const widths = columnWidths(rows)
  const fitting = sideBySide(widths, width - indent)
  const margin = ' '.repeat(indent)
  if (fitting >= Math.min(2, widths.length)) {
    const under = ' '.repeat(indent + (widths[0] ?? 0) + gap)
    return rows.flatMap(row => [
      margin + line(row.slice(0, fitting), widths),
      ...row.slice(fitting).map(field => under + paint(field)),
    ])
  }
  const under = indent + 4
  return rows.flatMap(row => [margin + row.slice(0, 1).map(paint).join(''), ...table([row.slice(1)], under, width)])
}

/** How many columns can stand side by side such that the rest fit under the second. */
function sideBySide(widths: readonly number[], room: number): number {
  const [first = 0] = widths
  for (let count = widths.length; count > 1; count--) {
    const side = widths.slice(0, count).reduce((sum, next) => sum + gap + next, -gap)
    const under = first + gap + Math.max(0, ...widths.slice(count))
    if (side <= room && under <= room) return count
  }
  return widths.length === 1 ? 1 : 0
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

/** Painted after it was padded, and never after the last field: no line ends in spaces. */
function line(row: readonly Field[], widths: readonly number[]): string {
  return row
    .map(
      (field, i) => paint(field) + (i < row.length - 1 ? pad(field.text, widths[i] ?? 0).slice(field.text.length) : ''),
    )
    .join(' '.repeat(gap))
}

function paint(field: Field): string {
  return field.paint ? field.paint(field.text) : field.text
}
