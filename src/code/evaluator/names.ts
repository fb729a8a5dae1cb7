import type { Span } from '../../parse/span.ts'
import { oneOf } from '../reach.ts'
import type { Pattern } from '../syntax.ts'
import { known, list, type Scope, type Value } from '../value.ts'

/** The values of names, and how they become unknown where it is unknown which code runs. */
export class Names {
  /** The earlier values of names, while it is unknown whether the program assigns others. */
  readonly #journals: Map<Scope, Map<string, Value | undefined>>[] = []

  /** Gives a name another value: where it has one, else in this scope. */
  assign(scope: Scope, name: string, value: Value): void {
    let target: Scope = scope
    for (let at: Scope | null = scope; at; at = at.outer)
      if (at.names.has(name)) {
        target = at
        break
      }
    this.put(target, name, value)
  }

  /** Gives a name a value in this scope. */
  put(target: Scope, name: string, value: Value): void {
    for (const journal of this.#journals) {
      const own = journal.get(target) ?? new Map<string, Value | undefined>()
      journal.set(target, own)
      if (!own.has(name)) own.set(name, target.names.get(name))
    }
    target.names.set(name, value)
  }

  /**
   * Reads works of which each may run or not. Each begins with the names as they were, and names that one of them assigns have an
   * unknown value afterwards.
   */
  perhaps(works: readonly (() => void)[], at: Span): void {
    const touched = new Map<Scope, Map<string, (Value | undefined)[]>>()
    for (const work of works)
      for (const [scope, names] of this.#written(work))
        for (const [name, old] of names) {
          const values = touched.get(scope)?.get(name) ?? [old]
          values.push(scope.names.get(name))
          if (old) scope.names.set(name, old)
          else scope.names.delete(name)
          touched.set(scope, (touched.get(scope) ?? new Map()).set(name, values))
        }
    for (const [scope, names] of touched)
      for (const [name, values] of names) {
        const found = values.flatMap(value => (value ? [value] : []))
        scope.names.set(name, oneOf(found, 'it depends on an unknown value', at))
      }
  }

  #written(work: () => void): Map<Scope, Map<string, Value | undefined>> {
    const journal = new Map<Scope, Map<string, Value | undefined>>()
    this.#journals.push(journal)
    try {
      work()
    } finally {
      this.#journals.pop()
    }
    return journal
  }
}

/** The value for an item of a pattern: `a, *b, c = list`. */
export function itemOf(value: Value, i: number, { items, rest }: Extract<Pattern, { kind: 'list' }>): Value {
  const at: Span = 'at' in value ? value.at : [0, 0]
  if (value.kind !== 'list' || value.isOpen)
    return oneOf([value], value.kind === 'unknown' ? value.why : 'part of the list is unknown', at)
  const after = items.length - i - 1
  if (rest === i) return list(value.items.slice(i, value.items.length - after), at)
  const isAfterRest = rest !== undefined && i > rest
  return value.items[isAfterRest ? value.items.length - after - 1 : i] ?? known(null, at)
}
