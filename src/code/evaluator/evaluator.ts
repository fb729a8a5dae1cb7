import type { Span } from '../../parse/span.ts'
import type { Offered } from '../offered.ts'
import { oneOf } from '../reach.ts'
import type { Run } from '../run.ts'
import type { ClassExpression, Expression, FunctionExpression, Pattern } from '../syntax.ts'
import type { Text } from '../text.ts'
import { type Callable, known, nothing, type Scope, unknown, type Value } from '../value.ts'
import { bindParameters, callOf, otherCall, plainly, selfOf } from './call.ts'
import { choice, each, left, loop, short, tried, within } from './flow.ts'
import { Frames } from './frames.ts'
import { instanceOf, memberOfClass } from './instance.ts'
import { type Invocation, type Language, Leaving, type Machine } from './machine.ts'
import { listOf, operationOf, recordOf, textOf } from './made.ts'
import { itemOf, Names } from './names.ts'
import { store } from './store.ts'
import { asText, elementOf, memberOf } from './value.ts'

/** The deepest nesting of expressions that is read: well below what the stack allows. */
const deepestExpression = 600
/** Work that may not run takes as much of the stack as this many other expressions. */
const depthOfPerhaps = 3

/** What the tool's reader offers to a program, by name. */
export interface Surroundings {
  readonly globals: Offered
  readonly modules: Offered
  /** The value of any other module. */
  readonly anyModule: (module: string) => Value | undefined
  /** What the tool adds to classes of other files. */
  readonly foreignMember: (name: string, of: string) => Value | undefined
  /** Functions of other files may reach the database without being given anything. */
  readonly helpersReach: boolean
}

/** Evaluates programs without running any of their code: an unknown step makes an unknown value. */
export class Evaluator implements Machine {
  readonly run: Run
  readonly language: Language
  readonly globals: Offered
  readonly modules: Offered
  /** The classes of the file, in the order in which they end. */
  readonly classes: Callable[] = []
  readonly #anyModule: Surroundings['anyModule']
  readonly #foreignMember: Surroundings['foreignMember']
  readonly #helpersReach: boolean
  returns = 0
  /** Modules whose names are all imported into the program. */
  readonly #open: Value[] = []
  #depth = 0
  readonly #names = new Names()
  readonly #frames = new Frames()

