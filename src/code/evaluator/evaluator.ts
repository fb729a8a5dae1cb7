import type { Span } from '../../parse/span.ts'
import { boundedItems } from '../limit.ts'
import { oneOf } from '../reach.ts'
import type { Run } from '../run.ts'
import type { ClassExpression, Expression, FunctionExpression, Pattern } from '../syntax.ts'
import { joined, type Text } from '../text.ts'
import { type Callable, known, list, nothing, record, type Scope, unknown, type Value } from '../value.ts'
import { basesOf, bindParameters, callOf, otherCall, plainly, selfOf } from './call.ts'
import { choice, each, left, loop, short, tried, within } from './flow.ts'
import { type Invocation, type Language, Leaving, type Machine } from './machine.ts'
import { asText, calculated, elementOf, keyOf, memberOf } from './value.ts'

/** Calls and expressions in one another that are looked into: well below what the stack takes. */
const deepestCall = 40
const deepestExpression = 600

/** What the tool's reader offers to a program, by name. */
export interface Offered {
  readonly globals: ReadonlyMap<string, Value>
  readonly modules: ReadonlyMap<string, Value>
  /** What any other module is. */
  readonly anyModule: (module: string) => Value | undefined
  /** Functions of other files may reach the database without being given anything. */
  readonly helpersReach: boolean
}

/** Evaluates programs. Nothing of them runs: a step that is not known makes a value that is not known. */
export class Evaluator implements Machine {
  readonly run: Run
  readonly language: Language
  readonly globals: ReadonlyMap<string, Value>
  readonly modules: ReadonlyMap<string, Value>
  /** The classes of the file, in the order in which they end. */
  readonly classes: Callable[] = []
  readonly #anyModule: Offered['anyModule']
  readonly #helpersReach: boolean
  #calls = 0
  #depth = 0
  /** What names were before, while it is not known whether they get other values. */
  readonly #journals: Map<Scope, Map<string, Value | undefined>>[] = []
  /** Of each function that is evaluated, values that it may have returned before its end. */
  readonly #returned: Value[][] = [[]]

  constructor(run: Run, language: Language, { globals, modules, anyModule, helpersReach }: Offered) {
    this.#anyModule = anyModule
    this.#helpersReach = helpersReach
    this.run = run
    this.language = language
    this.globals = globals
    this.modules = modules
    run.invocation = (callable, args, at, self) => this.call(callable, plainly(args, at, self))
  }

