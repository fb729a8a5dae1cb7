import { oneOf } from '../reach.ts'
import type {
  ChoiceExpression,
  EachExpression,
  Expression,
  LeaveExpression,
  LoopExpression,
  Pattern,
  ShortExpression,
  TryExpression,
  WithExpression,
} from '../syntax.ts'
import { textAt } from '../text.ts'
import { known, type List, list, nothing, record, type Scope, unknown, type Value } from '../value.ts'
import { Leaving, type Machine } from './machine.ts'
import { keyOf, whyUnknown } from './value.ts'

/** `a && b`, `a || b`, `a ?? b`. */
export function short({ operator, left, right }: ShortExpression, scope: Scope, machine: Machine): Value {
  const value = machine.evaluate(left, scope)
  const isTrue = operator === 'otherwise' ? isThere(value) : machine.language.truth(value)
  if (isTrue !== null && (operator === 'and') !== isTrue) return value
  if (isTrue !== null) return machine.evaluate(right, scope)
  const why = whyUnknown(value)
  const values = [value]
  machine.perhaps(why, [() => void values.push(machine.evaluate(right, scope))], right.at)
  return oneOf(values, why, right.at)
}

function isThere(value: Value): boolean | null {
  if (value.kind === 'unknown') return null
  return !(value.kind === 'plain' && (value.value ?? null) === null)
}

/** How one of several branches ended: with a value, or by leaving. */
interface Ended {
  readonly value: Value
  readonly by: Leaving | null
}

function ended(expression: Expression | undefined, scope: Scope, machine: Machine): Ended {
  if (!expression) return { value: known(null, [0, 0]), by: null }
  try {
    return { value: machine.evaluate(expression, scope), by: null }
  } catch (thrown) {
    if (!(thrown instanceof Leaving)) throw thrown
    return { value: thrown.value, by: thrown }
  }
}

/** `if`. Where its condition is unknown, both branches are read, and `mayLeave` gets each way in which they may have left it. */
export function choice(
  { test, yes, no, at }: ChoiceExpression,
  scope: Scope,
  machine: Machine,
  mayLeave: (by: Leaving) => void,
): Value {
  const value = machine.evaluate(test, scope)
  const isTrue = machine.language.truth(value)
  if (isTrue !== null) {
    const taken = isTrue ? yes : no
    return taken ? machine.evaluate(taken, scope) : known(null, at)
  }
  const ways: Ended[] = []
  const works = [yes, no].map(way => () => void ways.push(ended(way, scope, machine)))
  machine.perhaps(whyUnknown(value), works, test.at)
  // A branch that throws ends the migration, so the code after it runs only for the other branches.
  const others = ways.filter(({ by }) => by?.how !== 'throw')
  const [first, second] = others
  if (!first) throw ways[0]?.by ?? new Leaving('throw', nothing(at))
  if (!second) {
    if (first.by) throw first.by
    return first.value
  }
  const together = oneOf([first.value, second.value], 'it depends on an unknown value', test.at)
  if (first.by && second.by) throw first.by.how === 'return' ? new Leaving('return', together) : first.by
  const gone = first.by ?? second.by
  if (!gone) return together
  machine.run.doubt(test.at, 'it decides whether the rest runs')
  mayLeave(gone)
  return first.by ? second.value : first.value
}

/** One round of a loop: its value, or how it was left. */
function round(body: Expression, scope: Scope, machine: Machine): Value | 'break' | 'continue' {
  machine.run.step()
  try {
    return machine.evaluate(body, scope)
  } catch (thrown) {
    if (!(thrown instanceof Leaving) || thrown.how === 'return' || thrown.how === 'throw') throw thrown
    return thrown.how
  }
}

const mostRounds = 10_000

/** `while`: read as many rounds as its condition is known to be true. */
export function loop(expression: LoopExpression, scope: Scope, machine: Machine): Value {
  const { test, body, step, at } = expression
  const before = machine.run.conditions
  const returns = machine.returns
  for (let i = 0; i < mostRounds; i++) {
    machine.run.step()
    const isFree = expression.isTestedAfter && i === 0
    const value = test && !isFree ? machine.evaluate(test, scope) : null
    const isTrue = value === null ? true : machine.language.truth(value)
    if (isTrue === false) return known(null, at)
    if (isTrue === null) {
      const why = `a loop whose end is unknown: ${value === null ? '' : whyUnknown(value)}`
      machine.perhaps(why, [() => void roundOnce(body, scope, machine)], test?.at ?? at)
      return known(null, at)
    }
    if (round(body, scope, machine) === 'break') return known(null, at)
    // The loop may have ended in this round; other rounds would do the same as this one.
    if (machine.run.conditions > before) {
      forget(body, scope, machine)
      if (machine.returns === returns) machine.run.restore(before)
      return known(null, at)
    }
    if (step) machine.evaluate(step, scope)
  }
  machine.run.unread(at, 'the loop goes round too often')
  return known(null, at)
}

