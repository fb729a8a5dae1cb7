import { tokens } from '../../parse/lexer.ts'
import type { Statement } from '../../parse/script.ts'
import type { Token } from '../../parse/token.ts'
import { ofLatest } from '../latest.ts'

/** The statement's tokens without comments, at their places in the source. */
export const wordsOf = ofLatest((statement: Statement): readonly Token[] => {
  const [offset] = statement.span
  const words: Token[] = []
  for (const { kind, span, text } of tokens(statement.text))
    if (kind !== 'comment') words.push({ kind, span: [span[0] + offset, span[1] + offset], text })
  return words
})
