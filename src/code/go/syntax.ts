import { type Node, named, type Program } from '../node.ts'
import { textIn } from '../reading.ts'
import type { BlockExpression, Expression } from '../syntax.ts'
import { expressionOf } from './expression.ts'
import type { Reading } from './reading.ts'
import { statementOf } from './statement.ts'

/** A program in Go as expressions, by the nodes of tree-sitter-go. Functions `init` run after everything else at the top. */
export function syntaxOfGo(program: Program, source: string): Expression {
  const text = textIn(source)
  const block = (node: Node | undefined, at: Node): BlockExpression => {
    const inside = named(node ?? at).flatMap(each => (each.kind === 'statement_list' ? named(each) : [each]))
    return { kind: 'block', body: node ? inside.flatMap(each => statementOf(each, reading)) : [], at: at.span }
  }
  const reading: Reading = { source, text, expression: node => expressionOf(node, reading), block }
  const all = named(program.root).flatMap(each => statementOf(each, reading))
  const isInit = (each: Expression) => each.kind === 'definition' && each.definition.name === 'init'
  const starts = all
    .filter(isInit)
    .flatMap((each): Expression[] =>
      each.kind === 'definition'
        ? [{ kind: 'call', callee: each.definition, args: [], nameAt: each.at, at: each.at }]
        : [],
    )
  return { kind: 'block', body: [...all.filter(each => !isInit(each)), ...starts], at: program.root.span }
}
