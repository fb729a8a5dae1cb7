import { below, field, has, type Node, named, type Program } from '../node.ts'
import { textIn } from '../reading.ts'
import type { ClassExpression, Expression, Pattern } from '../syntax.ts'
import { caseOf, choiceOf, forOf, loopOf, modified, triedOf } from './control.ts'
import { assignmentOf, expressionOf } from './expression.ts'
import { functionOf } from './function.ts'
import { blockOf, callOf, none, type Reading, Variables } from './reading.ts'

/** A program in Ruby as expressions, by the nodes of tree-sitter-ruby. */
export function syntaxOfRuby(program: Program, source: string): Expression {
  const text = textIn(source)
  const documents = documentsOf(program)
  const reading: Reading = {
    source,
    text,
    variables: new Variables(),
    documentOf: beginning => documents.get(beginning),
    expression: node => statement(node, reading),
    sequence: (node, at) => sequence(node, at, reading),
    pattern: node => pattern(node, reading),
    functionOf: (node, way) => functionOf(node, way, reading),
  }
  return blockOf(statements(program.root, reading), program.root.span)
}

/** Here documents follow the line with their opening marks, in the order of these marks. */
function documentsOf({ root }: Program): ReadonlyMap<Node, Node> {
  const bodies: Node[] = []
  const beginnings: Node[] = []
  for (const node of below(root)) {
    if (node.kind === 'heredoc_body') bodies.push(node)
    else if (node.kind === 'heredoc_beginning') beginnings.push(node)
  }
  return new Map(
    beginnings.flatMap((beginning, i) => {
      const body = bodies[i]
      return body ? [[beginning, body]] : []
    }),
  )
}

/** Statements that have no effect on the database. */
const silent = new Set(['heredoc_body', 'alias', 'undef', 'empty_statement', 'ERROR', 'uninterpreted'])
const clauses = new Set(['rescue', 'ensure', 'else'])

function statements(node: Node, { expression }: Reading, isClause = false): Expression[] {
  return named(node)
    .filter(({ kind }) => !silent.has(kind) && !(isClause && clauses.has(kind)))
    .map(expression)
}

function sequence(node: Node | undefined, at: Node, reading: Reading): Expression {
  if (!node) return blockOf([], at.span)
  const hasClauses =
    /^(?:body_statement|begin|do_block|do)$/.test(node.kind) && named(node).some(each => clauses.has(each.kind))
  if (hasClauses) return triedOf(node, statements(node, reading, true), reading)
  // The body of a method without `end` is one expression.
  if (
    !/^(?:body_statement|block_body|then|else|do|begin|ensure|begin_block|end_block|parenthesized_statements|program)$/.test(
      node.kind,
    )
  )
    return reading.expression(node)
  return blockOf(statements(node, reading), node.span)
}

function statement(node: Node, reading: Reading): Expression {
  const { text, expression } = reading
  const at = node.span
  switch (node.kind) {
    case 'class':
    case 'module':
      return classOf(node, reading)
    case 'singleton_class':
      return blockOf(bodyOf(node, reading).map(asStatic), at)
    case 'method':
      return { kind: 'definition', definition: reading.functionOf(node, { isBlock: false }), at }
    case 'singleton_method':
      return {
        kind: 'definition',
        definition: { ...reading.functionOf(node, { isBlock: false }), isStatic: true },
        at,
      }
    case 'if':
    case 'unless':
    case 'elsif':
    case 'conditional':
      return choiceOf(node, reading)
    case 'if_modifier':
    case 'unless_modifier':
    case 'while_modifier':
    case 'until_modifier':
    case 'rescue_modifier':
      return modified(node, reading)
    case 'while':
    case 'until':
      return loopOf(node, reading)
    case 'for':
      return forOf(node, reading)
    case 'case':
      return caseOf(node, reading)
    case 'begin':
    case 'parenthesized_statements':
    case 'begin_block':
    case 'then':
    case 'else':
      return sequence(node, node, reading)
    case 'return':
    case 'break':
    case 'next': {
      const [given] = named(node)
      const values = given ? named(given) : []
      const [only] = values
      const value: Expression | undefined =
        values.length > 1
          ? { kind: 'list', items: values.map(each => ({ value: expression(each) })), at }
          : only && expression(only)
      // `next` ends a block as `return` ends a function, and `break` ends the call that the block is given to.
      const how = node.kind === 'return' ? 'return' : node.kind === 'next' ? 'continue' : 'break'
      return { kind: 'leave', how, ...(value && { value }), at }
    }
    case 'redo':
    case 'retry':
      return none(at)
    case 'assignment':
    case 'operator_assignment':
      return assignmentOf(node, reading)
    case 'subshell':
      return callOf('`', [], at)
    case 'end_block':
      return blockOf([], at)
    default:
      return silent.has(node.kind) && text(node) !== '' ? none(at) : expressionOf(node, reading)
  }
}

function classOf(node: Node, reading: Reading): ClassExpression {
  const name = field(node, 'name') ?? node
  const [base] = named(field(node, 'superclass') ?? { ...node, children: [] })
  return {
    kind: 'class',
    name: reading.text(field(name, 'name') ?? name),
    nameAt: name.span,
    bases: base ? [reading.expression(base)] : [],
    body: bodyOf(node, reading),
    at: node.span,
  }
}

function bodyOf(node: Node, reading: Reading): Expression[] {
  const body = field(node, 'body')
  return reading.variables.within(false, () => (body ? statements(body, reading) : []))
}

function asStatic(each: Expression): Expression {
  return each.kind === 'definition' ? { ...each, definition: { ...each.definition, isStatic: true } } : each
}

/** The target of an assignment: a variable, which is known from here on, or a place. */
function pattern(node: Node, reading: Reading): Pattern {
  const { text } = reading
  switch (node.kind) {
    case 'identifier':
      reading.variables.add(text(node))
      return { kind: 'name', name: text(node) }
    case 'constant':
    case 'global_variable':
      return { kind: 'name', name: text(node) }
    case 'left_assignment_list':
    case 'destructured_left_assignment':
    case 'destructured_parameter': {
      const items = named(node)
      const rest = items.findIndex(({ kind }) => kind === 'rest_assignment' || kind === 'splat_parameter')
      return { kind: 'list', items: items.map(reading.pattern), ...(rest >= 0 && { rest }) }
    }
    case 'rest_assignment':
    case 'splat_parameter': {
      const [inner] = named(node)
      return inner ? pattern(inner, reading) : { kind: 'nothing' }
    }
    case 'call': {
      const [receiver, method] = [field(node, 'receiver'), field(node, 'method')]
      if (!receiver || !method || has(node, 'argument_list')) return { kind: 'nothing' }
      const of = reading.expression(receiver)
      const place = { kind: 'member', of, name: text(method), nameAt: method.span, at: node.span } as const
      return { kind: 'place', place }
    }
    default: {
      const place = expressionOf(node, reading)
      return place.kind === 'member' || place.kind === 'index' ? { kind: 'place', place } : { kind: 'nothing' }
    }
  }
}
