import type { Tree, TreeCursor } from 'web-tree-sitter'
import type { Span } from '../parse/span.ts'
import type { Node, Program } from './node.ts'

/** Levels of nodes that are kept. Deeper nodes are left out and reported as a place that could not be read. */
const deepest = 600

/** Copies a tree out of WebAssembly into plain data. It is walked once, without recursion; the caller may delete the tree afterwards. */
export function copied(tree: Tree): Program {
  const cursor = tree.walk()
  const broken: Span[] = []
  const lists: Growing[][] = [[]]
  const open: Growing[] = []
  /** The depth of each open node. */
  const depths: number[] = []
  try {
    for (;;) {
      const node = started(cursor)
      lists.at(-1)?.push(node)
      const isBroken = node.kind === 'ERROR' || cursor.nodeIsMissing
      if (isBroken) broken.push(node.span)
      const depth = (depths.at(-1) ?? 0) + (isNextOfSum(node, open.at(-1)) ? 0 : 1)
      const isTooDeep = depth > deepest
      if (!isTooDeep && cursor.gotoFirstChild()) {
        open.push(node)
        depths.push(depth)
        lists.push(node.children)
        continue
      }
      if (isTooDeep && node.isNamed && cursor.gotoFirstChild()) {
        broken.push(node.span)
        cursor.gotoParent()
      }
      while (!cursor.gotoNextSibling()) {
        if (open.length === 0) return { root: lists[0]?.[0] ?? node, broken }
        cursor.gotoParent()
        open.pop()
        depths.pop()
        lists.pop()
      }
    }
  } finally {
    cursor.delete()
  }
}

/** A sum of many texts is as deep as it is long. It is read from its left end, without recursion, so it counts as one level. */
function isNextOfSum(node: Node, parent: Node | undefined): boolean {
  return /^binary(?:_expression|_operator)?$/.test(node.kind) && node.field === 'left' && parent?.kind === node.kind
}

interface Growing extends Node {
  readonly children: Growing[]
}

function started(cursor: TreeCursor): Growing {
  return {
    kind: cursor.nodeType,
    field: cursor.currentFieldName,
    isNamed: cursor.nodeIsNamed,
    span: [cursor.startIndex, cursor.endIndex],
    children: [],
  }
}
