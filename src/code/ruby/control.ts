import { field, type Node, named } from '../node.ts'
import type { Expression } from '../syntax.ts'
import { blockOf, none, type Reading, unread } from './reading.ts'

/** `if`, `unless`, `elsif`, and `a ? b : c`. */
export function choiceOf(node: Node, { expression, sequence }: Reading): Expression {
  const test = field(node, 'condition')
  const [yes, no] = [field(node, 'consequence'), field(node, 'alternative')]
  const tested = test ? expression(test) : none(node.span)
  const [first, second] = [yes && sequence(yes, node), no && sequence(no, node)]
  return node.kind === 'unless'
    ? { kind: 'choice', test: not(tested), yes: first ?? none(node.span), ...(second && { no: second }), at: node.span }
    : { kind: 'choice', test: tested, yes: first ?? none(node.span), ...(second && { no: second }), at: node.span }
}

function not(of: Expression): Expression {
  return { kind: 'operation', operator: 'not', of: [of], at: of.at }
}

/** A statement before its condition: `a if b`. */
export function modified(node: Node, { expression }: Reading): Expression {
  const [body, condition, handler] = [field(node, 'body'), field(node, 'condition'), field(node, 'handler')]
  const at = node.span
  if (!body) return none(at)
  // Names that the statement assigns are variables in the condition, too, so it is read first.
  const done = expression(body)
  if (node.kind === 'rescue_modifier')
    return { kind: 'try', body: done, handlers: handler ? [expression(handler)] : [], at }
  const tested = condition ? expression(condition) : none(at)
  const test = /^un/.test(node.kind) ? not(tested) : tested
  if (/^(?:if|unless)/.test(node.kind)) return { kind: 'choice', test, yes: done, at }
  return { kind: 'loop', test, body: done, ...(body.kind === 'begin' && { isTestedAfter: true }), at }
}

export function loopOf(node: Node, { expression, sequence }: Reading): Expression {
  const condition = field(node, 'condition')
  const tested = condition ? expression(condition) : none(node.span)
  const test = node.kind === 'until' ? not(tested) : tested
  return { kind: 'loop', test, body: sequence(field(node, 'body'), node), at: node.span }
}

export function forOf(node: Node, { expression, pattern, sequence }: Reading): Expression {
  const [item, value] = [field(node, 'pattern'), field(node, 'value')]
  const [of] = value ? named(value) : []
  if (!item || !of) return none(node.span)
  const list = expression(of)
  return { kind: 'each', of: list, item: pattern(item), body: sequence(field(node, 'body'), node), at: node.span }
}

/** `case`: the value is compared with one pattern after another. */
export function caseOf(node: Node, reading: Reading): Expression {
  const { expression, sequence } = reading
  const value = field(node, 'value')
  const otherwise = named(node).find(({ kind }) => kind === 'else')
  // A name that no program can use.
  const compared: Expression = { kind: 'name', name: '&case', at: value?.span ?? node.span }
  let no: Expression | undefined = otherwise && sequence(otherwise, node)
  const given = value && expression(value)
  for (const each of named(node)
    .filter(({ kind }) => kind === 'when')
    .map(when => ({ when, test: testOf(when, value ? compared : null, reading) }))
    .reverse())
    no = {
      kind: 'choice',
      test: each.test,
      yes: sequence(field(each.when, 'body'), each.when),
      ...(no && { no }),
      at: each.when.span,
    }
  const choice = no ?? none(node.span)
  if (!given) return choice
  const put: Expression = {
    kind: 'assignment',
    to: { kind: 'name', name: '&case' },
    value: given,
    isDeclaration: true,
    at: given.at,
  }
  return blockOf([put, choice], node.span)
}

function testOf(when: Node, compared: Expression | null, reading: Reading): Expression {
  const tests = when.children
    .filter(each => each.field === 'pattern')
    .map((each): Expression => {
      const [inner] = named(each)
      if (!inner) return none(each.span)
      if (!compared) return reading.expression(inner)
      if (!plainPatterns.has(inner.kind)) return unread(reading, 'the comparison is not read', each, [])
      return { kind: 'operation', operator: 'is', of: [compared, reading.expression(inner)], at: each.span }
    })
  const [first, ...others] = tests
  return others.reduce(
    (left, right) => ({ kind: 'short', operator: 'or', left, right, at: when.span }),
    first ?? none(when.span),
  )
}

/** Patterns that are compared as values: not a class, a range or a regular expression. */
const plainPatterns = new Set([
  'string',
  'simple_symbol',
  'delimited_symbol',
  'integer',
  'float',
  'true',
  'false',
  'nil',
])

/** `begin`, with its `rescue`, `else` and `ensure`. */
export function triedOf(node: Node, body: readonly Expression[], { sequence, variables, text }: Reading): Expression {
  const clauses = (kind: string) => named(node).filter(each => each.kind === kind)
  const [otherwise] = clauses('else')
  const [last] = clauses('ensure')
  const handlers = clauses('rescue').map((each): Expression => {
    const [variable] = named(field(each, 'variable') ?? { ...each, children: [] })
    if (variable?.kind === 'identifier') variables.add(text(variable))
    const caught: Expression[] =
      variable?.kind === 'identifier'
        ? [
            {
              kind: 'assignment',
              to: { kind: 'name', name: text(variable) },
              value: { kind: 'unread', why: 'it is an exception', inside: [], at: variable.span },
              at: variable.span,
            },
          ]
        : []
    return blockOf([...caught, sequence(field(each, 'body'), each)], each.span)
  })
  return {
    kind: 'try',
    body: blockOf([...body, ...(otherwise ? [sequence(otherwise, node)] : [])], node.span),
    handlers,
    ...(last && { last: sequence(last, node) }),
    at: node.span,
  }
}
