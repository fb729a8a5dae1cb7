/**
 * Functions for lists of any length, whose cost grows as the list does. The arguments of a call are put on the stack, so `push(...items)` and
 * `Math.max(...numbers)` fail with "Maximum call stack size exceeded" at about 120,000 of them: a stranger's SQL has
 * that many in 2 MB.
 */

/** Adds `items` to the end of `list`. */
export function append<T>(list: T[], items: Iterable<T>): void {
  for (const item of items) list.push(item)
}

/** The items with the same key, in order. It appends in place, because copying a group's list for each item would cost the square of its length. */
export function grouped<T, K>(items: Iterable<T>, keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>()
  for (const item of items) {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group) group.push(item)
    else groups.set(key, [item])
  }
  return groups
}

/** The greatest of the numbers; `least` if none is greater. */
export function greatest(numbers: Iterable<number>, least = Number.NEGATIVE_INFINITY): number {
  let found = least
  for (const number of numbers) if (number > found) found = number
  return found
}

/** The smallest of the numbers; infinity if there are none. */
export function smallest(numbers: Iterable<number>): number {
  let found = Number.POSITIVE_INFINITY
  for (const number of numbers) if (number < found) found = number
  return found
}
