import { type Node, type ParseError, parse, parseTree } from 'jsonc-parser'

/** The value of a text in JSON with comments, read past its mistakes; undefined where it is nested too deeply for the stack. */
export function looseJson(text: string): unknown {
  try {
    return parse(text)
  } catch {
    return undefined
  }
}

/** Its tree, with the mistakes. What is nested too deeply for the stack is one, at the start. */
export function jsonTree(text: string): { readonly root: Node | undefined; readonly errors: readonly ParseError[] } {
  const errors: ParseError[] = []
  try {
    return { root: parseTree(text, errors, { disallowComments: true }), errors }
  } catch {
    return { root: undefined, errors: [{ error: 1, offset: 0, length: 1 }] }
  }
}
