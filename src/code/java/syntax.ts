import { named, type Program } from '../node.ts'
import { blockOf, textIn } from '../reading.ts'
import type { Expression } from '../syntax.ts'
import { expressionOf } from './expression.ts'
import type { Reading } from './reading.ts'
import { statementOf } from './statement.ts'

/** A program in Java as expressions, by the nodes of tree-sitter-java. */
export function syntaxOfJava(program: Program, source: string): Expression {
  const text = textIn(source)
  const block: Reading['block'] = (nodes, at) => blockOf(nodes, at, each => statementOf(each, reading))
  const reading: Reading = {
    source,
    text,
    expression: node => expressionOf(node, reading),
    block,
    bodyOf: (node, at) => {
      if (!node) return { kind: 'block', body: [], at: at.span }
      return /^(?:block|constructor_body)$/.test(node.kind) ? block(named(node), node) : block([node], node)
    },
  }
  return block(named(program.root), program.root)
}
