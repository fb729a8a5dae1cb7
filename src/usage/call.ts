import { wordBefore } from './forms.ts'

/** What a place in Ruby or PHP is an argument of. */
export interface CallAround {
  /** The names of the call and of what it is on, in order: `Order`, `joins`, `where`. */
  readonly chain: readonly string[]
  /** The key of the hash or list in which the place is: `orders` in `where(orders: { note: 1 })`; null: none. */
  readonly key: string | null
}

/** Further back is not looked. */
const farthest = 800

const openings: ReadonlySet<string> = new Set('([{')
const closings: ReadonlySet<string> = new Set(')]}')

/** The call, hash or index around a place; null: there is none, or only a command such as `validates :note`. */
export function callAround(code: string, at: number): CallAround | null {
  let depth = 0
  for (let i = at - 1; i >= 0 && i > at - farthest; i--) {
    const here = code.charAt(i)
    if (closings.has(here)) depth++
    else if (here === '\n' && depth === 0 && endsStatement(code, i)) return command(code.slice(i + 1, at))
    else if (openings.has(here)) {
      if (depth-- > 0) continue
      depth = 0
      const key = here === '(' ? undefined : keyBefore(code, i)
      if (key !== undefined) return { chain: [], key }
      if (here === '(') return { chain: chainBefore(code, i), key: null }
    }
  }
  return null
}

/** The key whose value begins at a place, or the name of what is indexed there: `orders` of `orders: {`, `'orders' => [` and `orders[`. */
function keyBefore(code: string, at: number): string | undefined {
  const end = endBefore(code, at)
  if (code.endsWith(':', end)) return wordBefore(code, end - 1)
  if (code.endsWith('=>', end)) {
    const key = endBefore(code, end - 2)
    return wordBefore(code, /["']/.test(code.charAt(key - 1)) ? key - 1 : key)
  }
  return code.charAt(at) === '[' ? wordBefore(code, at)?.replace('$', '') : undefined
}

/** `Order.where note: 1` → the chain of `where`; a call on nothing does not count. */
function command(text: string): CallAround | null {
  const chain = /^\s*(?:(?:return|if|unless) )?(?:\w+ (?:\|\|)?= )?([\w@$]+(?:(?:&?\.|::)\w+)+[?!]?)\s/.exec(text)?.[1]
  return chain === undefined ? null : { chain: chain.split(/[^\w]+/).filter(word => word !== ''), key: null }
}

/** True if nothing before the end of a line shows that the statement goes on. */
function endsStatement(code: string, lineEnd: number): boolean {
  const next = code.slice(lineEnd + 1, lineEnd + 200).trimStart()
  return !/[,([{|&.=]\s*$/.test(code.slice(Math.max(0, lineEnd - 40), lineEnd)) && !/^(?:&?\.|\?->|->)/.test(next)
}

/** The names of a chain of calls that ends before a parenthesis, with arguments that are only a name: `require(:order)`. */
function chainBefore(code: string, end: number): string[] {
  const names: string[] = []
  let at = end
  while (end - at < farthest) {
    if (/[?!]/.test(code.charAt(at - 1))) at--
    const name = wordBefore(code, at)
    if (name === undefined) return names
    names.unshift(name.replace('$', ''))
    at = endBefore(code, at - name.length)
    const separator = ['?->', '&.', '->', '::', '.'].find(each => code.endsWith(each, at))
    if (separator === undefined) return names
    at = endBefore(code, at - separator.length)
    while (closings.has(code.charAt(at - 1))) {
      const start = openOf(code, at - 1)
      const argument = /^[(:"'\s]*(\w+)["')\s]*$/.exec(code.slice(start, at))?.[1]
      if (argument !== undefined) names.unshift(argument)
      at = start
    }
  }
  return names
}

/** The end of the text before a place, without blanks. */
function endBefore(code: string, at: number): number {
  let end = at
  while (/\s/.test(code.charAt(end - 1))) end--
  return end
}

/** The place of the bracket that one at a place closes; 0 if there is none near. */
function openOf(code: string, close: number): number {
  let depth = 0
  for (let i = close; i >= 0 && close - i < farthest; i--) {
    const here = code.charAt(i)
    if (closings.has(here)) depth++
    else if (openings.has(here) && --depth === 0) return i
  }
  return 0
}
