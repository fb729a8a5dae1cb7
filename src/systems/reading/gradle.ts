/**
 * The strings of a Gradle script, in Groovy or Kotlin, without its comments: names of plugins and dependencies are among them. What
 * stands between `${` and `}` is a part of the string.
 */
export function stringsOfGradle(text: string): string[] {
  const found: string[] = []
  for (let at = 0; at < text.length; ) {
    const mark = marks.find(each => text.startsWith(each.open, at))
    if (mark === undefined) {
      at++
      continue
    }
    const start = at + mark.open.length
    const end = endOf(text, start, mark)
    if (mark.isString) found.push(text.slice(start, end))
    at = end + mark.close.length
  }
  return found
}

interface Mark {
  readonly open: string
  readonly close: string
  readonly isString: boolean
}

/** Those that begin like another one come before it. */
const marks: readonly Mark[] = [
  { open: '//', close: '\n', isString: false },
  { open: '/*', close: '*/', isString: false },
  { open: '"""', close: '"""', isString: true },
  { open: "'''", close: "'''", isString: true },
  { open: '"', close: '"', isString: true },
  { open: "'", close: "'", isString: true },
]

/** Where it is closed; a string on one line that is not closed ends with that line, as it would otherwise take the rest of the script. */
function endOf(text: string, start: number, { close, isString }: Mark): number {
  if (!isString) {
    const end = text.indexOf(close, start)
    return end < 0 ? text.length : end
  }
  for (let at = start; at < text.length; at++) {
    if (text[at] === '\\') at++
    else if (text.startsWith(close, at) || (close.length === 1 && text[at] === '\n')) return at
  }
  return text.length
}
