import type { Span } from '../parse/span.ts'

/** A node of a program's tree: plain data, the same for every language. */
export interface Node {
  /** As its grammar calls it: `call_expression`; of punctuation and words, their text: `await`. */
  readonly kind: string
  /** Its part in the node that it is in, as the grammar calls that: `arguments`; null: none. */
  readonly field: string | null
  /** False for punctuation and words of the grammar. */
  readonly isNamed: boolean
  /** UTF-16 offsets into the file. */
  readonly span: Span
  readonly children: readonly Node[]
}

/** A program as it was read. */
export interface Program {
  readonly root: Node
  /** Places that the grammar could not make sense of, in order; what is around them was read. */
  readonly broken: readonly Span[]
}

/** The first child that has this part. */
export function field(node: Node, name: string): Node | undefined {
  return node.children.find(child => child.field === name)
}

/** Children that are no punctuation, words of the grammar or comments. */
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
