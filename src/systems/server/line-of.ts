/** The line, from 1, of the first place of a text that is not in a comment that begins with `#` or `//`; null: it is nowhere. */
export function lineOf(text: string, needle: string): number | null {
  if (needle === '') return null
  let line = 1
  let from = 0
  for (let at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, at + needle.length)) {
    for (let end = text.indexOf('\n', from); end >= 0 && end < at; end = text.indexOf('\n', from)) {
      line++
      from = end + 1
    }
    if (!/^\s*(?:#|\/\/)/.test(text.slice(from, at))) return line
  }
  return null
}
