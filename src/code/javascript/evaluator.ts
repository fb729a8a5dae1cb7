import type { Span } from '../../parse/span.ts'
import { field, has, type Node, named } from '../node.ts'
import type { Offered } from '../offered.ts'
import { oneOf } from '../reach.ts'
import type { Run } from '../run.ts'
import { type Callable, known, list, record, type Scope, truth, unknown, type Value } from '../value.ts'
import { called } from './builtin.ts'
import { expressions, keyOf, orDefault, part } from './expression.ts'
import { type CallWay, type Flow, type Machine, on } from './machine.ts'
import { memberOf } from './member.ts'
import { between } from './operator.ts'
import { hoist, itemsOf, statements } from './statement.ts'

/** The deepest nesting of calls and expressions that is read: well below what the stack allows. */
const deepestCall = 40
const deepestExpression = 700

/** Reads programs in JavaScript and TypeScript without running any of their code: an unknown step makes an unknown value. */
export class Evaluator implements Machine {
  readonly run: Run
  readonly text: string
  readonly modules: Offered
  #calls = 0
  #depth = 0
  /** The earlier values of names, while it is unknown whether the program assigns others. */
  readonly #journals: Map<Scope, Map<string, Value>>[] = []

  readonly neighbour: Machine['neighbour']

  /** `neighbour`: the value of a module that is a file of the project; null: it is unknown. */
  constructor(run: Run, text: string, modules: Offered, neighbour: Machine['neighbour'] = () => null) {
    this.neighbour = neighbour
    this.run = run
    this.text = text
    this.modules = modules
    run.invocation = (callable, args, at, self) =>
      this.call(callable, args, { at, nameAt: at, argsAt: args.map(() => at), ...(self && { self }) })
  }

  source(node: Node): string {
    return this.text.slice(node.span[0], node.span[1])
  }

  evaluate(node: Node, scope: Scope): Value {
    this.run.step()
    const read = expressions.get(node.kind)
    if (!read) return unknown('this kind of expression is not read', node.span)
    return this.#deeper(() => read(node, scope, this)) ?? this.run.notRead(node.span, 'it is nested too deeply')
  }

  execute(node: Node, scope: Scope): Flow {
    this.run.step()
    const execute = statements.get(node.kind)
    if (!execute) {
      this.evaluate(node, scope)
      return on
    }
    const flow = this.#deeper(() => execute(node, scope, this))
    if (flow) return flow
    this.run.unread(node.span, 'it is nested too deeply')
    return on
  }

  #deeper<T>(work: () => T): T | null {
    if (this.#depth >= deepestExpression) return null
    this.#depth++
    try {
      return work()
    } finally {
      this.#depth--
    }
  }

  block(nodes: readonly Node[], outer: Scope): Flow {
    const scope: Scope = { names: new Map(), outer }
    hoist(nodes, scope, this)
    let left: Flow | null = null
    for (const node of nodes) {
      const flow = this.execute(node, scope)
      if (flow.kind === 'perhaps') {
        // The rest of the function runs only if this statement has not left it.
        left = flow
        this.run.doubtTheRest()
      } else if (flow.kind !== 'on') return left ?? flow
    }
    return left ?? on
  }

  call(callee: Value, args: readonly Value[], way: CallWay): Value {
    this.run.step()
    if (callee.kind !== 'callable') this.run.weigh(args)
    if (callee.kind === 'host')
      return callee.call
        ? callee.call({ args, at: way.at, nameAt: way.nameAt, argsAt: way.argsAt })
        : this.run.notRead(way.at, `${callee.name} is not read yet`)
    if (callee.kind === 'callable') return this.#invoked(callee, args, way)
    return called(callee, args, way, this)
  }

