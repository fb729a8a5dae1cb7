import { tokens } from '../parse/lexer.ts'
import type { Statement } from '../parse/script.ts'
import type { Span } from '../parse/span.ts'
import type { Token } from '../parse/token.ts'
import { walk } from './expression.ts'

/**
 * Where an expression, or a constraint of a column or table, stands in the source. The tree tells where it starts; its end is
 * found in the text: at the comma, the bracket or the word that begins something else. The statement's own span when its
 * text cannot be laid over the source (inside an EXECUTE'd literal with doubled quotes).
 */
export function spanOf(node: unknown, statement: Statement): Span {
  const [offset, end] = statement.span
  if (statement.text.length !== end - offset) return statement.span
  const words = wordsOf(statement)
  const first = words.findIndex(token => token.span[0] + offset >= startOf(node))
  if (first < 0) return statement.span
  const [from, to] = extent(words, first)
  return [(words[from]?.span[0] ?? 0) + offset, (words[to]?.span[1] ?? 0) + offset]
}

/** The text of an expression or constraint as it stands in the source; empty when it cannot be told. */
export function textOf(node: unknown, statement: Statement): string {
  const [start, end] = spanOf(node, statement)
  if (start === statement.span[0]) return ''
  return statement.text.slice(start - statement.span[0], end - statement.span[0])
}

const known = new WeakMap<Statement, readonly Token[]>()

function wordsOf(statement: Statement): readonly Token[] {
  const words = known.get(statement) ?? tokens(statement.text).filter(token => token.kind !== 'comment')
  known.set(statement, words)
  return words
}

function startOf(node: unknown): number {
  let start = Number.POSITIVE_INFINITY
  walk({ Root: node }, (_kind, { location }) => {
    if (typeof location === 'number' && location >= 0) start = Math.min(start, location)
  })
  return start
}

/** Indexes of the first and last token. */
function extent(words: readonly Token[], first: number): readonly [from: number, to: number] {
  let from = first
  let at = first + headLength(words, first)
  let depth = 0
  for (; at < words.length; at++) {
    const text = words[at]?.text ?? ''
    if (text === '(' || text === '[') depth++
    if (text === ')' || text === ']') {
      // A bracket that was open before the first place in the tree: `(a + b) * c` starts with it, `CHECK (a > b)` does not.
      if (depth === 0 && (words[from - 1]?.text !== '(' || isClauseBracket(words, from - 1))) break
      if (depth === 0) from--
      else depth--
    }
    if (depth === 0 && endsHere(words, at)) break
  }
  return [from, Math.max(from, at - 1)]
}

/** Tokens that cannot end what they begin: `CONSTRAINT name CHECK`. */
function headLength(words: readonly Token[], first: number): number {
  return isWord(words[first], ['CONSTRAINT']) ? 3 : 1
}

function isClauseBracket(words: readonly Token[], bracket: number): boolean {
  return isWord(words[bracket - 1], ['CHECK', 'AS'])
}

/** Words that begin the next part of a column definition. Source: ColConstraintElem, columnOptions in gram.y. */
const beginners = [
  'CONSTRAINT',
  'UNIQUE',
  'PRIMARY',
  'CHECK',
  'GENERATED',
  'REFERENCES',
  'COLLATE',
  'STORED',
  'VIRTUAL',
]

function endsHere(words: readonly Token[], at: number): boolean {
  const [before, word, after] = [words[at - 1], words[at], words[at + 1]]
  if (word?.text === ',' || word?.text === ';') return true
  // FOREIGN KEY (…) REFERENCES is one constraint.
  if (isWord(word, ['REFERENCES']) && before?.text === ')' && isForeignKey(words, at)) return false
  if (isWord(word, beginners)) return true
  // Not those of IS NOT NULL, SET NULL, SET DEFAULT.
  if (isWord(word, ['NULL', 'DEFAULT'])) return !isWord(before, ['IS', 'SET', 'NOT'])
  return isWord(word, ['NOT']) && isWord(after, ['NULL']) && !isWord(before, ['IS'])
}

function isForeignKey(words: readonly Token[], at: number): boolean {
  const open = words.slice(0, at).findLastIndex(({ text }) => text === '(')
  return isWord(words[open - 1], ['KEY']) && isWord(words[open - 2], ['FOREIGN'])
}

function isWord(token: Token | undefined, expected: readonly string[]): boolean {
  return token?.kind === 'word' && expected.includes(token.text.toUpperCase())
}
