import { createScanner, getNodeValue, type Node, type ParseError, type ParseOptions, parseTree } from 'jsonc-parser'

/**
 * The deepest JSON that is read. Nobody writes deeper JSON, and programs that read trees recurse as deep as the tree.
 */
export const deepestJson = 500

/** The tokens of jsonc-parser's SyntaxKind, whose names do not exist at run time. */
const [openBrace, closeBrace, openBracket, closeBracket, end] = [1, 2, 3, 4, 17]

/**
 * The offset of the bracket that opens more levels than `deepestJson`; null: there is none. This check does not
 * recurse.
 */
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

/**
 * JSON with comments as a tree with places. Problems are added to the errors. Undefined if there is no JSON, or if it
 * is too deep.
 */
export function jsonTree(text: string, errors: ParseError[] = [], options: ParseOptions = {}): Node | undefined {
  const deep = tooDeepJson(text)
  if (deep === null) return parseTree(text, errors, options)
  // "Invalid symbol": nothing after it is read.
  errors.push({ error: 1, offset: deep, length: 1 })
  return undefined
}

/** The value of JSON with comments, as far as it can be read, otherwise undefined. Objects have no prototype. */
export function jsonValue(text: string): unknown {
  const tree = jsonTree(text)
  return tree && getNodeValue(tree)
}

/** The value of strict JSON; undefined if it is not JSON, or too deep. */
export function strictJsonValue(text: string): unknown {
  try {
    return tooDeepJson(text) === null ? JSON.parse(text) : undefined
  } catch {
    return undefined
  }
}
