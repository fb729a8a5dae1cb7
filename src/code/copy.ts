import type { Language, Tree } from 'web-tree-sitter'
import type { Span } from '../parse/span.ts'
import { Cursor, type CursorFunctions } from './cursor.ts'
import type { Node, Program } from './node.ts'

/** A program's tree as numbers, which another thread can hand over without copying them. */
export interface Packed {
  /** `perNode` numbers for each node; a node comes before its children, and these are in the order of the text. */
  readonly nodes: Int32Array<ArrayBuffer>
  readonly broken: readonly Span[]
  readonly comments: readonly Span[]
}

/** The numbers of its kind and of its part in its parent, as the grammar counts them; its span; how many children it has. */
const perNode = 5

/** Levels of nodes that are kept. Deeper nodes are left out and reported as a place that could not be read. */
const deepest = 600

/** Copies a tree out of WebAssembly. It is walked once, without recursion; the caller may delete the tree afterwards. */
export function packed(tree: Tree, functions: CursorFunctions): Packed {
  const kinds = kindsOf(tree.language)
  const left = tree.language.fieldIdForName('left')
  const cursor = new Cursor(tree, functions)
  const broken: Span[] = []
  const comments: Span[] = []
  let nodes = new Int32Array(perNode * 1024)
  let end = 0
  /** Where the numbers of the open nodes begin, and the depths of these nodes. */
  const open: number[] = []
  const depths: number[] = []
  try {
    for (;;) {
      const at = end
      end += perNode
      if (end > nodes.length) nodes = grown(nodes)
      const [kind, field, span] = [cursor.typeId, cursor.fieldId, [cursor.startIndex, cursor.endIndex] as const]
      nodes[at] = kind
      nodes[at + 1] = field
      nodes[at + 2] = span[0]
      nodes[at + 3] = span[1]
      const parent = open.at(-1)
      if (parent !== undefined) nodes[parent + 4] = (nodes[parent + 4] as number) + 1
      const { isNamed, isError, isComment, isSum } = kinds[kind] ?? error
      // Only a node without text can be missing.
      if (isError || (span[0] === span[1] && cursor.isMissing)) broken.push(span)
      else if (isComment) comments.push(span)
      // A sum of many texts is as deep as it is long. It is read from its left end, without recursion, so it counts as one level.
      const isNextOfSum = isSum && field === left && parent !== undefined && nodes[parent] === kind
      const depth = (depths.at(-1) ?? 0) + (isNextOfSum ? 0 : 1)
      const isTooDeep = depth > deepest
      if (!isTooDeep && cursor.toFirstChild()) {
        open.push(at)
        depths.push(depth)
        continue
      }
      if (isTooDeep && isNamed && cursor.toFirstChild()) {
        broken.push(span)
        cursor.toParent()
      }
      while (!cursor.toNextSibling()) {
        if (open.length === 0) return { nodes: nodes.slice(0, end), broken, comments }
        cursor.toParent()
        open.pop()
        depths.pop()
      }
    }
  } finally {
    cursor.end()
  }
}

function grown(nodes: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(nodes.length * 2)
  larger.set(nodes)
  return larger
}

/** The tree as plain nodes. `language` is the one that it was parsed by, in this thread or in another one. */
export function unpacked({ nodes, broken, comments }: Packed, language: Language): Program {
  const kinds = kindsOf(language)
  const { fields } = language
  /** The lists of children that are not complete yet, and how many each of them lacks. */
  const lists: Node[][] = []
  const lacking: number[] = []
  const roots: Node[] = []
  let list = roots
  let lacks = 1
  for (let at = 0; at < nodes.length; at += perNode) {
    const { name, isNamed } = kinds[nodes[at] as number] ?? error
    const children: Node[] = []
    const field = fields[nodes[at + 1] as number] ?? null
    list.push({ kind: name, field, isNamed, span: [nodes[at + 2] as number, nodes[at + 3] as number], children })
    lacks--
    const count = nodes[at + 4] as number
    if (count > 0) {
      lists.push(list)
      lacking.push(lacks)
      list = children
      lacks = count
    }
    while (lacks === 0 && lists.length > 0) {
      list = lists.pop() as Node[]
      lacks = lacking.pop() as number
    }
  }
  return { root: roots[0] as Node, broken, comments }
}

/** A kind of node, as its grammar describes it. */
interface Kind {
  readonly name: string
  readonly isNamed: boolean
  readonly isError: boolean
  readonly isComment: boolean
  readonly isSum: boolean
}

/** The kind whose number no grammar has. */
const error: Kind = { name: 'ERROR', isNamed: true, isError: true, isComment: false, isSum: false }

const allKinds = new WeakMap<Language, readonly Kind[]>()

/** The kinds of a grammar by their numbers: asking WebAssembly for each node costs more than reading it. */
function kindsOf(language: Language): readonly Kind[] {
  const known = allKinds.get(language)
  if (known) return known
  const kinds = Array.from(language.types, (name = 'ERROR', id): Kind => {
    const isNamed = language.nodeTypeIsNamed(id)
    const isSum = /^binary(?:_expression|_operator)?$/.test(name)
    return { name, isNamed, isError: false, isComment: isNamed && name.endsWith('comment'), isSum }
  })
  allKinds.set(language, kinds)
  return kinds
}
