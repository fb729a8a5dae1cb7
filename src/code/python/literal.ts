import { type Escape, lettersOfC, literalText } from '../literal.ts'
import { type Node, named } from '../node.ts'
import type { Expression, TextExpression } from '../syntax.ts'
import type { Literal, Text } from '../text.ts'

/** A string. `expression` reads the values in the braces of an f-string. */
export function stringOf(node: Node, source: string, expression: (node: Node) => Expression): TextExpression {
  const start = node.children.find(({ kind }) => kind === 'string_start')
  const mark = start ? source.slice(start.span[0], start.span[1]) : "'"
  const literal: Literal = { at: node.span, escaped: text => escapedFor(mark, text) }
  const parts: (Text | Expression)[] = []
  for (const child of node.children) {
    if (child.kind === 'string_content') {
      const escapes = child.children
        .filter(({ kind }) => /^escape/.test(kind))
        .map(
          ({ kind, span }): Escape => ({
            at: span,
            said: kind === 'escape_interpolation' ? source.charAt(span[0]) : unescaped(source.slice(span[0], span[1])),
          }),
        )
      parts.push(literalText(source, child.span, escapes, literal))
    } else if (child.kind === 'interpolation') {
      const [inner] = named(child)
      // `{number:>3}` gives a text that differs from the number.
      const isChanged = child.children.some(({ kind }) => kind === 'format_specifier' || kind === 'type_conversion')
      if (inner)
        parts.push(
          isChanged
            ? { kind: 'unread', why: 'its text is formatted', inside: [expression(inner)], at: inner.span }
            : expression(inner),
        )
    }
  }
  return { kind: 'text', parts, at: node.span }
}

/** What an escape stands for (The Python Language Reference, 2.4.1.1). Escapes with names of characters stay as they are. */
function unescaped(sequence: string): string {
  const rest = sequence.slice(1)
  if (/^(?:\r\n?|\n)$/.test(rest)) return ''
  const code = /^(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8}))$/.exec(rest)
  if (code) {
    const point = Number.parseInt(code[1] ?? code[2] ?? code[3] ?? '0', 16)
    return point > 0x10ffff ? '' : String.fromCodePoint(point)
  }
  if (/^[0-7]{1,3}$/.test(rest)) return String.fromCharCode(Number.parseInt(rest, 8))
  if (/^['"\\]$/.test(rest)) return rest
  return lettersOfC.get(rest) ?? sequence
}

/** Text as it is written in a literal that begins with this mark; null: that is impossible. */
function escapedFor(mark: string, text: string): string | null {
  const quote = mark.replace(/^\w+/, '')
  const isRaw = /^\w*r/i.test(mark)
  if (isRaw)
    return text.includes('\\') || text.includes(quote.charAt(0)) || (quote.length === 1 && /[\r\n]/.test(text))
      ? null
      : text
  let said = text.replaceAll('\\', '\\\\').replaceAll(quote.charAt(0), `\\${quote.charAt(0)}`)
  if (/^\w*f/i.test(mark)) said = said.replaceAll('{', '{{').replaceAll('}', '}}')
  return quote.length === 1 ? said.replaceAll('\r', '\\r').replaceAll('\n', '\\n') : said
}