  #invoked(callee: Callable, args: readonly Value[], way: CallWay): Value {
    if (this.#calls >= deepestCall) return this.run.notRead(way.at, 'it calls itself, or too many others')
    const { node } = callee
    if (!node) return this.run.notRead(way.at, 'it is not a function of this file')
    if (node.kind.includes('class')) return this.#made(callee, node, args, way)
    // Its body runs piece by piece, as far as somebody asks for its values.
    if (has(node, '*')) return this.run.notRead(way.at, 'a generator is not evaluated')
    const scope: Scope = { names: new Map(), outer: callee.scope }
    const self = node.kind === 'arrow_function' ? undefined : (callee.self ?? way.self)
    if (self) scope.names.set('this', self)
    this.#parameters(node, args, scope, way.at)
    const body = field(node, 'body')
    if (!body) return known(undefined, way.at)
    const conditions = this.run.conditions
    this.#calls++
    try {
      // Takes the result of an async function as awaited when its caller goes on; otherwise the order could not be known.
      if (body.kind !== 'statement_block') return this.evaluate(body, scope)
      const flow = this.execute(body, scope)
      if (flow.kind === 'return') return flow.value
      return flow.kind === 'perhaps' && flow.value ? flow.value : known(undefined, way.at)
    } finally {
      this.#calls--
      this.run.restore(conditions)
    }
  }

