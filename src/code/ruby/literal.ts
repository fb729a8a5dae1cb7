import type { Span } from '../../parse/span.ts'
import { type Escape, lettersOfC, literalText } from '../literal.ts'
import { field, type Node, named } from '../node.ts'
import type { Expression, TextExpression } from '../syntax.ts'
import type { Literal, Text } from '../text.ts'
import { blockOf, type Reading } from './reading.ts'

/** A string or a symbol between marks, with its interpolations. */
export function stringOf(node: Node, reading: Reading): TextExpression {
  const [open] = node.children
  const mark = open && !/content|interpolation/.test(open.kind) ? reading.text(open) : ''
  const isRaw = mark.endsWith("'") || /^%[qwis]/.test(mark)
  const literal: Literal = { at: node.span, escaped: text => escapedFor(mark, text) }
  const parts: (Text | Expression)[] = []
  for (const run of runsOf(node)) {
    if (run.kind === 'interpolation') parts.push(interpolated(run.node, reading))
    else parts.push(runText(run, reading.source, literal, isRaw ? rawEscapes(reading.source, run.at, mark) : null))
  }
  return { kind: 'text', parts, at: node.span }
}

/** An item of `%w[…]` or `%i[…]`. */
export function wordOf(node: Node, mark: string, reading: Reading): TextExpression {
  const literal: Literal = { at: node.span, escaped: text => (/^[\w.$-]*$/.test(text) ? text : null) }
  const isRaw = /^%[wi]/.test(mark)
  const parts = runsOf(node).map(run =>
    run.kind === 'interpolation'
      ? interpolated(run.node, reading)
      : runText(run, reading.source, literal, isRaw ? rawEscapes(reading.source, run.at, `${mark} `) : null),
  )
  return { kind: 'text', parts, at: node.span }
}

/** `:name`, and `name:` before a value. */
export function symbolOf(node: Node, { source }: Reading): TextExpression {
  const [start, end] = node.span
  const at: Span = source.charAt(start) === ':' ? [start + 1, end] : [start, end]
  const literal: Literal = { at, escaped: text => (/^[a-z_]\w*$/i.test(text) ? text : null) }
  return { kind: 'text', parts: [literalText(source, at, [], literal)], at: node.span }
}

