import { below, field, has, type Node, named } from '../node.ts'
import { oneOf as oneOfValues } from '../reach.ts'
import { known, record, type Scope, truth, unknown, type Value } from '../value.ts'
import { keyOf } from './expression.ts'
import { type Flow, type Machine, on } from './machine.ts'

type Execute = (node: Node, scope: Scope, machine: Machine) => Flow

const skipped: Execute = () => on

/** Statements by the kind of their node. Another kind is an expression. */
export const statements: ReadonlyMap<string, Execute> = new Map<string, Execute>([
  ['expression_statement', expression],
  ['lexical_declaration', declaration],
  ['variable_declaration', declaration],
  ['statement_block', (node, scope, machine) => machine.block(named(node), scope)],
  ['else_clause', (node, scope, machine) => machine.block(named(node), scope)],
  ['if_statement', conditional],
  ['return_statement', returned],
  ['throw_statement', thrown],
  ['break_statement', () => ({ kind: 'break' })],
  ['continue_statement', () => ({ kind: 'continue' })],
  ['for_in_statement', forEach],
  ['for_statement', counted],
  ['while_statement', repeated],
  ['do_statement', repeated],
  ['try_statement', tried],
  ['switch_statement', switched],
  ['labeled_statement', (node, scope, machine) => bodyOf(node, scope, machine)],
  // `hoist` declares them before the first statement of the block.
  ['function_declaration', skipped],
  ['generator_function_declaration', skipped],
  ['class_declaration', skipped],
  ['abstract_class_declaration', skipped],
  ['import_statement', skipped],
  ['export_statement', skipped],
  ['interface_declaration', skipped],
  ['type_alias_declaration', skipped],
  ['enum_declaration', enumeration],
  ['ambient_declaration', skipped],
  ['function_signature', skipped],
  ['empty_statement', skipped],
  ['comment', skipped],
  ['hash_bang_line', skipped],
  ['debugger_statement', skipped],
  // Places with syntax errors are reported for the whole file.
  ['ERROR', skipped],
])

/** The names of functions and classes that a block declares, before its statements run. */
export function hoist(nodes: readonly Node[], scope: Scope, machine: Machine): void {
  for (const node of nodes) {
    if (!/^(?:generator_)?function_declaration$|^(?:abstract_)?class_declaration$/.test(node.kind)) continue
    const name = field(node, 'name')
    if (name) scope.names.set(machine.source(name), machine.callable(node, scope))
  }
}

function expression(node: Node, scope: Scope, machine: Machine): Flow {
  for (const each of named(node)) machine.evaluate(each, scope)
  return on
}

function declaration(node: Node, scope: Scope, machine: Machine): Flow {
  for (const each of named(node)) {
    const [name, value] = [field(each, 'name'), field(each, 'value')]
    if (each.kind !== 'variable_declarator' || !name) continue
    const found: Value = value ? machine.evaluate(value, scope) : { kind: 'plain', value: undefined, at: each.span }
    machine.bind(name, found, scope)
  }
  return on
}

/** `enum Status { Open = 'open', Done = 'done' }`; members without a value count on from the one before. */
function enumeration(node: Node, scope: Scope, machine: Machine): Flow {
  const [name, body] = [field(node, 'name'), field(node, 'body')]
  if (!name || !body) return on
  const made = record([], node.span)
  const own: Scope = { names: made.entries, outer: scope }
  let next: number | null = 0
  for (const each of named(body)) {
    const [key, value] = [field(each, 'name') ?? each, field(each, 'value')]
    const word = keyOf(key, scope, machine)
    const counted: Value = next === null ? unknown('its number is unknown', each.span) : known(next, each.span)
    const found: Value = value ? machine.evaluate(value, own) : counted
    next = found.kind === 'plain' && typeof found.value === 'number' ? found.value + 1 : null
    // Members that are numbers are keys as well, so nobody can list the others alone.
    if (word === null || found.kind !== 'text') made.isOpen = true
    if (word !== null) made.entries.set(word, found)
  }
  scope.names.set(machine.source(name), made)
  return on
}

