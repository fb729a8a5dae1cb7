import { append } from '../../parse/list.ts'
import type { Span } from '../../parse/span.ts'
import { type Node, named } from '../node.ts'
import type { Literal, Piece, Text } from '../text.ts'

/** A string in quotes: each character where it stands, each escape as one place. */
export function stringOf(node: Node, source: string): Text {
  const quote = source[node.span[0]] ?? "'"
  const literal: Literal = { at: node.span, escaped: text => escapedFor(quote, text) }
  return { kind: 'text', pieces: named(node).flatMap(child => pieceOf(child, source, literal)) }
}

/** The texts between the holes of a template, one more than there are holes; and the holes. */
export function templateOf(node: Node, source: string): { readonly texts: readonly Text[]; readonly holes: Node[] } {
  const literal: Literal = { at: node.span, escaped: text => escapedFor('`', text) }
  const texts: Piece[][] = [[]]
  const holes: Node[] = []
  for (const child of named(node)) {
    if (child.kind === 'template_substitution') {
      holes.push(child)
      texts.push([])
    } else append(texts.at(-1) ?? [], pieceOf(child, source, literal))
  }
  // An empty template has a place, too.
  return { texts: texts.map(pieces => ({ kind: 'text', pieces })), holes }
}

function pieceOf(node: Node, source: string, literal: Literal): Piece[] {
  const [start, end] = node.span
  const text = source.slice(start, end)
  if (node.kind === 'string_fragment') return text === '' ? [] : unifiedEnds(text, node.span, literal)
  if (node.kind !== 'escape_sequence') return []
  const said = unescaped(text)
  return said === '' ? [] : [{ text: said, at: node.span, isVerbatim: false, literal }]
}

/** ECMAScript: the value of a template has only line feeds, however lines end in the file. */
function unifiedEnds(text: string, at: Span, literal: Literal): Piece[] {
  if (!text.includes('\r')) return [{ text, at, isVerbatim: true, literal }]
  const pieces: Piece[] = []
  let from = 0
  for (const { index, 0: ends } of text.matchAll(/\r\n?/g)) {
    if (index > from)
      pieces.push({ text: text.slice(from, index), at: [at[0] + from, at[0] + index], isVerbatim: true, literal })
    pieces.push({ text: '\n', at: [at[0] + index, at[0] + index + ends.length], isVerbatim: false, literal })
    from = index + ends.length
  }
  if (from < text.length) pieces.push({ text: text.slice(from), at: [at[0] + from, at[1]], isVerbatim: true, literal })
  return pieces
}

const letters: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['t', '\t'],
  ['r', '\r'],
  ['b', '\b'],
  ['f', '\f'],
  ['v', '\v'],
  ['0', '\0'],
])

/** What an escape stands for (ECMAScript, 12.9.4.1 Static Semantics: SV). */
function unescaped(sequence: string): string {
  const rest = sequence.slice(1)
  if (/^(?:\r\n?|\n|\u2028|\u2029)$/.test(rest)) return ''
  const code = /^(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|u\{([\da-fA-F]+)\})$/.exec(rest)
  if (code) {
    const point = Number.parseInt(code[1] ?? code[2] ?? code[3] ?? '0', 16)
    return point > 0x10ffff ? '' : String.fromCodePoint(point)
  }
  if (/^[0-7]{1,3}$/.test(rest)) return String.fromCharCode(Number.parseInt(rest, 8))
  return letters.get(rest) ?? rest
}

/** Text as it is written in a literal with these quotes; null: that is impossible. */
function escapedFor(quote: string, text: string): string | null {
  const plain = text.replaceAll('\\', '\\\\').replaceAll(quote, `\\${quote}`)
  if (quote === '`') return plain.replaceAll('${', '\\${')
  return plain.replaceAll('\r', '\\r').replaceAll('\n', '\\n')
}

/** `1_000`, `0x1F`, `10n`. */
export function numberOf(text: string): number {
  const digits = text.replaceAll('_', '').replace(/n$/, '')
  return /^0[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number(digits)
}
