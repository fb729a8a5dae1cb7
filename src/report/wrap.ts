import { columnsOf } from './width.ts'

/** In columns. */
const longestCommand = 240

/**
 * Breaks prose at spaces into lines of at most `width` columns. Longer words stay whole, and so does text between backticks, because people
 * copy code: the first half of a command may be another command. Only what is too long for a command is broken.
 */
export function wrap(prose: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of words(prose, width)) {
    if (line === '') line = word
    else if (columnsOf(line) + 1 + columnsOf(word) <= width) line += ` ${word}`
    else {
      lines.push(line)
      line = word
    }
  }
  return line === '' ? lines : [...lines, line]
}

function words(prose: string, width: number): string[] {
  const tokens = prose.match(/[^\s`]*`[^`]*`[^\s`]*|\S+/g) ?? []
  return tokens.flatMap(token =>
    columnsOf(token) <= Math.max(width, longestCommand) ? [token] : (token.match(/\S+/g) ?? []),
  )
}

/** Prose in which every line but the first is indented: for list items and places. */
export function hang(first: string, prose: string, width: number): string[] {
  const indent = ' '.repeat(columnsOf(first))
  const lines = wrap(prose, Math.max(20, width - indent.length))
  return lines.length === 0 ? [first.trimEnd()] : lines.map((line, i) => (i === 0 ? first : indent) + line)
}
