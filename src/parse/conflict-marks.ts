import { next } from './lexer.ts'
import type { Span } from './span.ts'

/** What git writes at the beginning of a line in a file that it could not merge: one sign, seven times. */
const signs = ['<<<<<<<', '|||||||', '=======', '>>>>>>>']

/**
 * The lines that git left in a file that it could not merge, in order, each as a span of UTF-16 offsets without its
 * line end. None if they are not a complete conflict, or are in strings or comments.
 */
export function conflictMarks(text: string): Span[] {
  if (!text.includes('<<<<<<<') || !text.includes('>>>>>>>')) return []
  const marks: Span[] = []
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf('\n', start) < 0 ? text.length : text.indexOf('\n', start)
    const rest = text.slice(start + 7, end)
    if (signs.includes(text.slice(start, start + 7)) && (rest.trim() === '' || rest.startsWith(' '))) {
      marks.push([start, end])
    }
    start = end + 1
  }
  const outside = unquoted(text, marks)
  const sign = (mark: Span | undefined) => mark && text.slice(mark[0], mark[0] + 7)
  const isWhole =
    sign(outside[0]) === '<<<<<<<' &&
    sign(outside.at(-1)) === '>>>>>>>' &&
    outside.some(mark => sign(mark) === '=======')
  return isWhole ? outside : []
}

/** The spans, in order, that do not begin in a string, a quoted name or a comment. */
function unquoted(text: string, spans: readonly Span[]): Span[] {
  const found: Span[] = []
  let at = 0
  for (let lexeme = next(text, 0, text.length); lexeme; lexeme = next(text, lexeme.end, text.length)) {
    const isQuoted = ['string', 'quoted-identifier', 'comment'].includes(lexeme.kind)
    for (let span = spans[at]; span && span[0] < lexeme.end; span = spans[++at]) {
      if (!isQuoted || span[0] <= lexeme.start) found.push(span)
    }
  }
  return found
}

/** The text with spaces in place of these spans, so that no offset moves. */
export function blanked(text: string, spans: readonly Span[]): string {
  let result = ''
  let from = 0
  for (const [start, end] of spans) {
    result += text.slice(from, start) + ' '.repeat(end - start)
    from = end
  }
  return result + text.slice(from)
}
