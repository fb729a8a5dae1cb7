import type { Span } from '../../parse/span.ts'
import { type Escape, literalText } from '../literal.ts'
import type { Node } from '../node.ts'
import type { TextExpression } from '../syntax.ts'
import { joined, type Literal, type Text } from '../text.ts'

/** A string between quotes, or a text block between three. */
export function stringOf(node: Node, source: string): TextExpression {
  const [start, end] = node.span
  if (source.startsWith('"""', start)) return { kind: 'text', parts: [textBlock(node, source)], at: node.span }
  const literal: Literal = { at: node.span, escaped: text => escaped(text).replaceAll('\n', '\\n') }
  return { kind: 'text', parts: [unescapedText(source, [start + 1, end - 1], literal)], at: node.span }
}

/**
 * A text block (The Java Language Specification, 3.10.6): its lines lose the indentation that they share with one another and with the
 * closing quotes, and the white space at their ends.
 */
function textBlock({ span }: Node, source: string): Text {
  const first = source.indexOf('\n', span[0]) + 1
  const lines: Span[] = []
  for (let from = first; from <= span[1] - 3; ) {
    const next = source.indexOf('\n', from)
    const to = next < 0 || next > span[1] - 3 ? span[1] - 3 : next
    lines.push([from, to])
    from = to + 1
  }
  const isBlank = ([from, to]: Span) => source.slice(from, to).trim() === ''
  const counted = lines.filter((line, i) => !isBlank(line) || i === lines.length - 1)
  const indent = counted.reduce(
    (least, [from, to]) => Math.min(least, indentOf(source.slice(from, to))),
    Number.POSITIVE_INFINITY,
  )
  const literal: Literal = { at: span, escaped: text => (/[\r\n]/.test(text) ? null : escaped(text)) }
  const parts = lines.map((line, i): Text => {
    const isLast = i === lines.length - 1
    const [from, to] = isBlank(line) ? [line[1], line[1]] : [line[0] + indent, line[1]]
    const end = from + source.slice(from, to).trimEnd().length
    const said = unescapedText(source, [from, end], literal)
    // A backslash at its end joins it to the next one.
    if (isLast || /(?:^|[^\\])(?:\\\\)*\\$/.test(source.slice(from, end))) return said
    return joined([said, literalText(source, [line[1], line[1] + 1], [], literal)])
  })
  return joined(parts)
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length
}

function unescapedText(source: string, [from, to]: Span, literal: Literal): Text {
  const escapes: Escape[] = []
  for (const { index, 0: found } of source.slice(from, to).matchAll(/\\(?:u+[\da-fA-F]{4}|[0-3]?[0-7]{1,2}|[\s\S]|$)/g))
    escapes.push({ at: [from + index, from + index + found.length], said: unescaped(found) })
  return literalText(source, [from, to], escapes, literal)
}

const letters: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['t', '\t'],
  ['r', '\r'],
  ['b', '\b'],
  ['f', '\f'],
  ['s', ' '],
  ['', ''],
])

/** What an escape stands for (The Java Language Specification, 3.10.7). */
function unescaped(sequence: string): string {
  const rest = sequence.slice(1)
  const unicode = /^u+([\da-fA-F]{4})$/.exec(rest)?.[1]
  if (unicode !== undefined) return String.fromCharCode(Number.parseInt(unicode, 16))
  if (/^[0-7]+$/.test(rest)) return String.fromCharCode(Number.parseInt(rest, 8))
  return letters.get(rest) ?? rest
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\r', '\\r')
}
