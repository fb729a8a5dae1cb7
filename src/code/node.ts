import type { Span } from '../parse/span.ts'

/** A node of a program's tree: plain data, the same for every language. */
export interface Node {
  /** The grammar's name for it: `call_expression`; for punctuation and keywords, their text: `await`. */
  readonly kind: string
  /** The grammar's name for its part in its parent: `arguments`; null: none. */
  readonly field: string | null
  /** False for punctuation and words of the grammar. */
  readonly isNamed: boolean
  /** UTF-16 offsets into the file. */
  readonly span: Span
  readonly children: readonly Node[]
}

/** A parsed program. */
export interface Program {
  readonly root: Node
  /** Places that the grammar could not parse, in order; the code around them was parsed. */
  readonly broken: readonly Span[]
  /** Its comments with their marks, in order. */
  readonly comments: readonly Span[]
}

/** The first child that has this part. */
export function field(node: Node, name: string): Node | undefined {
  for (const child of node.children) if (child.field === name) return child
  return undefined
}

/** Children other than punctuation, keywords and comments. */
export function named(node: Node): Node[] {
  return node.children.filter(child => child.isNamed && !child.kind.endsWith('comment'))
}

/** True for a node with this word or mark in it: `await`, `static`. */
export function has(node: Node, kind: string): boolean {
  return node.children.some(child => child.kind === kind)
}

/** A node and all below it, in the order of the text. Without recursion: trees may be deeper than the stack. */
export function* below(root: Node): Generator<Node> {
  const waiting = [root]
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    yield node
    for (let i = node.children.length - 1; i >= 0; i--) waiting.push(node.children[i] as Node)
  }
}
