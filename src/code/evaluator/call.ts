import { append } from '../../parse/list.ts'
import type { Span } from '../../parse/span.ts'
import { reaches, reachOf, reachOfAll } from '../reach.ts'
import type { Argument, CallExpression, FunctionExpression } from '../syntax.ts'
import { known, list, record, type Scope, type Unknown, unknown, type Value, whyForeign } from '../value.ts'
import { type Invocation, Leaving, type Machine } from './machine.ts'

/** Evaluates a call: what is called, its arguments, and then the call itself. */
export function callOf(expression: CallExpression, scope: Scope, machine: Machine): Value {
  const { callee, at, nameAt, types } = expression
  const self = callee.kind === 'member' ? machine.evaluate(callee.of, scope) : undefined
  if (callee.kind === 'member' && callee.isOptional && self && isNone(self)) return self
  const value =
    callee.kind === 'member' && self
      ? machine.member(self, callee.name, callee.at)
      : callee.kind === 'name'
        ? (machine.lookUp(scope, callee.name, callee.at) ?? machine.unresolved(callee.name, callee.at))
        : machine.evaluate(callee, scope)
  const given = argumentsOf(expression.args, scope, machine)
  if (given === null) {
    const why = 'its arguments are unknown'
    if (value.kind === 'host' && value.isInert) return unknown(why, at)
    return reachOf(value) === 'rows' ? ofRows(machine, at, why) : machine.run.notRead(at, why)
  }
  const block = expression.block && machine.evaluate(expression.block, scope)
  const own = self ?? (callee.kind === 'name' ? selfOf(scope) : undefined)
  const { args, named, argsAt } = given
  const invocation: { -readonly [Part in keyof Invocation]: Invocation[Part] } = { args, named, argsAt, at, nameAt }
  if (block && !isNone(block)) invocation.block = block
  if (types) invocation.types = types
  if (own) invocation.self = own
  if (expression.isNew && value.kind === 'callable') return machine.instance(value, invocation)
  try {
    return machine.call(value, invocation)
  } catch (thrown) {
    if (expression.block?.kind !== 'function' || !(thrown instanceof Leaving) || thrown.how !== 'break') throw thrown
    return thrown.value
  }
}

function isNone(value: Value): boolean {
  return value.kind === 'plain' && (value.value ?? null) === null
}

export function selfOf(scope: Scope): Value | undefined {
  for (let at: Scope | null = scope; at; at = at.outer) {
    const found = at.names.get('self')
    if (found) return found
  }
  return undefined
}

/** Most calls have no named arguments. */
const noNames: ReadonlyMap<string, Value> = new Map()

/** Arguments by place and by name; null: a value that is spread out is unknown. */
function argumentsOf(
  given: readonly Argument[],
  scope: Scope,
  machine: Machine,
): Pick<Invocation, 'args' | 'named' | 'argsAt'> | null {
  const args: Value[] = []
  const argsAt: Span[] = []
  let named: Map<string, Value> | null = null
  for (const { value: expression, name, spread } of given) {
    const value = machine.evaluate(expression, scope)
    if (name !== undefined) {
      named ??= new Map()
      named.set(name, value)
    } else if (spread === undefined) {
      args.push(value)
      argsAt.push(expression.at)
    } else if (spread === 'list' && value.kind === 'list' && !value.isOpen) {
      for (const item of value.items) {
        args.push(item)
        argsAt.push(expression.at)
      }
    } else if (spread === 'record' && value.kind === 'record' && !value.isOpen) {
      named ??= new Map()
      for (const [key, item] of value.entries) named.set(key, item)
    } else return null
  }
  return { args, argsAt, named: named ?? noNames }
}

/** Calls something that is neither a function of the file nor of the tool: a method of a text or list, or an unknown value. */
export function otherCall(callee: Value, invocation: Invocation, machine: Machine): Value {
  // In Ruby, calling the name of a property without arguments gives its value.
  if (callee.kind !== 'unknown')
    return machine.language.impliesSelf && invocation.args.length === 0
      ? callee
      : unknown('it is not a function', invocation.at)
  const { of, name = '' } = callee
  const method = of && machine.language.methodOf(of, name)
  if (of && method) return method(of, invocation, machine)
  if (of?.kind === 'callable' && name === machine.language.maker) return machine.instance(of, invocation)
  return notKnown(callee, invocation, machine)
}

