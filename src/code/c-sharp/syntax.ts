import { type Node, named, type Program } from '../node.ts'
import type { Expression } from '../syntax.ts'
import { functionOf } from './definition.ts'
import { expressionOf } from './expression.ts'
import type { Reading } from './reading.ts'
import { statementOf } from './statement.ts'

/** A program in C# as expressions, by the nodes of tree-sitter-c-sharp. */
export function syntaxOfCSharp(program: Program, source: string): Expression {
  const reading: Reading = {
    source,
    text: (node: Node | undefined) => (node ? source.slice(node.span[0], node.span[1]) : ''),
    expression: node => expressionOf(node, reading),
    statements: (nodes, at) => ({
      kind: 'block',
      body: nodes.flatMap(each => statementOf(each, reading)),
      at: at.span,
    }),
    functionOf: node => functionOf(node, reading),
  }
  return reading.statements(named(program.root), program.root)
}
