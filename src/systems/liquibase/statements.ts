import { next } from '../../parse/lexer.ts'
import type { Span } from '../../parse/span.ts'

export interface Piece {
  readonly span: Span
  /** Several statements that reach the driver as one text: it sends them together, as PostgreSQL has it of one message. */
  readonly isTogether: boolean
}

/**
 * Where Liquibase does not cut at semicolons: from the word BEGIN to the END that goes with it, or to the end of the change set
 * (processMultiLineSQL in StringUtil.java; run with 4.28). What is before, between and after such pieces is sent by statements.
 */
export function piecesOf(text: string, [from, to]: Span): Piece[] {
  const pieces: Piece[] = []
  let depth = 0
  let start = from // of what has not become a piece
  let statement = from // where the statement begins
  let semicolons = 0 // in the words that are kept together
  const add = (span: Span, isTogether: boolean) => {
    const [first, last] = span
    if (text.slice(first, last).trim() !== '') pieces.push({ span, isTogether })
  }
  const close = (end: number) => {
    if (semicolons > 0) {
      add([start, statement], false)
      add([statement, end], true)
      start = end
    }
    semicolons = 0
  }
  for (let token = next(text, from, to); token !== null; ) {
    const following = next(text, token.end, to)
    const word = token.kind === 'comment' ? '' : text.slice(token.start, token.end).toLowerCase()
    const after = following === null ? '' : text.slice(following.start, following.end)
    if (word === 'begin' && !TRANSACTION.test(after) && !/^(?:dialog|conversation|distributed)$/i.test(after)) depth++
    if (word === 'end' && depth > 0 && !TRANSACTION.test(after)) depth--
    if (word === ';' && depth > 0 && following !== null) semicolons++
    if (word === ';' && depth === 0) {
      close(token.end)
      statement = token.end
    }
    token = following
  }
  close(to)
  add([start, to], false)
  return pieces
}

const TRANSACTION = /^(?:transaction|trans?)$/i
