import type { Oid, RelationKind } from './catalog/catalog.ts'
import { PersistentMap } from './catalog/persistent-map.ts'
import type { Effect } from './effect.ts'
import { type LockMode, strongest } from './lock.ts'

/** A lock that the transaction already holds when a statement starts. */
export interface HeldLock {
  readonly relation: string
  readonly oid: Oid
  readonly kind: RelationKind
  readonly mode: LockMode
  readonly exposed: boolean
  /** Set where it is not certain that it has it. */
  readonly isDoubtful?: true
  /** Index of the step that took it at this strength. */
  readonly takenBy: number
}

/**
 * The locks that a transaction holds when a statement starts, in the order in which it first took them. They are maps that share what did not
 * change: a copy for each statement, stronger lock or ROLLBACK TO SAVEPOINT would cost the square of the transaction's length, in memory
 * too. What a caller holds never changes.
 */
export class HeldLocks implements Iterable<HeldLock> {
  static readonly none = new HeldLocks({}, PersistentMap.byOid(), PersistentMap.byOid())

  /** An object that all of these share which come from each other. */
  readonly family: object
  /** By the place of each, from 0. */
  readonly #locks: PersistentMap<number, HeldLock>
  readonly #places: PersistentMap<Oid, number>

  private constructor(family: object, locks: PersistentMap<number, HeldLock>, places: PersistentMap<Oid, number>) {
    this.family = family
    this.#locks = locks
    this.#places = places
  }

  /** Of several locks on a relation the strongest counts. */
  static of(locks: readonly HeldLock[]): HeldLocks {
    const held = new HeldLocks({}, PersistentMap.byOid(), PersistentMap.byOid())
    return locks.reduce((all, lock) => all.#with(lock), held)
  }

  get size(): number {
    return this.#locks.size
  }

  /** The lock on a relation. */
  get(oid: Oid): HeldLock | undefined {
    const place = this.#places.get(oid)
    return place === undefined ? undefined : this.#locks.get(place)
  }

  at(place: number): HeldLock | undefined {
    return this.#locks.get(place)
  }

  placeOf(oid: Oid): number | undefined {
    return this.#places.get(oid)
  }

  /** Often only the first few are needed. */
  *[Symbol.iterator](): Generator<HeldLock, undefined> {
    for (let place = 0; place < this.size; place++) yield this.#locks.get(place) as HeldLock
  }

  /** The places at which another one of the family has another lock, or none, or one more. Costs as little as they differ. */
  differing(other: HeldLocks): number[] {
    return this.#locks.differing(other.#locks)
  }

  /** The locks after a statement with these effects; the same object if it takes no new or stronger lock. */
  after(effects: readonly Effect[], step: number): HeldLocks {
    let held: HeldLocks = this
    for (const { oid, kind, relation, lock, exposed, certain } of effects) {
      if (lock === null || !exposed) continue
      const doubt = certain ? {} : { isDoubtful: true as const }
      held = held.#with({ oid, kind, relation, mode: lock, exposed, takenBy: step, ...doubt })
    }
    return held
  }

  #with(lock: HeldLock): HeldLocks {
    const place = this.placeOf(lock.oid)
    if (place === undefined) {
      const family = this === HeldLocks.none ? {} : this.family
      return new HeldLocks(family, this.#locks.set(this.size, lock), this.#places.set(lock.oid, this.size))
    }
    const before = this.at(place)
    const mode = strongest(before?.mode ?? null, lock.mode)
    if (!before || !mode || mode === before.mode) return this
    // Other sessions know it by its first name until this transaction ends.
    const stronger = { ...lock, relation: before.relation, mode }
    return new HeldLocks(this.family, this.#locks.set(place, stronger), this.#places)
  }
}
