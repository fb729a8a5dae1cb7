import { parseAst } from 'vitest/node'

/** A node of the tree of a TypeScript file, as ESTree has it. Places are UTF-16 offsets. */
export interface Syntax {
  readonly type?: string
  readonly start: number
  readonly end: number
  readonly [field: string]: unknown
}

/** All nodes of a TypeScript file, in no particular order. Throws if the text does not parse. */
export function* syntaxOf(text: string): Generator<Syntax> {
  const waiting: unknown[] = [parseAst(text, { lang: 'ts' })]
  while (waiting.length > 0) {
    const node = waiting.pop()
    if (typeof node !== 'object' || node === null) continue
    yield node as Syntax
    for (const value of Object.values(node)) waiting.push(value)
  }
}
