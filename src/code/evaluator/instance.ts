import type { Span } from '../../parse/span.ts'
import { type Callable, record, type Value } from '../value.ts'
import { basesOf } from './call.ts'
import type { Invocation, Machine } from './machine.ts'

/** An instance of a class of the file, after its constructor. */
export function instanceOf(of: Callable, invocation: Invocation, machine: Machine): Value {
  const self = record([], invocation.at)
  for (const base of basesOf(of).reverse()) {
    if (base.kind === 'callable') give(self, base)
    else if (base.kind === 'host') self.base = base
    else self.isOpen = true
  }
  give(self, of)
  const maker = self.entries.get(machine.language.constructorOf(of.name))
  if (maker) machine.call(maker, { ...invocation, self })
  return self
}

/** Gives an instance the methods and the values of its class. */
function give(self: Extract<Value, { kind: 'record' }>, of: Callable): void {
  for (const [name, value] of of.entries) {
    const isMethod = value.kind === 'callable' && value.definition?.kind === 'function' && !value.definition.isStatic
    self.entries.set(name, isMethod ? { ...value, self } : value)
  }
}

/** A member of a class itself, or of the classes that it extends. */
export function memberOfClass(of: Callable, name: string, at: Span): Value | undefined {
  const own = of.entries.get(name)
  if (own) return own
  for (const base of basesOf(of)) {
    const found = base.kind === 'callable' ? base.entries.get(name) : base.kind === 'host' ? base.get?.(name, at) : null
    if (found) return found
  }
  return undefined
}
