import { field, named, type Program } from '../node.ts'
import { blockOf, textIn } from '../reading.ts'
import type { Expression } from '../syntax.ts'
import { classOf, functionOf } from './definition.ts'
import { expressionOf } from './expression.ts'
import type { Reading } from './reading.ts'
import { importedNames, statementOf } from './statement.ts'

/** A program in PHP as expressions, by the nodes of tree-sitter-php. */
export function syntaxOfPhp(program: Program, source: string): Expression {
  const text = textIn(source)
  const top = named(program.root)
  const namespaces = top.filter(({ kind }) => kind === 'namespace_definition')
  const namespace = text(field(namespaces[0] ?? program.root, 'name'))
  const insides = namespaces.flatMap(each => named(field(each, 'body') ?? { ...each, children: [] }))
  const imports = new Map(
    [...top, ...insides]
      .filter(({ kind }) => kind === 'namespace_use_declaration')
      .flatMap(each => importedNames(each, text))
      .map(([name, full]) => [name, full]),
  )
  const reading: Reading = {
    source,
    text,
    expression: node => expressionOf(node, reading),
    statements: (nodes, at) => blockOf(nodes, at, each => statementOf(each, reading)),
    functionOf: node => functionOf(node, reading),
    classOf: node => classOf(node, reading),
    className: name => {
      if (name.startsWith('\\')) return name.slice(1)
      const [first = name, ...rest] = name.split('\\')
      const local = first === 'namespace' ? rest : [first, ...rest]
      const imported = first === 'namespace' ? undefined : imports.get(first)
      return [imported ?? namespace, ...(imported === undefined ? local : rest)].filter(each => each !== '').join('\\')
    },
  }
  return reading.statements(top, program.root)
}
