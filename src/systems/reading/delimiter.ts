import type { Span } from '../../parse/span.ts'

/** Quoted text and comments, in which a delimiter ends nothing. */
const SKIPPED =
  /'[^']*'|"[^"]*"|`[^`]*`|(\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$)[\s\S]*?(?:\1|$)|--[^\n]*\n?|\/\*[\s\S]*?(?:\*\/|$)/y

/**
 * The texts between the delimiters, in a file that says what ends a statement instead of a semicolon. A delimiter
 * counts before a comment or a quote begins, and not in parentheses (Atlas, sql/migrate/lex.go).
 */
export function between(text: string, [from, to]: Span, delimiter: string): Span[] {
  const spans: Span[] = []
  let start = from
  let depth = 0
  for (let position = from; position < to; ) {
    SKIPPED.lastIndex = position
    if (depth === 0 && text.startsWith(delimiter, position)) {
      spans.push([start, position])
      position += delimiter.length
      start = position
    } else if (SKIPPED.test(text)) position = SKIPPED.lastIndex
    else {
      if (text[position] === '(') depth++
      if (text[position] === ')') depth--
      position++
    }
  }
  if (start < to) spans.push([start, to])
  return spans.filter(span => text.slice(...span).trim() !== '')
}