  evaluate(expression: Expression, scope: Scope): Value {
    this.run.step()
    if (this.#depth >= deepestExpression) return this.run.notRead(expression.at, 'it is nested too deeply')
    this.#depth++
    try {
      return this.#evaluated(expression, scope)
    } finally {
      this.#depth--
    }
  }

  #evaluated(expression: Expression, scope: Scope): Value {
    const { at } = expression
    switch (expression.kind) {
      case 'text':
        return joined(
          expression.parts.map(part => (part.kind === 'text' && 'pieces' in part ? part : this.#inText(part, scope))),
        )
      case 'plain':
        return known(expression.value, at)
      case 'name': {
        const found = this.lookUp(scope, expression.name, at)
        const isCalled = expression.isCall && (found?.kind === 'host' || (found?.kind === 'unknown' && found.of))
        if (expression.isCall && (isCalled || found?.kind === 'callable' || found === undefined))
          return this.call(found ?? this.unresolved(expression.name, at), {
            ...plainly([], at, selfOf(scope)),
          })
        return found ?? this.unresolved(expression.name, at)
      }
      case 'self':
        return selfOf(scope) ?? unknown('it belongs to no class', at)
      case 'member': {
        const of = this.evaluate(expression.of, scope)
        const isNothing = of.kind === 'plain' && (of.value ?? null) === null
        return expression.isOptional && isNothing ? of : this.member(of, expression.name, at)
      }
      case 'index':
        return elementOf(this.evaluate(expression.of, scope), this.evaluate(expression.by, scope), at, this)
      case 'call':
        return callOf(expression, scope, this)
      case 'list':
        return this.#list(expression, scope)
      case 'record':
        return this.#record(expression, scope)
      case 'function':
        return this.callable(expression, scope)
      case 'operation': {
        const [first, ...others] = expression.of
        let value = first ? this.evaluate(first, scope) : unknown('it is not read', at)
        if (expression.operator === 'not') {
          const isTrue = this.language.truth(value)
          return isTrue === null
            ? unknown(value.kind === 'unknown' ? value.why : 'it is not known', at)
            : known(!isTrue, at)
        }
        if (others.length === 0 && expression.operator === '-')
          return value.kind === 'plain' ? known(-Number(value.value), at) : unknown('it is calculated', at)
        for (const other of others)
          value = calculated(expression.operator, value, this.evaluate(other, scope), at, this)
        return value
      }
      case 'short':
        return short(expression, scope, this)
      case 'assignment': {
        const value = this.evaluate(expression.value, scope)
        this.bind(expression.to, value, scope, expression.isDeclaration)
        return value
      }
      case 'block':
        return this.#block(expression.body, scope, at)
      case 'choice':
        return choice(expression, scope, this, value => this.#mayReturn(value))
      case 'loop':
        return loop(expression, scope, this)
      case 'each':
        return each(expression, scope, this)
      case 'with':
        return within(expression, scope, this)
      case 'try':
        return tried(expression, scope, this)
      case 'leave':
        return left(expression, scope, this)
      case 'definition': {
        const made = this.callable(expression.definition, scope)
        scope.names.set(expression.definition.name, made)
        return made
      }
      case 'class':
        return this.#class(expression, scope)
      case 'import': {
        const value = this.#imported(expression.module, expression.member, at)
        scope.names.set(expression.name, value)
        return value
      }
      case 'unread':
        return this.#unread(expression, scope)
    }
  }

  #inText(part: Expression | Text, scope: Scope): Text {
    const expression = part as Expression
    const value = this.evaluate(expression, scope)
    return this.asText(value, expression.at, expression.kind === 'name' ? expression.name : undefined)
  }

  #list({ items, at }: Extract<Expression, { kind: 'list' }>, scope: Scope): Value {
    const made = list([], at)
    for (const { value: expression, spread } of items) {
      const value = this.evaluate(expression, scope)
      if (spread === undefined) made.items.push(value)
      else if (value.kind === 'list') {
        for (const each of value.items) made.items.push(each)
        if (value.isOpen) made.isOpen = true
      } else made.isOpen = true
      boundedItems(made.items)
    }
    return made
  }

  #record({ entries, at }: Extract<Expression, { kind: 'record' }>, scope: Scope): Value {
    const made = record([], at)
    for (const { key, value: expression } of entries) {
      const value = this.evaluate(expression, scope)
      if (key === null) {
        if (value.kind === 'record') for (const [name, each] of value.entries) made.entries.set(name, each)
        if (value.kind !== 'record' || value.isOpen) made.isOpen = true
        continue
      }
      const name = keyOf(this.evaluate(key, scope))
      if (name === null) made.isOpen = true
      else made.entries.set(String(name), value)
    }
    return made
  }

