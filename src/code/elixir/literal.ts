import { type Escape, lettersOfC, literalText } from '../literal.ts'
import { type Node, named } from '../node.ts'
import type { Argument, Expression } from '../syntax.ts'
import { cut, joined, type Literal, plain, type Text } from '../text.ts'

/** The parts of a string, a charlist, a heredoc or a textual sigil. `expression` reads its interpolations. */
export function partsOf(node: Node, source: string, expression: (node: Node) => Expression): (Text | Expression)[] {
  const mark = node.children.find(({ field }) => field === 'quoted_start')
  const quote = mark ? source.slice(mark.span[0], mark.span[1]) : '"'
  const literal: Literal = { at: node.span, escaped: text => escapedFor(quote, text, node.kind === 'sigil') }
  const parts: (Text | Expression)[] = []
  for (const child of node.children) {
    if (child.kind === 'quoted_content') parts.push(literalText(source, child.span, [], literal))
    else if (child.kind === 'escape_sequence') {
      const sequence: Escape = { at: child.span, said: unescaped(source.slice(child.span[0], child.span[1])) }
      parts.push(literalText(source, child.span, [sequence], literal))
    } else if (child.kind === 'interpolation') {
      const [inner] = named(child)
      if (inner) parts.push(expression(inner))
    }
  }
  return quote.length === 3 ? heredoc(parts, indentOf(node, source)) : parts
}

/** The indentation of the closing mark of a heredoc, which each of its lines loses. */
function indentOf(node: Node, source: string): number {
  const end = node.children.findLast(({ field }) => field === 'quoted_end')?.span[0] ?? node.span[1]
  return end - (source.lastIndexOf('\n', end - 1) + 1)
}

/** Without the line end after the opening mark, and without the indentation of the closing mark. */
function heredoc(parts: readonly (Text | Expression)[], indent: number): (Text | Expression)[] {
  let startsLine = false
  return parts.map((part, i) => {
    if (!isText(part)) {
      startsLine = false
      return part
    }
    const whole = plain(part)
    const pieces: Text[] = []
    let at = 0
    for (const line of whole.split('\n')) {
      const end = at + line.length + 1
      const isStart = at > 0 || startsLine
      const white = line.length - line.trimStart().length
      const from = at + (isStart ? Math.min(indent, white) : 0)
      // The first line is the empty rest of the line with the opening mark.
      if (!(i === 0 && at === 0 && line.trim() === '')) pieces.push(cut(part, from, end))
      at = end
    }
    startsLine = whole.endsWith('\n')
    return joined(pieces)
  })
}

function isText(part: Text | Expression): part is Text {
  return part.kind === 'text' && 'pieces' in part
}

/** The words of `~w(a b)`, which are atoms where an `a` follows. */
export function wordsOf(node: Node, source: string): Argument[] {
  const content = node.children.find(({ kind }) => kind === 'quoted_content')
  if (!content) return []
  const modifiers = node.children.find(({ kind }) => kind === 'sigil_modifiers')
  const areAtoms = modifiers !== undefined && source.slice(modifiers.span[0], modifiers.span[1]) === 'a'
  const literal: Literal = { at: node.span, escaped: () => null }
  return [...source.slice(content.span[0], content.span[1]).matchAll(/\S+/g)].map(({ index, 0: word }) => {
    const start = content.span[0] + index
    const at = [start, start + word.length] as const
    const text = areAtoms ? atom(word, at) : literalText(source, at, [], literal)
    return { value: { kind: 'text', parts: [text], at } }
  })
}

/** An atom. It differs from a string by having no literal. */
export function atom(word: string, at: Text['pieces'][number]['at']): Text {
  return { kind: 'text', pieces: word === '' ? [] : [{ text: word, at, isVerbatim: true }] }
}

/** Whether a text is an atom (`:name`), or the name of an entry. */
export function isAtom({ pieces }: Text): boolean {
  return pieces.every(piece => piece.literal === undefined && piece.unknown === undefined)
}

const letters: ReadonlyMap<string, string> = new Map([
  ...lettersOfC,
  ['s', ' '],
  ['0', '\0'],
  ['d', '\u007f'],
  ['e', '\u001b'],
])

function unescaped(sequence: string): string {
  const rest = sequence.slice(1)
  if (/^\r?\n$/.test(rest)) return ''
  const code = /^(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|u\{([\da-fA-F]{1,6})\})$/.exec(rest)
  if (code) {
    const point = Number.parseInt(code[1] ?? code[2] ?? code[3] ?? '0', 16)
    return point > 0x10ffff ? '' : String.fromCodePoint(point)
  }
  return letters.get(rest) ?? rest
}

/** Text as it is written between these marks; null: that is impossible. */
function escapedFor(quote: string, text: string, isSigil: boolean): string | null {
  if (isSigil) return /[\\()[\]{}<>|/"'\n]|#\{/.test(text) ? null : text
  const said = text.replaceAll('\\', '\\\\').replaceAll('#{', '\\#{')
  if (quote.length === 3) return said.includes(quote) ? null : said
  return said.replaceAll(quote, `\\${quote}`).replaceAll('\n', '\\n')
}