function conditional(node: Node, scope: Scope, machine: Machine): Flow {
  const [condition, yes, no] = [field(node, 'condition'), field(node, 'consequence'), field(node, 'alternative')]
  if (!condition || !yes) return on
  const value = machine.evaluate(condition, scope)
  const isTrue = truth(value)
  if (isTrue !== null) {
    const taken = isTrue ? yes : no
    return taken ? machine.execute(taken, scope) : on
  }
  const flows: Flow[] = []
  const works = [yes, ...(no ? [no] : [])].map(each => () => void flows.push(machine.execute(each, scope)))
  machine.perhaps(whyOf(value), works, condition.span)
  if (!no) flows.push(on)
  return oneOf(flows, machine, condition)
}

/** How code goes on after several branches of which any may have run. */
function oneOf(flows: readonly Flow[], machine: Machine, at: Node): Flow {
  // A branch that throws ends the migration, so the code after it runs only for the other branches.
  const left = flows.filter(({ kind }) => kind !== 'throw')
  const [first] = left
  if (!first) return { kind: 'throw' }
  if (left.every(({ kind }) => kind === 'on')) return on
  if (left.every(({ kind }) => kind === 'break' || kind === 'continue')) return first
  if (left.length === 1) return first
  const isReturned = left.every(({ kind }) => kind === 'return')
  const values = left.flatMap(flow => ('value' in flow && flow.value ? [flow.value] : []))
  const value = oneOfValues(values, 'it depends on an unknown value', at.span)
  if (isReturned) return { kind: 'return', value }
  machine.run.doubt(at.span, 'it decides whether the rest runs')
  return { kind: 'perhaps', value }
}

function whyOf(value: Value): string {
  return value.kind === 'unknown' ? value.why : 'it depends on an unknown value'
}

function returned(node: Node, scope: Scope, machine: Machine): Flow {
  const [value] = named(node)
  return {
    kind: 'return',
    value: value ? machine.evaluate(value, scope) : { kind: 'plain', value: undefined, at: node.span },
  }
}

function thrown(node: Node, scope: Scope, machine: Machine): Flow {
  expression(node, scope, machine)
  return { kind: 'throw' }
}

function bodyOf(node: Node, scope: Scope, machine: Machine): Flow {
  const body = field(node, 'body')
  return body ? machine.execute(body, scope) : on
}

/** `for (const x of list)`, and `in`. */
function forEach(node: Node, scope: Scope, machine: Machine): Flow {
  const [left, right] = [field(node, 'left'), field(node, 'right')]
  if (!left || !right) return on
  const value = machine.evaluate(right, scope)
  const isOf = has(node, 'of')
  const items = isOf ? itemsOf(value) : keysOf(value, node)
  if (items === null) {
    const why =
      value.kind === 'unknown' ? `the loop is over an unknown value: ${value.why}` : 'the loop is over an unknown value'
    const once = () => {
      const item = oneOfValues([value], why, right.span)
      machine.bind(left, item, inside(scope))
      round(node, left, item, scope, machine)
    }
    machine.perhaps(why, [once], right.span)
    return on
  }
  for (const item of items) {
    const each = has(node, 'await') ? machine.run.settle(item, right.span) : item
    const flow = round(node, left, each, scope, machine)
    if (flow.kind === 'break') return on
    if (flow.kind !== 'on' && flow.kind !== 'continue') return flow
  }
  return on
}

function inside(scope: Scope): Scope {
  return { names: new Map(), outer: scope }
}

function round(node: Node, left: Node, value: Value, scope: Scope, machine: Machine): Flow {
  machine.run.step()
  const own = inside(scope)
  machine.bind(left, value, own)
  return bodyOf(node, own, machine)
}

/** What a loop goes through; null: unknown. */
export function itemsOf(value: Value): readonly Value[] | null {
  return value.kind === 'list' && !value.isOpen ? [...value.items] : null
}

function keysOf(value: Value, node: Node): readonly Value[] | null {
  if (value.kind !== 'record' || value.isOpen) return null
  return [...value.entries.keys()].map(text => ({
    kind: 'text',
    pieces: [{ text, at: node.span, isVerbatim: false }],
  }))
}