  #parameters(node: Node, args: readonly Value[], scope: Scope, at: Span): void {
    const single = field(node, 'parameter')
    const all = single ? [single] : named(field(node, 'parameters') ?? node).filter(isParameter)
    for (const [i, each] of all.entries()) {
      const pattern = field(each, 'pattern') ?? each
      if (pattern.kind === 'this') continue
      if (pattern.kind === 'rest_pattern') {
        const [inner] = named(pattern)
        if (inner) this.bind(inner, list(args.slice(i), at), scope)
        return
      }
      const value = orDefault(args[i] ?? known(undefined, at), field(each, 'value'), scope, this)
      this.bind(pattern, value, scope)
    }
  }

  /** `new` of a class of the file: its fields, and what its constructor does. */
  #made(callee: Callable, node: Node, args: readonly Value[], way: CallWay): Value {
    const self = record([], way.at)
    // The members that a class inherits from another file are unknown.
    if (has(node, 'class_heritage')) self.isOpen = true
    for (const each of named(field(node, 'body') ?? node)) {
      const key = field(each, 'name')
      const name = key ? keyOf(key, callee.scope, this) : null
      if (name === null || has(each, 'static')) continue
      if (each.kind === 'public_field_definition' || each.kind === 'field_definition') {
        const value = field(each, 'value')
        const scope: Scope = { names: new Map([['this', self]]), outer: callee.scope }
        if (value) self.entries.set(name, this.evaluate(value, scope))
      } else if (each.kind === 'method_definition' && !has(each, 'get') && !has(each, 'set'))
        self.entries.set(name, { ...this.callable(each, callee.scope), self })
    }
    const maker = self.entries.get('constructor')
    if (maker?.kind === 'callable') this.#invoked(maker, args, { ...way, self })
    return self
  }

  member(of: Value, name: string, at: Span): Value {
    return memberOf(of, name, at)
  }

  bind(pattern: Node, value: Value, scope: Scope): void {
    switch (pattern.kind) {
      case 'identifier':
      case 'shorthand_property_identifier_pattern':
        scope.names.set(this.source(pattern), value)
        return
      case 'assignment_pattern':
      case 'object_assignment_pattern': {
        const [left, right] = [field(pattern, 'left'), field(pattern, 'right')]
        if (left) this.bind(left, orDefault(value, right, scope, this), scope)
        return
      }
      case 'object_pattern':
        for (const each of named(pattern)) this.#bindPart(each, value, scope)
        return
      case 'array_pattern':
        this.#bindItems(pattern, value, scope)
        return
      case 'required_parameter':
      case 'optional_parameter': {
        const inner = field(pattern, 'pattern')
        if (inner) this.bind(inner, value, scope)
      }
    }
  }

  #bindPart(each: Node, value: Value, scope: Scope): void {
    if (each.kind === 'pair_pattern') {
      const [key, inner] = [field(each, 'key'), field(each, 'value')]
      const name = key ? keyOf(key, scope, this) : null
      if (inner)
        this.bind(
          inner,
          name === null ? oneOf([value], 'its name is computed', each.span) : part(value, name, each.span, this),
          scope,
        )
    } else if (each.kind === 'rest_pattern') {
      const [inner] = named(each)
      if (inner) this.bind(inner, oneOf([value], 'the rest of an object is not evaluated', each.span), scope)
    } else {
      const word = each.kind === 'object_assignment_pattern' ? field(each, 'left') : each
      if (word) this.bind(each, part(value, this.source(word), each.span, this), scope)
    }
  }

  #bindItems(pattern: Node, value: Value, scope: Scope): void {
    const items = itemsOf(value)
    for (const [i, each] of named(pattern).entries()) {
      const [inner] = each.kind === 'rest_pattern' ? named(each) : []
      if (inner) {
        this.bind(inner, items ? list(items.slice(i), each.span) : oneOf([value], 'it is not known', each.span), scope)
        continue
      }
      const why = value.kind === 'unknown' ? value.why : 'part of the list is unknown'
      this.bind(each, items ? (items[i] ?? known(undefined, each.span)) : oneOf([value], why, each.span), scope)
    }
  }

  assign(scope: Scope, name: string, value: Value): void {
    for (let at: Scope | null = scope; at; at = at.outer) {
      const old = at.names.get(name)
      if (!old) continue
      for (const journal of this.#journals) {
        const own = journal.get(at) ?? new Map<string, Value>()
        journal.set(at, own)
        if (!own.has(name)) own.set(name, old)
      }
      at.names.set(name, value)
      return
    }
    scope.names.set(name, value)
  }

  callable(node: Node, scope: Scope): Callable {
    const word = field(node, 'name')
    const made: Callable = {
      kind: 'callable',
      name: word ? this.source(word) : '',
      node,
      scope,
      at: node.span,
      entries: new Map(),
    }
    if (!node.kind.includes('class')) return made
    for (const each of named(field(node, 'body') ?? node)) {
      const key = field(each, 'name')
      const block = each.kind === 'class_static_block' ? field(each, 'body') : undefined
      if (block) {
        const own: [string, Value][] = made.name === '' ? [] : [[made.name, made]]
        this.execute(block, { names: new Map([['this', made], ...own]), outer: scope })
      }
      if (!key || !has(each, 'static')) continue
      const value = field(each, 'value')
      if (each.kind === 'method_definition')
        made.entries.set(this.source(key), { ...this.callable(each, scope), self: made })
      else if (value) made.entries.set(this.source(key), this.evaluate(value, scope))
    }
    return made
  }

  perhaps(why: string, works: readonly (() => void)[], at: Span): void {
    const before = [this.run.deeds.length, this.run.doubts.length]
    const touched = new Map<Scope, Map<string, Value[]>>()
    for (const work of works) {
      const journal = new Map<Scope, Map<string, Value>>()
      this.#journals.push(journal)
      try {
        this.run.perhaps(work)
      } finally {
        this.#journals.pop()
      }
      for (const [scope, names] of journal)
        for (const [name, old] of names) {
          const values = touched.get(scope)?.get(name) ?? [old]
          values.push(scope.names.get(name) ?? old)
          scope.names.set(name, old)
          touched.set(scope, (touched.get(scope) ?? new Map()).set(name, values))
        }
    }
    for (const [scope, names] of touched)
      for (const [name, values] of names) scope.names.set(name, oneOf(values, 'it depends on an unknown value', at))
    if (this.run.deeds.length > (before[0] ?? 0) || this.run.doubts.length > (before[1] ?? 0)) this.run.doubt(at, why)
  }

  equal(left: Value, right: Value, at: Span): boolean | null {
    return truth(between('===', left, right, at))
  }
}

function isParameter({ kind }: Node): boolean {
  return kind !== 'statement_block' && kind !== 'type_annotation'
}
