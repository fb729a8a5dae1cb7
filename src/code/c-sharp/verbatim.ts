/**
 * A text of the same length and meaning that the grammar of C# can read. It knows only one order of the marks of an interpolated verbatim
 * literal, and takes a doubled quote at its end for the beginning of a raw one: `@$"DROP TABLE ""{name}"""`. The text of literals is
 * taken from the file itself.
 */
export function readable(text: string): string {
  const parts: string[] = []
  let from = 0
  for (const { index } of text.matchAll(/(?:\$@|@\$)"/g)) {
    if (index < from) continue
    parts.push(text.slice(from, index), '$@"')
    from = index + 3
    let at = from
    while (at < text.length) {
      const two = text.slice(at, at + 2)
      if (two === '""') {
        parts.push(text.slice(from, at), '  ')
        from = at + 2
        at = from
      } else if (two === '{{' || two === '}}') at += 2
      else if (text[at] === '"') break
      else at = text[at] === '{' ? afterHole(text, at + 1) : at + 1
    }
    // It has no end, so that no other literal begins after it.
    if (at >= text.length) break
  }
  parts.push(text.slice(from))
  return parts.join('')
}

/** Where a hole ends that begins before `at`. Strings in it have no escapes that end them. */
function afterHole(text: string, at: number): number {
  let depth = 1
  for (let place = at; place < text.length; place++) {
    const mark = text[place]
    if (mark === '{') depth++
    else if (mark === '}' && --depth === 0) return place + 1
    else if (mark === '"') {
      const end = text.indexOf('"', place + 1)
      if (end < 0) return text.length
      place = end
    }
  }
  return text.length
}
