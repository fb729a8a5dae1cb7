import { field, type Node, named } from '../node.ts'
import { none } from '../reading.ts'
import type { Expression } from '../syntax.ts'
import { compared, type Reading } from './reading.ts'

export function conditional(node: Node, { expression }: Reading): Expression {
  const [test, yes, no] = [field(node, 'condition'), field(node, 'body'), field(node, 'alternative')]
  if (!test || !no) return none(node)
  if (!yes) return { kind: 'short', operator: 'or', left: expression(test), right: expression(no), at: node.span }
  return { kind: 'choice', test: expression(test), yes: expression(yes), no: expression(no), at: node.span }
}

/** `match ($a) { 'b', 'c' => 1, default => 2 }`: the first arm whose value is identical. */
export function match(node: Node, reading: Reading): Expression {
  const [subject, body] = [field(node, 'condition'), field(node, 'body')]
  if (!subject || !body) return none(node)
  const name = `match ${node.span[0]}`
  const cases = named(body)
  const otherwise = cases.find(({ kind }) => kind === 'match_default_expression')
  const givenBy = (each: Node): Expression => {
    const value = field(each, 'return_expression')
    return value ? reading.expression(value) : none(each)
  }
  let chosen: Expression = otherwise ? givenBy(otherwise) : { kind: 'leave', how: 'throw', at: node.span }
  for (const each of cases.filter(({ kind }) => kind === 'match_conditional_expression').reverse()) {
    const tests = named(field(each, 'conditional_expressions') ?? each).map(
      (value): Expression => ({
        kind: 'operation',
        operator: 'is',
        of: [{ kind: 'name', name, at: subject.span }, reading.expression(value)],
        at: value.span,
      }),
    )
    const test = anyOf(tests)
    if (test) chosen = { kind: 'choice', test, yes: givenBy(each), no: chosen, at: each.span }
  }
  return compared(subject, name, chosen, node, reading)
}

/** True if one of them is true. */
export function anyOf(tests: readonly Expression[]): Expression | undefined {
  const [first, ...others] = tests
  if (!first) return undefined
  return others.reduce((left, right) => ({ kind: 'short', operator: 'or', left, right, at: right.at }), first)
}
