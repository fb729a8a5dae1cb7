import { lookUp } from '../../parse/look-up.ts'
import type { Token } from './block.ts'
import { ofText } from './files.ts'
import { memoryOf, type Tree } from './tree.ts'

/** How a language writes comments and strings. A mark that begins with another one comes before it. */
interface Marks {
  readonly comments: readonly (readonly [open: string, close: string])[]
  /** A string whose mark is one character ends with its line even if it is not closed; one with a longer mark continues. */
  readonly strings: readonly string[]
}

const c: Marks['comments'] = [
  ['/*', '*/'],
  ['//', '\n'],
]
const javascript: Marks = { comments: c, strings: ['"', "'", '`'] }
const hash: Marks = { comments: [['#', '\n']], strings: ['"""', "'''", '"', "'"] }
const groovy: Marks = { comments: c, strings: hash.strings }

/** Languages by the ends of file names. */
const languages: Readonly<Record<string, Marks>> = {
  ...Object.fromEntries(
    ['js', 'mjs', 'cjs', 'ts', 'mts', 'cts', 'json', 'gmrc', 'sequelizerc'].map(end => [end, javascript]),
  ),
  prisma: { comments: [['//', '\n']], strings: ['"'] },
  cs: { comments: c, strings: ['"""', '"', "'"] },
  php: { comments: [...c, ['#', '\n']], strings: ['"', "'"] },
  hcl: { comments: [...c, ['#', '\n']], strings: ['"'] },
  gradle: groovy,
  kts: groovy,
  coffee: {
    comments: [
      ['###', '###'],
      ['#', '\n'],
    ],
    strings: hash.strings,
  },
  ...Object.fromEntries(['py', 'rb', 'ex', 'exs', 'txt'].map(end => [end, hash])),
}

/** A string of a program, without its quotes. UTF-16 offsets. */
interface Quoted {
  readonly kind: 'string'
  readonly start: number
  readonly end: number
  readonly quote: string
}

interface Commented {
  readonly kind: 'comment'
  readonly start: number
  readonly end: number
}

/** The comments and strings of a text, in order. A comment inside a string does not count, nor does a string inside a comment. */
function* marked(text: string, { comments, strings }: Marks): Generator<Quoted | Commented> {
  const first = beginnings([...comments.map(([open]) => open), ...strings])
  for (let at = 0; at < text.length; ) {
    // Nearly all characters of a program are others.
    if (first[text.charCodeAt(at)] !== 1) {
      at++
      continue
    }
    const comment = comments.find(([open]) => text.startsWith(open, at))
    const quote = comment ? undefined : strings.find(each => text.startsWith(each, at))
    if (comment) {
      const [open, close] = comment
      const found = text.indexOf(close, at + open.length)
      // The end of the line is not a part of it.
      const end = found < 0 ? text.length : close === '\n' ? found : found + close.length
      yield { kind: 'comment', start: at, end }
      at = end
    } else if (quote !== undefined) {
      const start = at + quote.length
      const end = endOf(text, start, quote)
      yield { kind: 'string', start, end, quote }
      at = text.startsWith(quote, end) ? end + quote.length : end
    } else at++
  }
}

/** The characters with which marks begin, by their codes. */
function beginnings(marks: readonly string[]): Uint8Array {
  const found = new Uint8Array(128)
  for (const mark of marks) found[mark.charCodeAt(0)] = 1
  return found
}

const [backslash, lineFeed] = [92, 10]

function endOf(text: string, start: number, quote: string): number {
  const goesOn = quote.length > 1 || quote === '`'
  const first = quote.charCodeAt(0)
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === backslash) at++
    else if (code === first ? text.startsWith(quote, at) : !goesOn && code === lineFeed) return at
  }
  return text.length
}

function marksOf(path: string): Marks | undefined {
  return lookUp(languages, path.slice(path.lastIndexOf('.') + 1).toLowerCase())
}

/**
 * The text with spaces in place of its comments, so that every other character keeps its place. The name of the file decides the language;
 * an unknown language has no comments.
 */
export function withoutComments(text: string, path: string): string {
  const marks = marksOf(path)
  if (!marks?.comments.some(([open]) => text.includes(open))) return text
  const kept: string[] = []
  let from = 0
  for (const { kind, start, end } of marked(text, marks)) {
    if (kind === 'string') continue
    kept.push(text.slice(from, start), text.slice(start, end).replace(/[^\n]/g, ' '))
    from = end
  }
  kept.push(text.slice(from))
  return kept.join('')
}

/** The strings of a text that are not in comments, without their quotes, as they are written. */
export function stringsIn(text: string, path: string): string[] {
  const marks = marksOf(path)
  if (!marks) return []
  return [...marked(text, marks)].flatMap(({ kind, start, end }) => (kind === 'string' ? text.slice(start, end) : []))
}

/** The words, strings and marks of a text, without its comments. Nothing for an unknown language. */
export function* tokensOf(text: string, path: string): Generator<Token> {
  const marks = marksOf(path)
  if (!marks) return
  let from = 0
  for (const found of marked(text, marks)) {
    const { kind, start, end } = found
    const quote = kind === 'string' ? found.quote : ''
    yield* wordsIn(text.slice(from, start - quote.length))
    if (kind === 'string') yield { kind, text: text.slice(start, end) }
    // A string that is not closed ends with its line or with the text.
    from = text.startsWith(quote, end) ? end + quote.length : end
  }
  yield* wordsIn(text.slice(from))
}

function* wordsIn(text: string): Generator<Token> {
  for (const [word] of text.matchAll(/[\w$]+|\n|[^\s\w$]/g))
    yield { kind: /^[\w$]/.test(word) ? 'word' : 'mark', text: word }
}

/** The text of a program or of settings without its comments; null if there is none or it cannot be read. */
export function codeOf(tree: Tree, path: string): string | null {
  return codeBy(path.slice(path.lastIndexOf('.') + 1))(tree, path)
}

const codeBy = memoryOf((ending: string) => ofText(text => withoutComments(text, ending)))