/**
 * What calling a function outside of the file does. It may reach the database when it belongs to the tool or gets the tool's own
 * objects. It may also call the functions and blocks that it gets, so each of these is read once.
 */
function notKnown(callee: Unknown, invocation: Invocation, machine: Machine): Value {
  const { args, named, at, nameAt, block } = invocation
  const all = [...args, ...named.values(), ...(block ? [block] : [])]
  for (const each of all) {
    if (each.kind !== 'callable' || each.definition?.kind !== 'function') continue
    const given = each.definition.parameters.map(() => unknown(callee.why, at))
    machine.perhaps(callee.why, [() => void machine.call(each, plainly(given, at))], nameAt)
  }
  // Making an instance of a class is harmless; what the program then does with it may reach the database.
  const isMade = callee.isForeign && machine.language.isClass?.(callee.name ?? '')
  if (isMade && !all.some(arg => reaches(arg))) return { ...unknown(callee.why, at, true, callee.name), mayReach: true }
  const reach = reachOfAll([callee, ...(callee.of ? [callee.of] : []), ...all])
  if (reach === 'rows') return ofRows(machine, at, whyForeign(callee))
  if (reach !== null) return machine.run.notRead(at, whyForeign(callee))
  return unknown(callee.isForeign ? whyForeign(callee) : callee.why, at, callee.isForeign ?? false)
}

/** The answer of a call that reads or writes rows, which may be rows that can be saved. */
function ofRows({ run }: Machine, at: Span, why: string): Unknown {
  return { ...run.notRead(at, why, true), mayReach: 'rows' }
}

/** A call with plain positional values. */
export function plainly(args: readonly Value[], at: Span, self?: Value): Invocation {
  return { args, named: new Map(), at, nameAt: at, argsAt: args.map(() => at), ...(self && { self }) }
}

/** Assigns the arguments of a call to a function's parameters. */
export function bindParameters(
  { parameters, isBlock }: FunctionExpression,
  { args: given, named, block, at }: Invocation,
  scope: Scope,
  machine: Machine,
): void {
  const left = new Map(named)
  const takesNames = parameters.some(({ name, rest }) => rest === 'record' || (name !== undefined && left.has(name)))
  // Named arguments without a parameter become one more argument, as in Ruby.
  const own = left.size > 0 && !takesNames ? [...given, record(left, at)] : given
  const [first] = own
  const places = parameters.filter(({ name, rest }) => name === undefined && rest !== 'block' && rest !== 'record')
  const isSpread = isBlock && own.length === 1 && first?.kind === 'list' && !first.isOpen && places.length > 1
  const args = isSpread ? first.items : own
  let next = 0
  for (const { pattern, name, otherwise, rest } of parameters) {
    let value: Value | undefined
    if (rest === 'list') {
      value = list(args.slice(next), at)
      next = args.length
    } else if (rest === 'block') value = block ?? known(null, at)
    else if (rest === 'record') {
      value = record([...left], at)
      left.clear()
    } else if (name !== undefined && left.has(name)) {
      value = left.get(name)
      left.delete(name)
    } else if (next < args.length) value = args[next++]
    machine.bind(
      pattern,
      value ?? (otherwise ? machine.evaluate(otherwise, scope) : unknown('the call gives no value for it', at)),
      scope,
      true,
    )
  }
}

/** The classes that a class of the file inherits from, the nearest first. */
export function basesOf(of: Extract<Value, { kind: 'callable' }>): Value[] {
  const found: Value[] = []
  const waiting = [...(of.bases ?? [])]
  for (let base = waiting.shift(); base && found.length < 50; base = waiting.shift()) {
    found.push(base)
    if (base.kind === 'callable') append(waiting, base.bases ?? [])
  }
  return found
}
