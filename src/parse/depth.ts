import { type Lexeme, next } from './lexer.ts'

/** Words that put one node of the tree inside another without a parenthesis. */
const NESTING = new Set(
  'not union except intersect join case is between like ilike similar collate at isnull notnull'.split(' '),
)

const PARENTHESIS = 2
const OPERATOR = 1

/**
 * libpg-query 18 on Node 20 overflows the stack at about 2,400 nested calls or 7,400 operators in a row. A statement
 * within these bounds passes with half of the stack in use already.
 */
const MOST = 2400

/**
 * Where the parse tree of `text` may become too deep for the parser, or -1. Counted are open parentheses and, in each,
 * the operators since its last comma: never less than the true depth.
 *
 * The parser writes its tree by recursion, and its WebAssembly instance is damaged by every overflow of the stack: what
 * is too deep must not reach it.
 */
export function tooDeepAt(text: string): number {
  if (text.length * PARENTHESIS <= MOST) return -1
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
    if (sum > MOST) return lexeme.start
  }
  return -1
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
