import { type Escape, lettersOfC, literalText } from '../literal.ts'
import type { Node } from '../node.ts'
import type { TextExpression } from '../syntax.ts'
import type { Literal } from '../text.ts'

/** A string between quotes or backquotes. Backquoted strings have no escapes, and Go leaves out their carriage returns. */
export function stringOf(node: Node, source: string): TextExpression {
  const isRaw = node.kind === 'raw_string_literal'
  const literal: Literal = { at: node.span, escaped: text => (isRaw ? escapedRaw(text) : escaped(text)) }
  const escapes = node.children
    .filter(({ kind }) => kind === 'escape_sequence')
    .map(({ span }): Escape => ({ at: span, said: unescaped(source.slice(span[0], span[1])) }))
  const inside = [node.span[0] + 1, node.span[1] - 1] as const
  return { kind: 'text', parts: [literalText(source, inside, escapes, literal)], at: node.span }
}

/** What an escape stands for (The Go Programming Language Specification, Rune literals). */
function unescaped(sequence: string): string {
  const rest = sequence.slice(1)
  const code = /^(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8}))$/.exec(rest)
  if (code) {
    const point = Number.parseInt(code[1] ?? code[2] ?? code[3] ?? '0', 16)
    return point > 0x10ffff ? '' : String.fromCodePoint(point)
  }
  if (/^[0-7]{3}$/.test(rest)) return String.fromCharCode(Number.parseInt(rest, 8))
  return lettersOfC.get(rest) ?? rest
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\r', '\\r').replaceAll('\n', '\\n')
}

function escapedRaw(text: string): string | null {
  return text.includes('`') || text.includes('\r') ? null : text
}
