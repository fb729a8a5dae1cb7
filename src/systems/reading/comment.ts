/** How comments are written: to the end of a line, or between two marks. */
export interface Comments {
  readonly line: string | null
  readonly open: string
  readonly close: string
}

/** The text without its comments. A comment that is not closed goes on to the end. Strings are not recognised. */
export function withoutComments(text: string, { line, open, close }: Comments): string {
  let isOpen = false
  const kept = text.split('\n').map(each => {
    if (!isOpen && line !== null && each.trimStart().startsWith(line)) return ''
    const found: string[] = []
    for (let at = 0; at < each.length; ) {
      const mark = isOpen ? close : open
      const stop = each.indexOf(mark, at)
      if (!isOpen) found.push(each.slice(at, stop < 0 ? each.length : stop))
      if (stop < 0) break
      isOpen = !isOpen
      at = stop + mark.length
    }
    return found.join('')
  })
  return kept.join('\n')
}
