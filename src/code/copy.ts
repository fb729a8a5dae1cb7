import type { Language, Tree } from 'web-tree-sitter'
import type { Span } from '../parse/span.ts'
import { Cursor, type CursorFunctions } from './cursor.ts'
import type { Node, Program } from './node.ts'

/** Levels of nodes that are kept. Deeper nodes are left out and reported as a place that could not be read. */
const deepest = 600

/** Copies a tree out of WebAssembly into plain data. It is walked once, without recursion; the caller may delete the tree afterwards. */
export function copied(tree: Tree, functions: CursorFunctions): Program {
  const cursor = new Cursor(tree, functions)
  const broken: Span[] = []
  const comments: Span[] = []
  const kinds = kindsOf(tree.language)
  const lists: Growing[][] = [[]]
  const open: Growing[] = []
  /** The depth of each open node. */
  const depths: number[] = []
  try {
    for (;;) {
      const node = started(cursor, kinds, tree.language)
      lists.at(-1)?.push(node)
      // Only a node without text can be missing.
      const isBroken = node.kind === 'ERROR' || (node.span[0] === node.span[1] && cursor.isMissing)
      if (isBroken) broken.push(node.span)
      else if (node.isNamed && node.kind.endsWith('comment')) comments.push(node.span)
      const depth = (depths.at(-1) ?? 0) + (isNextOfSum(node, open.at(-1)) ? 0 : 1)
      const isTooDeep = depth > deepest
      if (!isTooDeep && cursor.toFirstChild()) {
        open.push(node)
        depths.push(depth)
        lists.push(node.children)
        continue
      }
      if (isTooDeep && node.isNamed && cursor.toFirstChild()) {
        broken.push(node.span)
        cursor.toParent()
      }
      while (!cursor.toNextSibling()) {
        if (open.length === 0) return { root: lists[0]?.[0] ?? node, broken, comments }
        cursor.toParent()
        open.pop()
        depths.pop()
        lists.pop()
      }
    }
  } finally {
    cursor.end()
  }
}

/** A sum of many texts is as deep as it is long. It is read from its left end, without recursion, so it counts as one level. */
function isNextOfSum(node: Node, parent: Node | undefined): boolean {
  return /^binary(?:_expression|_operator)?$/.test(node.kind) && node.field === 'left' && parent?.kind === node.kind
}

interface Growing extends Node {
  readonly children: Growing[]
}

/** A kind of node, as its grammar describes it. */
interface Kind {
  readonly name: string
  readonly isNamed: boolean
}

const allKinds = new WeakMap<Language, Kind[]>()

/** The kinds of a grammar that were met, by their numbers: asking WebAssembly for each node costs more than reading it. */
function kindsOf(language: Language): Kind[] {
  const kinds = allKinds.get(language) ?? []
  allKinds.set(language, kinds)
  return kinds
}

function started(cursor: Cursor, kinds: Kind[], { types, fields }: Language): Growing {
  const id = cursor.typeId
  let kind = kinds[id]
  if (!kind) {
    // Errors have a number beyond all kinds.
    kind = { name: types[id] ?? 'ERROR', isNamed: cursor.isNamed }
    if (id < types.length) kinds[id] = kind
  }
  return {
    kind: kind.name,
    field: fields[cursor.fieldId] ?? null,
    isNamed: kind.isNamed,
    span: [cursor.startIndex, cursor.endIndex],
    children: [],
  }
}