/** A round that may run any number of times, so leaving it proves nothing. */
function roundOnce(body: Expression, scope: Scope, machine: Machine): Value | null {
  forget(body, scope, machine)
  const { value, by } = ended(body, scope, machine)
  return by ? null : value
}

/** Makes the values of all names unknown that a loop assigns. */
function forget(body: Expression, scope: Scope, machine: Machine): void {
  for (const name of assigned(body)) machine.bind({ kind: 'name', name }, unknown('a loop changes it', body.at), scope)
}

/** The names that an expression assigns, found without recursion. */
function assigned(root: Expression): string[] {
  const names: string[] = []
  const waiting: unknown[] = [root]
  for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
    if (typeof value !== 'object' || value === null) continue
    const { kind, to } = value as { readonly kind?: unknown; readonly to?: Pattern }
    if (kind === 'assignment' && to?.kind === 'name') names.push(to.name)
    for (const inner of Object.values(value)) if (typeof inner === 'object') waiting.push(inner)
  }
  return names
}

/** `for`, over the items of a list or the entries of a record. */
export function each({ of, key, item, body, collects, at }: EachExpression, scope: Scope, machine: Machine): Value {
  const value = machine.evaluate(of, scope)
  const items = itemsOf(value)
  const made = list([], at)
  const before = machine.run.conditions
  const returns = machine.returns
  if (items === null) {
    const why =
      value.kind === 'unknown' ? `the loop is over an unknown value: ${value.why}` : 'the loop is over an unknown value'
    const once = () => {
      if (key) machine.bind(key, unknown(why, of.at), scope)
      machine.bind(item, oneOf([value], why, of.at), scope)
      const found = roundOnce(body, scope, machine)
      if (found) made.items.push(found)
    }
    machine.perhaps(why, [once], of.at)
    made.isOpen = true
  } else
    for (const [name, each] of items) {
      if (key) machine.bind(key, name, scope)
      machine.bind(item, each, scope)
      const found = round(body, scope, machine)
      if (found === 'break') break
      if (found !== 'continue') made.items.push(found)
    }
  // If only the loop may have been left, the code after it runs in any case.
  if (machine.returns === returns) machine.run.restore(before)
  if (collects === undefined) return known(null, at)
  return collects === 'list' ? made : recordOf(made)
}

/** A record of a list of names and values. */
function recordOf(pairs: List): Value {
  const made = record([], pairs.at)
  if (pairs.isOpen) made.isOpen = true
  for (const pair of pairs.items) {
    const [name, value] = pair.kind === 'list' ? pair.items : []
    const key = name ? keyOf(name) : null
    if (key === null || !value) made.isOpen = true
    else made.entries.set(String(key), value)
  }
  return made
}

/** What a loop goes through, with the index or key of each item; null: unknown. */
function itemsOf(value: Value): readonly (readonly [Value, Value])[] | null {
  if (value.kind === 'list' && !value.isOpen) return value.items.map((item, i) => [known(i, value.at), item])
  if (value.kind !== 'record' || value.isOpen || value.base) return null
  return [...value.entries].map(([name, item]) => [textAt(name, value.at), item])
}

export function within({ value: expression, as, body }: WithExpression, scope: Scope, machine: Machine): Value {
  const value = machine.evaluate(expression, scope)
  const work = (entered: Value): void => {
    if (as) machine.bind(as, entered, scope)
    machine.evaluate(body, scope)
  }
  if (value.kind === 'host' && value.within) value.within(work, expression.at)
  else work(value)
  return known(null, body.at)
}

export function tried({ body, handlers, last, at }: TryExpression, scope: Scope, machine: Machine): Value {
  const result = ended(body, scope, machine)
  for (const handler of handlers)
    machine.perhaps(
      'it runs only after a failure',
      [() => machine.run.handle(() => ended(handler, scope, machine).by?.how === 'throw')],
      handler.at,
    )
  if (last) machine.evaluate(last, scope)
  // The handlers here catch what is thrown there.
  if (result.by && !(result.by.how === 'throw' && handlers.length > 0)) throw result.by
  return handlers.length === 0 ? result.value : oneOf([result.value], 'an earlier step may have failed', at)
}

export function left({ how, value, at }: LeaveExpression, scope: Scope, machine: Machine): never {
  throw new Leaving(how, value ? machine.evaluate(value, scope) : nothing(at))
}
