import { type Lexeme, next } from './lexer.ts'

/** Words that put one node of the tree inside another without a parenthesis. */
const NESTING = new Set(
  'not union except intersect join case is between like ilike similar collate at isnull notnull'.split(' '),
)

const PARENTHESIS = 2
const OPERATOR = 1

/**
 * With the usual stack (984 kB in V8) libpg-query 18 overflows at 1,579 nested sub-selects (2 and 1 for each), 3,528 calls (2 for each) or 6,178 operators in a row.
 */
const MOST = 1200

/**
 * True when the parse tree of `text` may be too deep for a stack of the usual length. It counts open parentheses and,
 * in each, the operators since its last comma. The count is never less than the true depth, and often more. A CASE with
 * a thousand branches is flat.
 */
export function mayNeedMoreStack(text: string): boolean {
  if (text.length * PARENTHESIS <= MOST) return false
  const open = [0]
  let sum = 0
  for (let lexeme = next(text, 0, text.length); lexeme; lexeme = next(text, lexeme.end, text.length)) {
    const innermost = open.length - 1
    const effect = effectOf(text, lexeme)
    if (effect === 'open') {
      open.push(PARENTHESIS)
      sum += PARENTHESIS
    } else if (effect === 'close' && innermost > 0) {
      sum -= open.pop() ?? 0
    } else if (effect === 'separate') {
      const own = innermost > 0 ? PARENTHESIS : 0
      sum -= (open[innermost] ?? 0) - own
      open[innermost] = own
    } else if (effect === 'nest') {
      open[innermost] = (open[innermost] ?? 0) + OPERATOR
      sum += OPERATOR
    }
    if (sum > MOST) return true
  }
  return false
}

function effectOf(text: string, lexeme: Lexeme): 'open' | 'close' | 'separate' | 'nest' | null {
  if (lexeme.kind === 'operator') return 'nest'
  if (lexeme.kind === 'word') {
    return NESTING.has(text.slice(lexeme.start, lexeme.end).toLowerCase()) ? 'nest' : null
  }
  if (lexeme.kind !== 'punctuation') return null
  const c = text[lexeme.start] ?? ''
  if (c === '(' || c === '[') return 'open'
  if (c === ')' || c === ']') return 'close'
  return c === ',' || c === ';' ? 'separate' : null
}
