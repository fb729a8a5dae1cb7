import { named, type Program } from '../node.ts'
import { blockOf, textIn } from '../reading.ts'
import type { Expression } from '../syntax.ts'
import { functionOf } from './definition.ts'
import { expressionOf } from './expression.ts'
import type { Reading } from './reading.ts'
import { statementOf } from './statement.ts'

/** A program in C# as expressions, by the nodes of tree-sitter-c-sharp. */
export function syntaxOfCSharp(program: Program, source: string): Expression {
  const reading: Reading = {
    source,
    text: textIn(source),
    expression: node => expressionOf(node, reading),
    statements: (nodes, at) => blockOf(nodes, at, each => statementOf(each, reading)),
    functionOf: node => functionOf(node, reading),
  }
  return reading.statements(named(program.root), program.root)
}
