import type { Value } from './value.ts'

/** Values that programs can use by name: those of a Map, or values that are made when a program asks for them. */
export interface Offered {
  get(name: string): Value | undefined
}

/**
 * Values that are made when a program first asks for them. A tool offers hundreds of functions to each migration, and a migration calls a
 * few. `own` is what they are made from, such as the `Run`.
 */
export function madeWhenAsked<Own>(makers: ReadonlyMap<string, (own: Own) => Value>, own: Own): Offered {
  const made = new Map<string, Value>()
  return {
    get: name => {
      const known = made.get(name)
      if (known) return known
      const value = makers.get(name)?.(own)
      if (value) made.set(name, value)
      return value
    },
  }
}

/** The values of several, each of which hides those of the next ones. */
export function together(...all: readonly Offered[]): Offered {
  return {
    get: name => {
      for (const each of all) {
        const value = each.get(name)
        if (value) return value
      }
      return undefined
    },
  }
}
