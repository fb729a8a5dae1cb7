import type { Span } from '../../parse/span.ts'
import { type Escape, literalText } from '../literal.ts'
import { field, type Node } from '../node.ts'
import type { Expression, TextExpression } from '../syntax.ts'
import type { Literal, Text } from '../text.ts'
import type { Reading } from './reading.ts'

/** `'a'`: only the backslash and the quote can be escaped (PHP manual, Strings). */
export function plainString({ span }: Node, { source }: Reading): TextExpression {
  const literal: Literal = {
    at: span,
    escaped: text => text.replaceAll('\\', '\\\\').replaceAll("'", "\\'"),
  }
  const inside: Span = [source.indexOf("'", span[0]) + 1, span[1] - 1]
  const escapes = [...source.slice(inside[0], inside[1]).matchAll(/\\[\\']/g)].map(
    ({ index, 0: found }): Escape => ({
      at: [inside[0] + index, inside[0] + index + 2],
      said: found.charAt(1),
    }),
  )
  return { kind: 'text', parts: [literalText(source, inside, escapes, literal, { unifiesEnds: false })], at: span }
}

/** `"a $b {$c->d}"` */
export function stringWithValues(node: Node, reading: Reading): TextExpression {
  const { span } = node
  const start = reading.source.indexOf('"', span[0]) + 1
  const literal: Literal = {
    at: span,
    escaped: text => text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('$', '\\$'),
  }
  return { kind: 'text', parts: partsOf(node, [start, span[1] - 1], [], literal, '"', reading), at: span }
}

/** `<<<SQL` and `<<<'SQL'`: each line loses the indentation of the closing word (PHP 7.3). */
export function heredoc(node: Node, reading: Reading): TextExpression {
  const { source } = reading
  const [word, end, value] = [field(node, 'identifier'), field(node, 'end_tag'), field(node, 'value')]
  if (!word || !end || !value) return { kind: 'text', parts: [], at: node.span }
  const isRaw = node.kind === 'nowdoc'
  const start = source.indexOf('\n', word.span[1]) + 1
  const ends = source.slice(0, end.span[0]).search(/\r?\n[ \t]*$/)
  const inside: Span = [start, Math.max(start, ends)]
  const indentation = source.slice(source.lastIndexOf('\n', end.span[0]) + 1, end.span[0]).length
  const dedents: Escape[] = []
  if (indentation > 0)
    for (let line = start; line > 0 && line <= inside[1]; line = source.indexOf('\n', line) + 1) {
      let to = line
      while (to < line + indentation && to < inside[1] && /[ \t]/.test(source.charAt(to))) to++
      if (to > line) dedents.push({ at: [line, to], said: '' })
    }
  const literal: Literal = {
    at: node.span,
    escaped: text => {
      // A new line would need the indentation, and could be mistaken for the closing word.
      if (text.includes('\n')) return null
      return isRaw ? text : text.replaceAll('\\', '\\\\').replaceAll('$', '\\$')
    },
  }
  if (isRaw) {
    const text = literalText(source, inside, dedents, literal, { unifiesEnds: false })
    return { kind: 'text', parts: [text], at: node.span }
  }
  return { kind: 'text', parts: partsOf(value, inside, dedents, literal, '', reading), at: node.span }
}

/** The content of a literal: characters, escapes, and expressions. */
function partsOf(
  node: Node,
  [start, end]: Span,
  dedents: readonly Escape[],
  literal: Literal,
  quote: string,
  reading: Reading,
): (Text | Expression)[] {
  const { source } = reading
  const parts: (Text | Expression)[] = []
  let escapes = [...dedents]
  let from = start
  const verbatim = (to: number): void => {
    const own = escapes.filter(({ at }) => at[0] >= from && at[1] <= to).sort((a, b) => a.at[0] - b.at[0])
    if (to > from) parts.push(literalText(source, [from, to], own, literal, { unifiesEnds: false }))
  }
  for (const [i, child] of node.children.entries()) {
    if (child.kind === 'escape_sequence') {
      const written = source.slice(child.span[0], child.span[1])
      escapes = [...escapes, { at: child.span, said: unescaped(written, quote) }]
    } else if (child.isNamed && child.kind !== 'string_content') {
      const before = node.children[i - 1]
      const isInBraces = before?.kind === '{' && before.span[1] === child.span[0]
      verbatim(isInBraces ? before.span[0] : child.span[0])
      parts.push(valueIn(child, reading))
      from = isInBraces ? child.span[1] + 1 : child.span[1]
    }
  }
  verbatim(end)
  return parts
}

/** `$a[key]` in a text has no quotes around its key, and `${name}` is the variable. */
function valueIn(node: Node, reading: Reading): Expression {
  const { children, span: at } = node
  const of = children[0]
  const key = children.find(({ kind, isNamed }) => isNamed && kind === 'name')
  if (node.kind === 'subscript_expression' && of && key && key !== of)
    return {
      kind: 'index',
      of: reading.expression(of),
      by: {
        kind: 'text',
        parts: [
          {
            kind: 'text',
            pieces: [{ text: reading.text(key), at: key.span, isVerbatim: true }],
          },
        ],
        at: key.span,
      },
      at,
    }
  if (node.kind === 'dynamic_variable_name' && key) return { kind: 'name', name: `$${reading.text(key)}`, at }
  return reading.expression(node)
}

const letters: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['t', '\t'],
  ['r', '\r'],
  ['v', '\v'],
  ['e', '\u001b'],
  ['f', '\f'],
  ['\\', '\\'],
  ['$', '$'],
])

/** What an escape stands for (PHP manual, Strings, Double quoted). */
function unescaped(sequence: string, quote: string): string {
  const rest = sequence.slice(1)
  const code = /^(?:x([\da-fA-F]{1,2})|u\{([\da-fA-F]+)\}|([0-7]{1,3}))$/.exec(rest)
  if (code) {
    const [, hexadecimal, point, octal] = code
    const value = octal === undefined ? Number.parseInt(hexadecimal ?? point ?? '0', 16) : Number.parseInt(octal, 8)
    return value > 0x10ffff ? '' : String.fromCodePoint(point === undefined ? value & 0xff : value)
  }
  if (rest === quote) return rest
  return letters.get(rest) ?? sequence
}
