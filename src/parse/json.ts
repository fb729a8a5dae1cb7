import { createScanner, getNodeValue, type Node, type ParseError, type ParseOptions, parseTree } from 'jsonc-parser'

/** Nobody writes this, and what reads trees goes down as deep as they are. */
export const deepestJson = 500

/** Tokens of jsonc-parser, whose names are gone at run time: SyntaxKind. */
const [openBrace, closeBrace, openBracket, closeBracket, end] = [1, 2, 3, 4, 17]

/** The offset of the bracket that opens more levels than `deepestJson`; null: there is none. Takes no stack. */
export function tooDeepJson(text: string): number | null {
  const scanner = createScanner(text, true)
  let depth = 0
  for (let kind: number = scanner.scan(); kind !== end; kind = scanner.scan()) {
    if (kind === openBrace || kind === openBracket) depth++
    else if (kind === closeBrace || kind === closeBracket) depth--
    if (depth > deepestJson) return scanner.getTokenOffset()
  }
  return null
}

/** JSON with comments as a tree with places; what is wrong is added to the errors. Undefined where there is none, or one that is too deep. */
export function jsonTree(text: string, errors: ParseError[] = [], options: ParseOptions = {}): Node | undefined {
  const deep = tooDeepJson(text)
  if (deep === null) return parseTree(text, errors, options)
  // "Invalid symbol": what is behind it is not read.
  errors.push({ error: 1, offset: deep, length: 1 })
  return undefined
}

/** The value of JSON with comments, as far as it can be read; undefined where there is none. Objects have no prototype. */
export function jsonValue(text: string): unknown {
  const tree = jsonTree(text)
  return tree && getNodeValue(tree)
}

/** The value of strict JSON; undefined where it is none, or too deep. */
export function strictJsonValue(text: string): unknown {
  try {
    return tooDeepJson(text) === null ? JSON.parse(text) : undefined
  } catch {
    return undefined
  }
}
