import { transformSync } from 'esbuild'

/** One small change of a file that ought to make a test fail. */
export interface Flip {
  /** Relative to the top of the project. */
  readonly file: string
  /** From 1. */
  readonly line: number
  /** UTF-16 offsets into the file's text. */
  readonly span: readonly [start: number, end: number]
  readonly from: string
  readonly to: string
}

/**
 * What an operator becomes. All of Biome's binary operators have spaces around them, which tells `a < b` from `Map<A, B>`; a `!` in
 * front of a value has none behind it.
 */
const flipped: Readonly<Record<string, string>> = {
  ' === ': ' !== ',
  ' !== ': ' === ',
  ' && ': ' || ',
  ' || ': ' && ',
  ' ?? ': ' && ',
  ' < ': ' <= ',
  ' <= ': ' < ',
  ' > ': ' >= ',
  ' >= ': ' > ',
  ' + ': ' - ',
  ' - ': ' + ',
  true: 'false',
  false: 'true',
  '!': '',
  '.some(': '.every(',
  '.every(': '.some(',
}

/** Comments, strings, templates and regular expressions are passed over; an operator may be at the end or start of a line. */
const tokens =
  /\/\/[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`|(?<=[(,=:[!&|?{};\n] *)\/(?![/*])(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*|(?<operator>(?<=\s)(?:===|!==|&&|\|\||\?\?|<=?|>=?|\+|-)(?=\s))|(?<word>\b(?:true|false)\b)|(?<not>!(?=[\w(]))(?<![\w)\]]!)|(?<method>\.(?:some|every)\()/g

/** All flips of a file's text that leave it a program, and another one. */
export function flipsOf(file: string, text: string): Flip[] {
  const original = compiled(text)
  const found: Flip[] = []
  for (const match of text.matchAll(tokens)) {
    const { operator, word, not, method } = match.groups ?? {}
    const from = operator ?? word ?? not ?? method
    if (from === undefined) continue
    const to = flipped[operator === undefined ? from : ` ${operator} `]?.trim() ?? from
    const span = [match.index, match.index + from.length] as const
    const line = text.slice(0, match.index).split('\n').length
    const flip = { file, line, span, from, to }
    const made = compiled(applied(text, flip))
    // What is gone when types are taken away was part of a type.
    if (made !== null && made !== original) found.push(flip)
  }
  return found
}

export function applied(text: string, { span, to }: Flip): string {
  return text.slice(0, span[0]) + to + text.slice(span[1])
}

function compiled(text: string): string | null {
  try {
    return transformSync(text, { loader: 'ts', logLevel: 'silent' }).code
  } catch {
    return null
  }
}
