/** Python itself allows a hundred levels (MAXINDENT of its tokenizer). Lines within texts and parentheses count here, too, although they are not levels. */
const most = 200
/** The grammar keeps widths in sixteen bits. */
const widest = 65_535
const tab = 8

/**
 * True if lines are indented by more different widths than Python allows levels. The grammar writes outside of its memory at 383 levels
 * within strings, or 504 elsewhere: each of its levels is wider than the one before, so there are no more levels than different widths.
 *
 * Widths are counted as the grammar counts them (`tree_sitter_python_external_scanner_scan` of tree-sitter-python), whatever stands behind
 * them: a tab is eight, a form feed or carriage return starts the line again, a backslash continues it in the next line.
 */
export function isIndentedTooOften(text: string): boolean {
  const widths = new Set<number>()
  for (let start = 0; start >= 0; ) {
    const { width, end } = indent(text, start)
    widths.add(width)
    if (widths.size > most || width > widest) return true
    start = text.indexOf('\n', end) + 1 || -1
  }
  return false
}

/** The width of the space at the start of a line, and where it ends. */
function indent(text: string, start: number): { readonly width: number; readonly end: number } {
  let width = 0
  for (let at = start; ; at++) {
    const each = text[at]
    if (each === ' ') width++
    else if (each === '\t') width += tab
    else if (each === '\f' || each === '\r') width = 0
    else if (each === '\\') {
      const line = text[at + 1] === '\r' ? at + 2 : at + 1
      if (text[line] !== '\n') return { width, end: at }
      at = line
    } else return { width, end: at }
  }
}