  #block(body: readonly Expression[], scope: Scope, at: Span): Value {
    for (const each of body)
      if (each.kind === 'definition') scope.names.set(each.definition.name, this.callable(each.definition, scope))
    let last: Value = known(null, at)
    for (const each of body) last = this.evaluate(each, scope)
    return last
  }

  #class(expression: ClassExpression, scope: Scope): Value {
    const made = this.callable(expression, scope)
    if (expression.name !== '') scope.names.set(expression.name, made)
    this.classes.push(made)
    return made
  }

  #imported(module: string, member: string | undefined, at: Span): Value {
    const found = this.modules.get(module) ?? this.#anyModule(module)
    if (!found) return this.#foreign(this.language.imported(module, member, at))
    return member === undefined ? found : this.member(found, member, at)
  }

  unresolved(name: string, at: Span): Value {
    return this.#foreign(this.language.unresolved(name, at))
  }

  #foreign(value: Value): Value {
    return value.kind === 'unknown' && value.isForeign && this.#helpersReach ? { ...value, mayReach: true } : value
  }

  /** What stands in it may be done. */
  #unread({ why, inside, at }: Extract<Expression, { kind: 'unread' }>, scope: Scope): Value {
    const values: Value[] = []
    this.perhaps(
      why,
      inside.map(each => () => void values.push(this.#caught(each, scope))),
      at,
    )
    return oneOf(values, why, at)
  }

  #caught(expression: Expression, scope: Scope): Value {
    try {
      return this.evaluate(expression, scope)
    } catch (thrown) {
      if (!(thrown instanceof Leaving)) throw thrown
      this.#mayReturn(thrown.value)
      return thrown.value
    }
  }

  /** A function may have ended here, under a condition: the rest of it is done or not. */
  #mayReturn(value: Value): void {
    this.#returned.at(-1)?.push(value)
    this.run.doubtTheRest()
  }

  call(callee: Value, invocation: Invocation): Value {
    this.run.step()
    if (callee.kind === 'host') {
      if (!callee.call) return this.run.notRead(invocation.at, `${callee.name} is not read yet`)
      return callee.call(invocation)
    }
    if (callee.kind !== 'callable') return otherCall(callee, invocation, this)
    return callee.definition?.kind === 'class' ? this.instance(callee, invocation) : this.#invoked(callee, invocation)
  }

  #invoked(callee: Callable, invocation: Invocation): Value {
    const { definition } = callee
    if (definition?.kind !== 'function') return this.run.notRead(invocation.at, 'it is not a function')
    if (this.#calls >= deepestCall) return this.run.notRead(invocation.at, 'it calls itself, or too many others')
    const scope: Scope = { names: new Map(), outer: callee.scope }
    const self = definition.hasOwnSelf ? (callee.self ?? invocation.self) : undefined
    if (self) scope.names.set('self', self)
    if (self && definition.selfName !== undefined) scope.names.set(definition.selfName, self)
    if (invocation.block) scope.names.set('&block', invocation.block)
    bindParameters(definition.parameters, invocation, scope, this)
    const conditions = this.run.conditions
    this.#calls++
    this.#returned.push([])
    let value: Value = nothing(invocation.at)
    try {
      const last = this.evaluate(definition.body, scope)
      if (definition.givesLast) value = last
    } catch (thrown) {
      if (!(thrown instanceof Leaving) || thrown.how === 'throw') throw thrown
      value = thrown.value
    } finally {
      this.#calls--
      this.run.restore(conditions)
    }
    const others = this.#returned.pop() ?? []
    return others.length === 0 ? value : oneOf([...others, value], 'it depends on what is not known', invocation.at)
  }

  instance(of: Callable, invocation: Invocation): Value {
    const self = record([], invocation.at)
    for (const base of basesOf(of).reverse()) {
      if (base.kind === 'callable') this.#give(self, base)
      else if (base.kind === 'host') self.base = base
      else self.isOpen = true
    }
    this.#give(self, of)
    const maker = self.entries.get(this.language.constructorOf(of.name))
    if (maker) this.call(maker, { ...invocation, self })
    return self
  }

  /** The methods of a class for an instance, and the values that the class has. */
  #give(self: Extract<Value, { kind: 'record' }>, of: Callable): void {
    for (const [name, value] of of.entries) {
      const isMethod = value.kind === 'callable' && value.definition?.kind === 'function' && !value.definition.isStatic
      self.entries.set(name, isMethod ? { ...value, self } : value)
    }
  }

  member(of: Value, name: string, at: Span): Value {
    return memberOf(of, name, at, this)
  }

  lookUp(scope: Scope, name: string, at: Span): Value | undefined {
    for (let each: Scope | null = scope; each; each = each.outer) {
      const found = each.names.get(name)
      if (found) return found
    }
    if (this.language.impliesSelf) {
      const self = selfOf(scope)
      const found =
        self?.kind === 'record'
          ? (self.entries.get(name) ?? self.base?.get?.(name, at))
          : self?.kind === 'callable'
            ? this.#ofClass(self, name, at)
            : undefined
      if (found) return found
    }
    return this.globals.get(name) ?? this.language.globals.get(name)
  }

  #ofClass(of: Callable, name: string, at: Span): Value | undefined {
    const own = of.entries.get(name)
    if (own) return own
    for (const base of basesOf(of)) {
      const found =
        base.kind === 'callable' ? base.entries.get(name) : base.kind === 'host' ? base.get?.(name, at) : null
      if (found) return found
    }
    return undefined
  }

  bind(pattern: Pattern, value: Value, scope: Scope, isDeclaration = false): void {
    switch (pattern.kind) {
      case 'nothing':
        return
      case 'name':
        if (isDeclaration) scope.names.set(pattern.name, value)
        else this.#assign(scope, pattern.name, value)
        return
      case 'list': {
        const items = value.kind === 'list' && !value.isOpen ? value.items : null
        const why = value.kind === 'unknown' ? value.why : 'a part of a list is not known'
        const at = value.kind === 'text' ? ([0, 0] as const) : 'at' in value ? value.at : ([0, 0] as const)
        for (const [i, each] of pattern.items.entries()) {
          const isRest = pattern.rest === i
          const after = pattern.items.length - i - 1
          const item = items
            ? isRest
              ? list(items.slice(i, items.length - after), at)
              : pattern.rest !== undefined && i > pattern.rest
                ? items[items.length - after - 1]
                : items[i]
            : oneOf([value], why, at)
          this.bind(each, item ?? known(null, at), scope, isDeclaration)
        }
        return
      }
      case 'place':
        this.#store(pattern.place, value, scope)
    }
  }

  #store(place: Extract<Pattern, { kind: 'place' }>['place'], value: Value, scope: Scope): void {
    const owner = this.evaluate(place.of, scope)
    const key = place.kind === 'member' ? place.name : keyOf(this.evaluate(place.by, scope))
    if (owner.kind === 'list') owner.isOpen = true
    else if (owner.kind === 'host') this.run.unread(place.at, 'it is set to another value, which is not read')
    else if (owner.kind === 'record' || owner.kind === 'callable') {
      if (key === null) {
        if (owner.kind === 'record') owner.isOpen = true
        return
      }
      const isSure = this.run.conditions === 0
      const old = this.member(owner, String(key), place.at)
      owner.entries.set(String(key), isSure ? value : oneOf([value, old], 'it is set under a condition', place.at))
    }
  }

  #assign(scope: Scope, name: string, value: Value): void {
    let target: Scope = scope
    for (let at: Scope | null = scope; at; at = at.outer)
      if (at.names.has(name)) {
        target = at
        break
      }
    for (const journal of this.#journals) {
      const own = journal.get(target) ?? new Map<string, Value | undefined>()
      journal.set(target, own)
      if (!own.has(name)) own.set(name, target.names.get(name))
    }
    target.names.set(name, value)
  }

  callable(definition: FunctionExpression | ClassExpression, scope: Scope): Callable {
    const made: Callable = {
      kind: 'callable',
      name: definition.name,
      definition,
      scope,
      at: definition.at,
      entries: new Map(),
      ...(definition.kind === 'class' && { bases: definition.bases.map(each => this.evaluate(each, scope)) }),
    }
    if (definition.kind !== 'class') return made
    // What stands in a class has names that its methods see.
    const inside: Scope = { names: made.entries, outer: { names: new Map([['self', made]]), outer: scope } }
    this.#block(definition.body, inside, definition.at)
    return made
  }

  perhaps(why: string, works: readonly (() => void)[], at: Span): void {
    const before = [this.run.deeds.length, this.run.doubts.length]
    const touched = new Map<Scope, Map<string, (Value | undefined)[]>>()
    for (const work of works) {
      const journal = new Map<Scope, Map<string, Value | undefined>>()
      this.#journals.push(journal)
      try {
        this.run.perhaps(work)
      } finally {
        this.#journals.pop()
      }
      for (const [scope, names] of journal)
        for (const [name, old] of names) {
          const values = touched.get(scope)?.get(name) ?? [old]
          values.push(scope.names.get(name))
          if (old) scope.names.set(name, old)
          else scope.names.delete(name)
          touched.set(scope, (touched.get(scope) ?? new Map()).set(name, values))
        }
    }
    for (const [scope, names] of touched)
      for (const [name, values] of names)
        scope.names.set(
          name,
          oneOf(
            values.flatMap(value => (value ? [value] : [])),
            'it depends on what is not known',
            at,
          ),
        )
    if (this.run.deeds.length > (before[0] ?? 0) || this.run.doubts.length > (before[1] ?? 0)) this.run.doubt(at, why)
  }

  asText(value: Value, at: Span, name?: string): Text {
    return asText(value, at, this.language, name)
  }
}