  constructor(run: Run, language: Language, offered: Surroundings) {
    const { globals, modules, anyModule, foreignMember, helpersReach } = offered
    this.#foreignMember = foreignMember
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
        return textOf(expression, scope, this)
      case 'plain':
        return known(expression.value, at)
      case 'name':
        return this.#name(expression, scope)
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
        return listOf(expression, scope, this)
      case 'record':
        return recordOf(expression, scope, this)
      case 'function':
        return this.callable(expression, scope)
      case 'operation':
        return operationOf(expression, scope, this)
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
        return choice(expression, scope, this, by => this.#mayLeave(by))
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
        if (expression.name === '*') this.#open.push(value)
        else scope.names.set(expression.name, value)
        return value
      }
      case 'unread':
        return this.#unread(expression, scope)
    }
  }

  #name({ name, isCall, at }: Extract<Expression, { kind: 'name' }>, scope: Scope): Value {
    const found = this.lookUp(scope, name, at) ?? this.unresolved(name, at)
    const isFunction = (found.kind === 'host' && found.call) || found.kind === 'callable' || found.kind === 'unknown'
    return isCall && isFunction ? this.call(found, plainly([], at, selfOf(scope))) : found
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
    for (const module of [...this.#open].reverse()) {
      const found = module.kind === 'host' ? module.get?.(name, at) : this.member(module, name, at)
      if (found) return found
    }
    return this.#foreign(this.language.unresolved(name, at))
  }

  #foreign(value: Value): Value {
    return value.kind === 'unknown' && value.isForeign && this.#helpersReach ? { ...value, mayReach: true } : value
  }

  /** The code inside of it may run. */
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
      this.#mayLeave(thrown)
      return thrown.value
    }
  }

  /** A function or a loop may have ended here under a condition, so the rest of it may not run. */
  #mayLeave({ how, value }: Leaving): void {
    const frame = this.#frames.innermost
    if (how === 'return' || (how === 'continue' && frame?.isBlock)) frame?.returned.push(value)
    if (how === 'return') {
      this.returns++
      if (frame?.isBlock) frame.mayLeave = true
    }
    this.run.doubtTheRest()
  }

  call(callee: Value, invocation: Invocation): Value {
    this.run.step()
    if (callee.kind !== 'callable') {
      this.run.weigh(invocation.args)
      this.run.weigh(invocation.named.values())
    }
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
    if (this.#frames.isFull) return this.run.notRead(invocation.at, 'it calls too many others')
    if (this.#frames.cuts(definition)) return unknown('it calls itself', invocation.at)
    const deeds = this.run.deeds.length
    const scope: Scope = { names: new Map(), outer: callee.scope }
    const self = definition.hasOwnSelf ? (callee.self ?? invocation.self) : undefined
    if (self) scope.names.set('self', self)
    let rest = invocation
    if (definition.selfName !== undefined) {
      // Without an instance, it is a plain function, to which the first argument is one.
      const [first, ...args] = self ? [self, ...invocation.args] : invocation.args
      scope.names.set(definition.selfName, first ?? unknown(`\`${definition.selfName}\` is not given`, invocation.at))
      if (!self) rest = { ...invocation, args, argsAt: invocation.argsAt.slice(1) }
    }
    if (invocation.block) scope.names.set('&block', invocation.block)
    const conditions = this.run.conditions
    const frame = this.#frames.enter(definition)
    let value: Value = nothing(invocation.at)
    try {
      bindParameters(definition, rest, scope, this)
      const last = this.evaluate(definition.body, scope)
      if (definition.givesLast) value = last
    } catch (thrown) {
      if (!(thrown instanceof Leaving) || thrown.how === 'throw') throw thrown
      if (frame.isBlock && thrown.how !== 'continue') throw thrown
      value = thrown.value
    } finally {
      const isCut = this.#frames.leave(definition)
      const around = this.#frames.innermost
      if (!frame.mayLeave) this.run.restore(conditions)
      else if (around?.isBlock) around.mayLeave = true
      // A recursion that was cut off matters only if the function does anything.
      if (isCut && this.run.deeds.length > deeds) this.run.unread(invocation.at, 'it calls itself')
    }
    const others = frame.returned
    return others.length === 0 ? value : oneOf([...others, value], 'it depends on an unknown value', invocation.at)
  }

  instance(of: Callable, invocation: Invocation): Value {
    return instanceOf(of, invocation, this)
  }

  member(of: Value, name: string, at: Span): Value {
    const isForeignClass = of.kind === 'unknown' && of.mayReach && of.of === undefined && /^[A-Z]/.test(of.name ?? '')
    return (isForeignClass ? this.#foreignMember(name, of.name ?? '') : undefined) ?? memberOf(of, name, at, this)
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
            ? memberOfClass(self, name, at)
            : undefined
      if (found) return found
    }
    return this.globals.get(name) ?? this.language.globals.get(name)
  }

  bind(pattern: Pattern, value: Value, scope: Scope, isDeclaration = false): void {
    switch (pattern.kind) {
      case 'nothing':
        return
      case 'name':
        if (isDeclaration) this.#names.put(scope, pattern.name, value)
        else this.#names.assign(scope, pattern.name, value)
        return
      case 'list':
        for (const [i, each] of pattern.items.entries())
          this.bind(each, itemOf(value, i, pattern), scope, isDeclaration)
        return
      case 'place':
        store(pattern.place, value, scope, this)
    }
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
    // Methods see the names that the body of their class defines.
    const inside: Scope = { names: made.entries, outer: { names: new Map([['self', made]]), outer: scope } }
    this.#block(definition.body, inside, definition.at)
    return made
  }

  perhaps(why: string, works: readonly (() => void)[], at: Span): void {
    const { deeds, doubts, promises } = this.run
    const before = [deeds.length, doubts.length]
    this.#depth += depthOfPerhaps
    try {
      this.#names.perhaps(
        works.map(work => () => this.run.perhaps(work)),
        at,
      )
    } finally {
      this.#depth -= depthOfPerhaps
    }
    const isMore = deeds.length > (before[0] ?? 0) || doubts.length > (before[1] ?? 0)
    if (isMore || this.run.promises > promises) this.run.doubt(at, why)
  }

  asText(value: Value, at: Span, name?: string): Text {
    return asText(value, at, this.language, name)
  }
}
