import { append } from '../../parse/list.ts'
import type { Span } from '../../parse/span.ts'
import { type Escape, lettersOfC, literalText } from '../literal.ts'
import { type Node, named } from '../node.ts'
import { none } from '../reading.ts'
import type { Expression, TextExpression } from '../syntax.ts'
import type { Literal, Text } from '../text.ts'
import type { Reading } from './reading.ts'

/** `"a"` and `'a'`. */
export function plainString(node: Node, { source }: Reading): TextExpression {
  const escapes = node.children
    .filter(({ kind }) => kind === 'escape_sequence')
    .map(({ span }): Escape => ({ at: span, said: unescaped(source.slice(span[0], span[1])) }))
  const end = source.charAt(node.span[1] - 1) === '8' ? node.span[1] - 3 : node.span[1] - 1
  return parts(node, [literalText(source, [node.span[0] + 1, end], escapes, inPlain(node), asItIs)])
}

const asItIs = { unifiesEnds: false }

function inPlain({ span }: Node): Literal {
  return {
    at: span,
    escaped: text =>
      text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\r', '\\r').replaceAll('\n', '\\n'),
  }
}

function parts(node: Node, found: readonly (Text | Expression)[]): TextExpression {
  return { kind: 'text', parts: found, at: node.span }
}

/** `@"a ""b"""` */
export function verbatimString(node: Node, { source }: Reading): TextExpression {
  const literal: Literal = { at: node.span, escaped: text => text.replaceAll('"', '""') }
  const inside: Span = [source.indexOf('"', node.span[0]) + 1, node.span[1] - 1]
  return parts(node, [literalText(source, inside, doubled(source, inside, '"'), literal, asItIs)])
}

/** Marks that are doubled to stand for themselves. */
function doubled(source: string, [from, to]: Span, mark: string): Escape[] {
  const found: Escape[] = []
  for (let at = source.indexOf(mark + mark, from); at >= 0 && at + 2 <= to; at = source.indexOf(mark + mark, at + 2))
    found.push({ at: [at, at + 2], said: mark })
  return found
}

/** `"""a"""`: with several lines, each loses the white space that stands before the closing marks. */
export function rawString(node: Node, { source }: Reading): TextExpression {
  const quotes = /^"{3,}/.exec(source.slice(node.span[0], node.span[1]))?.[0].length ?? 3
  const { inside, dedents } = rawInside(source, [node.span[0] + quotes, node.span[1] - quotes])
  return parts(node, [literalText(source, inside, dedents, rawLiteral(node), asItIs)])
}

function rawLiteral({ span }: Node): Literal {
  return { at: span, escaped: text => (/"""|[\r\n]/.test(text) ? null : text) }
}

function rawInside(source: string, [from, to]: Span): { readonly inside: Span; readonly dedents: Escape[] } {
  const first = /^[ \t]*\r?\n/.exec(source.slice(from, to))?.[0].length
  if (first === undefined) return { inside: [from, to], dedents: [] }
  const lineStart = source.lastIndexOf('\n', to - 1) + 1
  const indentation = to - lineStart
  const end = source.charAt(lineStart - 2) === '\r' ? lineStart - 2 : lineStart - 1
  const inside: Span = [from + first, Math.max(from + first, end)]
  const dedents: Escape[] = []
  for (let line = inside[0]; line > 0 && line <= inside[1]; line = source.indexOf('\n', line) + 1) {
    let stop = line
    while (stop < line + indentation && stop < inside[1] && /[ \t]/.test(source.charAt(stop))) stop++
    if (stop > line) dedents.push({ at: [line, stop], said: '' })
  }
  return { inside, dedents }
}

/** `$"a {b} {{c}}"`, `$@"…"` and `$"""…"""`. */
export function interpolated(node: Node, reading: Reading): TextExpression {
  const { source } = reading
  const start = node.children.find(({ kind }) => kind === 'interpolation_start')
  const sign = reading.text(start)
  const isVerbatim = sign.includes('@')
  const quotes = /^[$@]*("+)/.exec(source.slice(node.span[0], node.span[1]))?.[1] ?? '"'
  // A verbatim literal may begin with a doubled quote.
  const quote = isVerbatim ? '"' : quotes
  const isRaw = quote.length >= 3
  const open = node.span[0] + source.slice(node.span[0], node.span[1]).indexOf(quote) + quote.length
  const whole: Span = [open, node.span[1] - quote.length]
  const { inside, dedents } = isRaw ? rawInside(source, whole) : { inside: whole, dedents: [] }
  const braces = sign.split('$').length - 1
  const literal: Literal = {
    at: node.span,
    escaped: text => {
      if (/[{}]/.test(text) || (isRaw && /"""|[\r\n]/.test(text))) return null
      if (isRaw) return text
      return isVerbatim ? text.replaceAll('"', '""') : inPlain(node).escaped(text)
    },
  }
  const found: (Text | Expression)[] = []
  let from = inside[0]
  const verbatim = (to: number): void => {
    if (to <= from) return
    // The grammar finds no hole that has braces of the text right beside it, as in `$$"""{{{a}}}"""`.
    const hole = isRaw && braces > 1 ? source.slice(from, to).indexOf('{'.repeat(braces)) : -1
    if (hole >= 0) {
      found.push({ kind: 'unread', why: 'its braces are not read', inside: [], at: [from, to] })
      return
    }
    const own: Escape[] = dedents.filter(({ at }) => at[0] >= from && at[1] <= to)
    if (isVerbatim) append(own, doubled(source, [from, to], '"'))
    if (!isRaw || braces === 1) {
      append(own, doubled(source, [from, to], '{'))
      append(own, doubled(source, [from, to], '}'))
    }
    if (!isRaw && !isVerbatim)
      for (const { index, 0: sequence } of source.slice(from, to).matchAll(ESCAPE))
        own.push({ at: [from + index, from + index + sequence.length], said: unescaped(sequence) })
    own.sort((a, b) => a.at[0] - b.at[0])
    found.push(literalText(source, [from, to], own, literal, asItIs))
  }
  for (const child of node.children.filter(({ kind }) => kind === 'interpolation')) {
    verbatim(child.span[0])
    const [inner] = named(child).filter(({ kind }) => kind !== 'interpolation_brace')
    const isFormatted = named(child).some(({ kind }) => /format|alignment/.test(kind))
    if (inner)
      found.push(
        isFormatted
          ? { kind: 'unread', why: 'its text is formatted', inside: [reading.expression(inner)], at: inner.span }
          : reading.expression(inner),
      )
    else found.push(none(child))
    from = child.span[1]
  }
  verbatim(inside[1])
  return parts(node, found)
}

const ESCAPE = /\\(?:u[\da-fA-F]{4}|U[\da-fA-F]{8}|x[\da-fA-F]{1,4}|[^\r\n])/g

const letters: ReadonlyMap<string, string> = new Map([...lettersOfC, ['0', '\0'], ['e', '\u001b']])

/** What an escape stands for (C# language specification, 6.4.5.6). */
function unescaped(sequence: string): string {
  const rest = sequence.slice(1)
  const code = /^(?:u([\da-fA-F]{4})|U([\da-fA-F]{8})|x([\da-fA-F]{1,4}))$/.exec(rest)
  if (!code) return letters.get(rest) ?? rest
  const point = Number.parseInt(code[1] ?? code[2] ?? code[3] ?? '0', 16)
  return point > 0x10ffff ? '' : String.fromCodePoint(point)
}
