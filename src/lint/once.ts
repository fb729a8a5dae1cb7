/**
 * A fact about something that does not change, computed once for each: facts that rules need about a statement or a
 * migration as a whole, and would otherwise compute again for each of its parts. In a generated file, there are
 * thousands of parts.
 */
export function once<K extends object, V>(compute: (of: K) => V): (of: K) => V {
  const known = new WeakMap<K, { readonly value: V }>()
  return of => {
    const before = known.get(of)
    if (before) return before.value
    const value = compute(of)
    known.set(of, { value })
    return value
  }
}

/** The same for a fact about a pair. */
export function onceForBoth<A extends object, B extends object, V>(compute: (a: A, b: B) => V): (a: A, b: B) => V {
  const byFirst = once((a: A) => once((b: B) => compute(a, b)))
  return (a, b) => byFirst(a)(b)
}

/** Indexes of the steps by the keys that `keys` gives them, in order. */
export function stepsBy<S extends { readonly index: number }, K>(
  steps: readonly S[],
  keys: (step: S) => Iterable<K>,
): ReadonlyMap<K, readonly number[]> {
  const found = new Map<K, number[]>()
  for (const step of steps) {
    for (const key of new Set(keys(step))) {
      const own = found.get(key)
      if (own) own.push(step.index)
      else found.set(key, [step.index])
    }
  }
  return found
}
