import type { Remark } from '../../migration/remark.ts'
import { headLine, lineFrom } from '../../parse/head-line.ts'
import { next } from '../../parse/lexer.ts'
import type { Span } from '../../parse/span.ts'

/**
 * Comments that ask for no transaction, in a file in which the system does not see such a marker. A comment in a string
 * or in the body of a function does not count. `expected` is the place and the spelling that the system reads, for
 * people: `at the very start of the file`.
 */
export function ignoredOptOuts(text: string, pattern: RegExp, expected: string): Remark[] {
  const found: Remark[] = []
  for (let lexeme = next(text, 0, text.length); lexeme; lexeme = next(text, lexeme.end, text.length)) {
    const { kind, start, end } = lexeme
    const marker = text.slice(start, end).trimEnd()
    if (kind === 'comment' && pattern.test(marker)) {
      found.push({ at: [start, start + marker.length], kind: 'ignored-opt-out', marker, expected })
    }
  }
  return found
}

/** The file opts out of the transaction, but is sent in one message. The finding is at the marker, or on the first line. */
export function oneMessage(text: string, marker: string): Remark[] {
  const start = text.indexOf(marker)
  return [{ kind: 'one-message', at: start < 0 ? headLine(text) : lineFrom(text, start) }]
}

/** The system stops at this file. `why` ends a sentence; the finding is on the first line that is not empty. */
export function refused(text: string, why: string, help: string, at: Span = headLine(text)): Remark {
  return { at, kind: 'refused', why, help }
}
