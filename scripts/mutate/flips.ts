import { parseSync, Visitor } from 'rolldown/utils'

/** One small change of a file that should make a test fail. */
export interface Flip {
  /** Relative to the top of the project. */
  readonly file: string
  /** From 1, the column in UTF-16 units. */
  readonly line: number
  readonly column: number
  /** The flipped text, in UTF-16 offsets into the file. */
  readonly span: Span
  /** The expression with the operator; for a method the name with its dot, because it may be part of an optional chain. */
  readonly around: Span
  readonly from: string
  readonly to: string
}

interface Place {
  readonly start: number
  readonly end: number
}

export type Span = readonly [start: number, end: number]

const operators: Readonly<Record<string, string>> = {
  '===': '!==',
  '!==': '===',
  '&&': '||',
  '||': '&&',
  '??': '&&',
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  '+': '-',
  '-': '+',
}
const methods: Readonly<Record<string, string>> = { some: 'every', every: 'some' }

/** All flips of a file's text, in order. */
export function flipsOf(file: string, text: string): Flip[] {
  const found: Flip[] = []
  const add = (start: number, from: string, to: string | undefined, around: Span) => {
    const before = text.slice(0, start).split('\n')
    const line = before.length
    const column = (before.at(-1) ?? '').length + 1
    if (to !== undefined) found.push({ file, line, column, span: [start, start + from.length], around, from, to })
  }
  const types: Span[] = []
  const binary = (node: Place & { readonly left: Place; readonly operator: string; readonly right: Place }) => {
    // A comment may be there, too.
    const between = text
      .slice(node.left.end, node.right.start)
      .replace(/\/\/.*|\/\*[\s\S]*?\*\//g, all => ' '.repeat(all.length))
    const start = node.left.end + between.indexOf(node.operator)
    add(start, node.operator, Object.hasOwn(operators, node.operator) ? operators[node.operator] : undefined, [
      node.start,
      node.end,
    ])
  }
  new Visitor({
    BinaryExpression: binary,
    LogicalExpression: binary,
    UnaryExpression: node => {
      if (node.operator === '!') add(node.start, '!', '', [node.start, node.end])
    },
    Literal: node => {
      if (typeof node.value === 'boolean')
        add(node.start, String(node.value), String(!node.value), [node.start, node.end])
    },
    TSLiteralType: node => types.push([node.start, node.end]),
    CallExpression: ({ callee }) => {
      if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier' || callee.computed) return
      const { start, end, name } = callee.property
      if (Object.hasOwn(methods, name)) add(start, name, methods[name], [callee.object.end, end])
    },
  }).visit(parseSync(file, text).program)
  return found
    .filter(({ span: [start] }) => !types.some(type => type[0] <= start && start < type[1]))
    .sort((a, b) => a.span[0] - b.span[0])
}

/** A file's text with several flips. Each takes effect at run time when `isFlipped` returns true for its number. */
export function switchable(text: string, flips: readonly Numbered[]): string {
  return within(text, [0, text.length], flips)
}

interface Numbered {
  readonly number: number
  readonly flip: Flip
}

function within(text: string, [start, end]: Span, flips: readonly Numbered[]): string {
  // The outermost first. Flips inside of it are in the original code, because only one flip is active at a time.
  const inside = flips
    .filter(({ flip: { around } }) => start <= around[0] && around[1] <= end)
    .sort((a, b) => a.flip.around[0] - b.flip.around[0] || b.flip.around[1] - a.flip.around[1])
  let made = ''
  let at = start
  for (const { number, flip } of inside) {
    const { around, span, from, to } = flip
    if (around[0] < at) continue
    made += text.slice(at, around[0])
    const dot = text.slice(around[0], span[0]).trim()
    if (Object.hasOwn(methods, from)) {
      made += `${dot === '?.' ? dot : ''}[isFlipped(${number}) ? '${to}' : '${from}']`
    } else {
      const changed = text.slice(around[0], span[0]) + to + text.slice(span[1], around[1])
      const original = within(
        text,
        around,
        inside.filter(each => each.number !== number),
      )
      made += `(isFlipped(${number}) ? ${changed} : ${original})`
    }
    at = around[1]
  }
  return made + text.slice(at, end)
}
