import { type Node, named, type Program } from '../node.ts'
import type { BlockExpression, Expression } from '../syntax.ts'
import { expressionOf } from './expression.ts'
import type { Reading } from './reading.ts'
import { statementOf } from './statement.ts'

/** A program in Python as expressions, by the nodes of tree-sitter-python. */
export function syntaxOfPython(program: Program, source: string): Expression {
  const text = (node: Node | undefined): string => (node ? source.slice(node.span[0], node.span[1]) : '')
  const block = (nodes: readonly Node[], at: Node): BlockExpression => ({
    kind: 'block',
    body: nodes.flatMap(each => statementOf(each, reading)),
    at: at.span,
  })
  const reading: Reading = {
    source,
    text,
    expression: node => expressionOf(node, reading),
    block,
    bodyOf: (node, at) => block(node ? named(node) : [], at),
  }
  return block(named(program.root), program.root)
}
