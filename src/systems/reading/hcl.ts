import { type Block, blocksOf, type Token } from './block.ts'

/**
 * The blocks and attributes of a file in HCL (hashicorp/hcl, hclsyntax/spec.md): comments are left out, a string keeps its `${…}`, and the text
 * of a heredoc is a string. Expressions are not evaluated.
 */
export function hcl(text: string): Block[] {
  return blocksOf(tokens(text))
}

function* tokens(text: string): Generator<Token> {
  for (let at = 0; at < text.length; ) {
    const c = text[at] ?? ''
    const two = text.slice(at, at + 2)
    if (c === '#' || two === '//') {
      const end = text.indexOf('\n', at)
      at = end < 0 ? text.length : end
    } else if (two === '/*') {
      const end = text.indexOf('*/', at + 2)
      at = end < 0 ? text.length : end + 2
    } else if (c === '"') {
      const end = stringEnd(text, at + 1)
      yield { kind: 'string', text: text.slice(at + 1, end) }
      at = end + 1
    } else if (two === '<<') {
      const found = heredoc(text, at)
      yield found ? { kind: 'string', text: text.slice(found.start, found.end) } : { kind: 'mark', text: two }
      at = found?.next ?? at + 2
    } else if (isWord(c)) {
      let end = at + 1
      while (end < text.length && (isWord(text[end] ?? '') || text[end] === '-')) end++
      yield { kind: 'word', text: text.slice(at, end) }
      at = end
    } else {
      if (c === '\n' || !/\s/.test(c)) yield { kind: 'mark', text: c }
      at++
    }
  }
}

function isWord(c: string): boolean {
  return /[\p{L}\p{N}_]/u.test(c)
}

/** Where the string ends: at its quotation mark, which may also be inside of `${…}`; or at the end of its line. */
function stringEnd(text: string, start: number): number {
  let depth = 0
  for (let at = start; at < text.length; at++) {
    const c = text[at]
    if (c === '\\') at++
    else if (c === '\n' && depth === 0) return at
    else if ((c === '$' || c === '%') && text[at + 1] === '{' && text[at - 1] !== c) {
      depth++
      at++
    } else if (c === '{' && depth > 0) depth++
    else if (c === '}' && depth > 0) depth--
    else if (c === '"' && depth === 0) return at
  }
  return text.length
}

/** `<<SQL … SQL`, `<<-SQL`: the lines until one with only the word. Null: it is something else. */
function heredoc(text: string, at: number): { start: number; end: number; next: number } | null {
  const stop = text.indexOf('\n', at)
  const word = stop < 0 ? undefined : /^<<-?(\w+)\s*$/.exec(text.slice(at, stop))?.[1]
  if (word === undefined) return null
  for (let line = stop + 1; line < text.length; ) {
    const found = text.indexOf('\n', line)
    const end = found < 0 ? text.length : found
    if (text.slice(line, end).trim() === word) return { start: stop + 1, end: line, next: end }
    line = end + 1
  }
  return { start: stop + 1, end: text.length, next: text.length }
}

/** The values of an attribute of this name in the block itself: the tokens after its `=`. */
export function attribute(body: readonly Block[], name: string): readonly Token[] | undefined {
  const found = body.find(
    ({ head: [first, equals], body: inside }) =>
      inside === null && first?.kind === 'word' && first.text === name && equals?.text === '=',
  )
  return found?.head.slice(2)
}

/** The blocks of a type, at any depth: `migration` in `env "local" { … }`. */
export function blocksCalled(blocks: readonly Block[], type: string): Block[] {
  const found: Block[] = []
  const waiting = [...blocks].reverse()
  for (let block = waiting.pop(); block; block = waiting.pop()) {
    if (block.body === null) continue
    if (block.head[0]?.kind === 'word' && block.head[0].text === type) found.push(block)
    for (let i = block.body.length - 1; i >= 0; i--) waiting.push(block.body[i] as Block)
  }
  return found
}
