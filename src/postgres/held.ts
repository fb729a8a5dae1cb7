import { Map as ImmutableMap } from 'immutable'
import type { Oid } from './catalog/catalog.ts'
import type { Effect } from './effect.ts'
import { strongest } from './lock.ts'
import type { HeldLock } from './step.ts'

/**
 * The place of each relation's lock in a list of locks. Each statement of a transaction has its own list, one lock longer than the previous
 * one. The lists share the maps of places, because otherwise a transaction would cost the square of its length.
 */
const places = new WeakMap<readonly HeldLock[], ImmutableMap<Oid, number>>()

function placesIn(held: readonly HeldLock[]): ImmutableMap<Oid, number> {
  const known = places.get(held)
  if (known) return known
  const found = ImmutableMap(held.map(({ oid }, i) => [oid, i]))
  places.set(held, found)
  return found
}

/** The lock on that relation among those that a transaction holds. */
export function lockOn(held: readonly HeldLock[], oid: Oid): HeldLock | undefined {
  const place = placesIn(held).get(oid)
  return place === undefined ? undefined : held[place]
}

/** The locks of a transaction after a statement; the same list if the statement takes no new or stronger lock. */
export function withLocks(held: readonly HeldLock[], effects: readonly Effect[], step: number): readonly HeldLock[] {
  let known = placesIn(held)
  let after: HeldLock[] | undefined
  for (const { oid, kind, relation, lock, exposed } of effects) {
    if (lock === null || !exposed) continue
    const place = known.get(oid)
    const before = place === undefined ? undefined : (after ?? held)[place]
    const mode = strongest(before?.mode ?? null, lock)
    if (!mode || mode === before?.mode) continue
    after ??= held.slice()
    // Other sessions know it by its first name until this transaction ends.
    after[place ?? after.length] = { oid, kind, relation: before?.relation ?? relation, mode, exposed, takenBy: step }
    if (place === undefined) known = known.set(oid, after.length - 1)
  }
  if (!after) return held
  places.set(after, known)
  return after
}