/** A here document: `<<~SQL`, with its text in the lines below. */
export function documentOf(beginning: Node, reading: Reading): TextExpression | null {
  const body = reading.documentOf(beginning)
  if (!body) return null
  const { source } = reading
  const [, sign = '', quote = ''] = /^<<([~-]?)(['"`]?)/.exec(reading.text(beginning)) ?? []
  const isRaw = quote === "'"
  const end = field(body, 'heredoc_end') ?? body.children.find(({ kind }) => kind === 'heredoc_end')
  let last = end ? end.span[0] : body.span[1]
  while (end && last > body.span[0] && /[ \t]/.test(source.charAt(last - 1))) last--
  // Its text begins after the line with its opening mark.
  const lineEnd = /^\r?\n?/.exec(source.slice(body.span[0], last))?.[0].length ?? 0
  const runs = runsOf(body).flatMap((run): Run[] => {
    if (run.kind === 'interpolation') return [run]
    const at: Span = [Math.max(run.at[0], body.span[0] + lineEnd), Math.min(run.at[1], last)]
    return at[0] < at[1] ? [{ ...run, at }] : []
  })
  const indent = sign === '~' ? indentOf(runs, source) : 0
  const literal: Literal = { at: body.span, escaped: text => escapedInDocument(text, isRaw, ' '.repeat(indent)) }
  const parts = runs.map((run, i) => {
    if (run.kind === 'interpolation') return interpolated(run.node, reading)
    const escapes = [...(isRaw ? [] : escapesOf(run, source)), ...indents(run, i === 0, indent, source)]
    return literalText(
      source,
      run.at,
      escapes.sort((a, b) => a.at[0] - b.at[0]),
      literal,
    )
  })
  return { kind: 'text', parts, at: beginning.span }
}

/** A stretch of plain text, or an interpolation. */
type Run =
  | { readonly kind: 'text'; readonly at: Span; readonly escapes: readonly Node[] }
  | { readonly kind: 'interpolation'; readonly node: Node }

function runsOf(node: Node): Run[] {
  const runs: Run[] = []
  for (const child of node.children) {
    if (child.kind === 'interpolation') runs.push({ kind: 'interpolation', node: child })
    else if (/^(?:string_content|heredoc_content|escape_sequence)$/.test(child.kind)) {
      const escapes = child.kind === 'escape_sequence' ? [child] : []
      const last = runs.at(-1)
      if (last?.kind === 'text')
        runs[runs.length - 1] = {
          kind: 'text',
          at: [last.at[0], child.span[1]],
          escapes: [...last.escapes, ...escapes],
        }
      else runs.push({ kind: 'text', at: child.span, escapes })
    }
  }
  return runs
}

function interpolated(node: Node, reading: Reading): Expression {
  const inside = named(node).map(reading.expression)
  const [only] = inside
  return inside.length === 1 && only ? only : blockOf(inside, node.span)
}

function runText(run: Extract<Run, { kind: 'text' }>, source: string, literal: Literal, raw: Escape[] | null): Text {
  return literalText(source, run.at, raw ?? escapesOf(run, source), literal)
}

function escapesOf(run: Extract<Run, { kind: 'text' }>, source: string): Escape[] {
  return run.escapes.map(({ span }) => ({ at: span, said: unescaped(source.slice(span[0], span[1])) }))
}

/** In single quotes, a backslash escapes only a quote or another backslash. */
function rawEscapes(source: string, [from, to]: Span, mark: string): Escape[] {
  const close = closing.get(mark.at(-1) ?? '') ?? mark.at(-1) ?? "'"
  const escapes: Escape[] = []
  for (let at = source.indexOf('\\', from); at >= 0 && at + 1 < to; at = source.indexOf('\\', at)) {
    const next = source.charAt(at + 1)
    const isEscape = next === '\\' || next === close || mark.includes(next)
    if (isEscape) escapes.push({ at: [at, at + 2], said: next })
    at += isEscape ? 2 : 1
  }
  return escapes
}

const closing: ReadonlyMap<string, string> = new Map([
  ['(', ')'],
  ['[', ']'],
  ['{', '}'],
  ['<', '>'],
])

const letters: ReadonlyMap<string, string> = new Map([...lettersOfC, ['s', ' '], ['0', '\0'], ['e', '\u001b']])

/** What an escape stands for (doc/syntax/literals.rdoc of Ruby). */
function unescaped(sequence: string): string {
  const rest = sequence.slice(1)
  if (/^(?:\r\n?|\n)$/.test(rest)) return ''
  const several = /^u\{([\da-fA-F\s]+)\}$/.exec(rest)?.[1]
  if (several !== undefined) return several.trim().split(/\s+/).map(fromHex).join('')
  const code = /^(?:u([\da-fA-F]{4})|x([\da-fA-F]{1,2}))$/.exec(rest)
  if (code) return fromHex(code[1] ?? code[2] ?? '')
  if (/^[0-7]{1,3}$/.test(rest)) return String.fromCharCode(Number.parseInt(rest, 8))
  return letters.get(rest) ?? rest
}

function fromHex(digits: string): string {
  const point = Number.parseInt(digits, 16)
  return point > 0x10ffff ? '' : String.fromCodePoint(point)
}

/** The width of the indentation that the lines of a `<<~` document share; a tab extends to the next multiple of eight. */
function indentOf(runs: readonly Run[], source: string): number {
  let least = Number.POSITIVE_INFINITY
  for (const [i, run] of runs.entries()) {
    if (run.kind === 'interpolation') continue
    for (const start of lineStarts(run, i === 0, source)) {
      const [indent = ''] = /^[ \t]*/.exec(source.slice(start, run.at[1])) ?? []
      const end = start + indent.length
      const isBlank = end < run.at[1] ? /[\r\n]/.test(source.charAt(end)) : i === runs.length - 1
      if (!isBlank) least = Math.min(least, width(indent))
    }
  }
  return Number.isFinite(least) ? least : 0
}

function width(indent: string): number {
  let columns = 0
  for (const sign of indent) columns = sign === '\t' ? (Math.floor(columns / 8) + 1) * 8 : columns + 1
  return columns
}

function lineStarts({ at: [from, to] }: Extract<Run, { kind: 'text' }>, isFirst: boolean, source: string): number[] {
  const starts = isFirst ? [from] : []
  for (let at = source.indexOf('\n', from); at >= 0 && at < to; at = source.indexOf('\n', at + 1)) {
    // An interpolation after a line end begins a new line.
    starts.push(at + 1)
  }
  return starts.filter(start => start <= to)
}

/** The white space that each line loses at its beginning. */
function indents(run: Extract<Run, { kind: 'text' }>, isFirst: boolean, indent: number, source: string): Escape[] {
  if (indent === 0) return []
  return lineStarts(run, isFirst, source).flatMap(start => {
    let end = start
    while (end < run.at[1] && /[ \t]/.test(source.charAt(end)) && width(source.slice(start, end + 1)) <= indent) end++
    return end > start ? [{ at: [start, end] as Span, said: '' }] : []
  })
}

/** Text as it is written in a literal with these marks; null: that is impossible. */
function escapedFor(mark: string, text: string): string | null {
  if (mark === "'" || mark === `:'`) return text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")
  if (mark === '"' || mark === ':"') return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('#', '\\#')
  return /[\\#()[\]{}<>|!/]/.test(text) ? null : text
}

function escapedInDocument(text: string, isRaw: boolean, indent: string): string | null {
  if (isRaw && text.includes('\\')) return null
  const said = isRaw ? text : text.replaceAll('\\', '\\\\').replaceAll('#', '\\#')
  return said.replaceAll('\n', `\n${indent}`)
}
