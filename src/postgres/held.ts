import type { Oid, RelationKind } from './catalog/catalog.ts'
import type { Effect } from './effect.ts'
import { type LockMode, strongest } from './lock.ts'

/** A lock that the transaction already holds when a statement starts. */
export interface HeldLock {
  readonly relation: string
  readonly oid: Oid
  readonly kind: RelationKind
  readonly mode: LockMode
  readonly exposed: boolean
  /** Index of the step that took it at this strength. */
  readonly takenBy: number
}

/**
 * The locks that a transaction holds when a statement starts, in the order in which it first took them. A statement has the locks of the previous
 * one and some more. All statements share one list and each knows how much of it is its own, because otherwise a transaction would
 * cost the square of its length. What a caller holds never changes.
 */
export class HeldLocks implements Iterable<HeldLock> {
  static readonly none = new HeldLocks([], 0, new Map())

  /** May end with locks of later statements. */
  readonly #all: HeldLock[]
  /** Where the lock on a relation is in it. */
  readonly #places: Map<Oid, number>
  readonly size: number

  private constructor(all: HeldLock[], size: number, places: Map<Oid, number>) {
    this.#all = all
    this.#places = places
    this.size = size
  }

  static of(locks: readonly HeldLock[]): HeldLocks {
    return new HeldLocks([...locks], locks.length, new Map(locks.map(({ oid }, i) => [oid, i])))
  }

  /** The lock on a relation. */
  get(oid: Oid): HeldLock | undefined {
    const place = this.#places.get(oid)
    return place !== undefined && place < this.size ? this.#all[place] : undefined
  }

  *[Symbol.iterator](): Iterator<HeldLock> {
    yield* this.from(0)
  }

  /** Those from a place on. */
  *from(start: number): Generator<HeldLock, undefined> {
    for (let i = start; i < this.size; i++) yield this.#all[i] as HeldLock
  }

  /** An object that two of these share if one is the beginning of the other. */
  get line(): object {
    return this.#all
  }

  /** The locks after a statement with these effects; the same object if it takes no new or stronger lock. */
  after(effects: readonly Effect[], step: number): HeldLocks {
    let [all, places, size]: [HeldLock[], Map<Oid, number>, number] = [this.#all, this.#places, this.size]
    for (const { oid, kind, relation, lock, exposed } of effects) {
      if (lock === null || !exposed) continue
      const known = places.get(oid)
      const place = known !== undefined && known < size ? known : undefined
      const before = place === undefined ? undefined : all[place]
      const mode = strongest(before?.mode ?? null, lock)
      if (!mode || mode === before?.mode) continue
      // Earlier statements still have the weaker lock, or others went on from here before a ROLLBACK TO SAVEPOINT.
      if (all === this.#all && (place !== undefined || all.length > size || size === 0)) {
        all = all.slice(0, size)
        places = new Map(all.map((each, i) => [each.oid, i]))
      }
      // Other sessions know it by its first name until this transaction ends.
      all[place ?? size] = { oid, kind, relation: before?.relation ?? relation, mode, exposed, takenBy: step }
      if (place !== undefined) continue
      places.set(oid, size)
      size++
    }
    return all === this.#all && size === this.size ? this : new HeldLocks(all, size, places)
  }
}
