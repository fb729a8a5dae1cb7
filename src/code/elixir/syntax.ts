import { type Node, named, type Program } from '../node.ts'
import { textIn } from '../reading.ts'
import type { Expression } from '../syntax.ts'
import { statementsOf } from './definition.ts'
import { expressionOf } from './expression.ts'
import { patternsOf } from './pattern.ts'
import type { Reading } from './reading.ts'

/** A program in Elixir as expressions, by the nodes of tree-sitter-elixir. */
export function syntaxOfElixir(program: Program, source: string): Expression {
  const text = textIn(source)
  let depth = 0
  const expression = (node: Node): Expression => {
    if (depth >= deepest) return { kind: 'unread', why: 'it is nested too deeply', inside: [], at: node.span }
    depth++
    try {
      return expressionOf(node, reading)
    } finally {
      depth--
    }
  }
  const statements = (nodes: readonly Node[]) => statementsOf(nodes, reading)
  const reading: Reading = {
    source,
    text,
    expression,
    statements,
    block: (nodes, at) => ({ kind: 'block', body: statements(nodes), at: at.span }),
    ...patternsOf(text, expression),
    aliases: new Map(),
    modules: [],
  }
  return reading.block(named(program.root), program.root)
}

/** The deepest nesting of expressions that is read: well below what the stack allows. */
const deepest = 300
