/** Python itself allows a hundred levels (MAXINDENT of its tokenizer). Lines within texts count here, too, although they are not levels. */
const most = 200
const tab = 8

/**
 * True if lines are indented in more levels than Python allows. The grammar writes outside of its memory at more than about 500 levels.
 */
export function isIndentedTooOften(text: string): boolean {
  const levels: number[] = []
  for (const [, indent = ''] of text.matchAll(/^([ \t\f]+)\S/gm)) {
    let width = 0
    for (const each of indent) width += each === '\t' ? tab : 1
    while ((levels.at(-1) ?? 0) >= width && levels.length > 0) levels.pop()
    levels.push(width)
    if (levels.length > most) return true
  }
  return false
}