/** `for (let i = 0; i < 3; i++)`: read as many rounds as its condition is known to be true. */
function counted(node: Node, scope: Scope, machine: Machine): Flow {
  const own = inside(scope)
  const start = field(node, 'initializer')
  if (start) machine.execute(start, own)
  const test = field(node, 'condition')
  const step = field(node, 'increment')
  return looped(node, own, machine, test, () => void (step && machine.evaluate(step, own)))
}

function repeated(node: Node, scope: Scope, machine: Machine): Flow {
  return looped(node, scope, machine, field(node, 'condition'), () => {})
}

const mostRounds = 10_000

function looped(node: Node, scope: Scope, machine: Machine, test: Node | undefined, step: () => void): Flow {
  for (let i = 0; i < mostRounds; i++) {
    machine.run.step()
    const isFree = node.kind === 'do_statement' && i === 0
    const value: Value | null = test && !isFree && test.kind !== 'empty_statement' ? tested(test, scope, machine) : null
    const isTrue = value === null ? true : truth(value)
    if (isTrue === false) return on
    if (isTrue === null) {
      const why = `a loop whose end is unknown: ${value === null ? '' : whyOf(value)}`
      forget(node, scope, machine)
      machine.perhaps(why, [() => void bodyOf(node, inside(scope), machine)], test?.span ?? node.span)
      return on
    }
    const flow = bodyOf(node, inside(scope), machine)
    if (flow.kind === 'break') return on
    if (flow.kind !== 'on' && flow.kind !== 'continue') return flow
    step()
  }
  machine.run.unread(node.span, 'the loop goes round too often')
  return on
}

function tested(test: Node, scope: Scope, machine: Machine): Value {
  const [inner] = test.kind === 'expression_statement' ? named(test) : [test]
  return inner ? machine.evaluate(inner, scope) : unknown('this kind of expression is not read', test.span)
}

/** Names that a loop assigns are unknown in it. */
function forget(node: Node, scope: Scope, machine: Machine): void {
  for (const each of below(node)) {
    const left = /assignment|update/.test(each.kind) ? (field(each, 'left') ?? field(each, 'argument')) : undefined
    if (left?.kind === 'identifier')
      machine.assign(scope, machine.source(left), unknown('a loop changes it', left.span))
  }
}

function tried(node: Node, scope: Scope, machine: Machine): Flow {
  const flow = bodyOf(node, scope, machine)
  const handler = field(node, 'handler')
  if (handler) {
    const own = inside(scope)
    const parameter = field(handler, 'parameter')
    if (parameter) machine.bind(parameter, unknown('it is an error', parameter.span), own)
    machine.perhaps(
      'it runs only after a failure',
      [() => machine.run.handle(() => bodyOf(handler, own, machine).kind === 'throw')],
      handler.span,
    )
  }
  const last = field(node, 'finalizer')
  const ended = last ? bodyOf(last, scope, machine) : on
  if (ended.kind !== 'on') return ended
  // The handler here catches what is thrown there.
  return flow.kind === 'throw' && handler ? on : flow
}

function switched(node: Node, scope: Scope, machine: Machine): Flow {
  const [of, body] = [field(node, 'value'), field(node, 'body')]
  if (!of || !body) return on
  const value = machine.evaluate(of, scope)
  const cases = named(body)
  const own = inside(scope)
  const statementsFrom = (first: number) => cases.slice(first).flatMap(each => each.children.filter(isBody))
  const flowOf = (first: number): Flow => {
    const flow = machine.block(statementsFrom(first), own)
    return flow.kind === 'break' ? on : flow
  }
  let isKnown = true
  for (const [i, each] of cases.entries()) {
    const label = field(each, 'value')
    if (!label) continue
    const same = machine.equal(value, machine.evaluate(label, own), label.span)
    if (same) return flowOf(i)
    if (same === null) isKnown = false
  }
  const other = cases.findIndex(({ kind }) => kind === 'switch_default')
  if (isKnown) return other < 0 ? on : flowOf(other)
  const flows: Flow[] = []
  const works = cases.map((_, i) => () => void flows.push(flowOf(i)))
  machine.perhaps(whyOf(value), works, of.span)
  return oneOf(flows.length === 0 ? [on] : flows, machine, of)
}

function isBody(node: Node): boolean {
  return node.isNamed && node.field === 'body'
}
