import type { Oid, RelationKind } from '../../postgres/catalog/catalog.ts'
import { nameKey } from '../../postgres/catalog/name.ts'
import type { HeldLock, HeldLocks } from '../../postgres/held.ts'
import { blocksReads, blocksWrites, type LockMode } from '../../postgres/lock.ts'
import type { Step } from '../../postgres/step.ts'
import { once } from '../once.ts'
import { placeOf } from '../sorted.ts'

/** The locks of earlier statements of a transaction that others run into. The statements share them, so that each lock is examined once. */

export const inUse: ReadonlySet<RelationKind> = new Set([
  'table',
  'partitioned table',
  'foreign table',
  'view',
  'materialized view',
])

/**
 * The locks that others run into, as far as the locks alone show. Those that keep others from reading come first. Each lock is
 * examined once, because the statements of a transaction share them.
 */
export function* feltLocks(held: HeldLocks): Generator<HeldLock, undefined> {
  const { reads, writes } = feltIn(held)
  for (const list of [reads, writes])
    for (let i = 0; i < list.locks.length && (list.places[i] ?? 0) < held.size; i++) yield list.locks[i] as HeldLock
}

/** Some of the locks of a transaction. `places`: the place of each among all of them. */
interface Places {
  readonly locks: HeldLock[]
  readonly places: number[]
}

interface Felt {
  readonly reads: Places
  readonly writes: Places
  /** The number of locks that were examined. */
  size: number
}

const feltInLine = once((_: object): Felt => {
  return { reads: { locks: [], places: [] }, writes: { locks: [], places: [] }, size: 0 }
})

function feltIn(held: HeldLocks): Felt {
  const felt = feltInLine(held.line)
  if (felt.size >= held.size) return felt
  for (const lock of held.from(felt.size)) {
    if (lock.exposed && isFelt(lock.kind, lock.mode)) {
      const list = blocksReads(lock.mode) ? felt.reads : felt.writes
      list.locks.push(lock)
      list.places.push(felt.size)
    }
    felt.size++
  }
  return felt
}

/**
 * The same locks without those on relations that are gone, in no particular order. A transaction that drops one table after the other
 * holds the locks of all of them: only what changes from statement to statement is looked at.
 */
export function presentIn(step: Step): Iterable<HeldLock> {
  return presentInLine(step.transaction.held.line).at(step)
}

const presentInLine = once((_: object): PresentLocks => new PresentLocks())

class PresentLocks {
  readonly #locks: HeldLock[] = []
  /** The places of these among all locks of the transaction. */
  readonly #places: number[] = []
  readonly #byOid = new Map<Oid, number>()
  readonly #byName = new Map<string, number[]>()
  /** Those on relations that are there at the last step that was asked about, in order. */
  readonly #present: number[] = []
  /** The number of locks that were examined. */
  #size = 0
  #step: Step | undefined;

  *at(step: Step): Generator<HeldLock, undefined> {
    this.#goTo(step)
    const { size } = step.transaction.held
    for (const each of this.#present) {
      if ((this.#places[each] ?? 0) >= size) return
      yield this.#locks[each] as HeldLock
    }
  }

  #goTo(step: Step): void {
    const last = this.#step
    if (last === step) return
    if (last) {
      const oids = last.before.relations.differing(step.before.relations)
      for (const oid of oids) this.#look(this.#byOid.get(oid), step)
      for (const name of last.after.names.differing(step.after.names))
        for (const each of this.#byName.get(name) ?? []) this.#look(each, step)
    }
    const { held } = step.transaction
    for (const lock of held.from(this.#size)) {
      if (lock.exposed && isFelt(lock.kind, lock.mode)) this.#add(lock, step)
      this.#size++
    }
    this.#step = step
  }

  #add(lock: HeldLock, step: Step): void {
    const index = this.#locks.push(lock) - 1
    this.#places.push(this.#size)
    this.#byOid.set(lock.oid, index)
    for (const name of namesOfRelation(lock.relation)) {
      const same = this.#byName.get(name)
      if (same) same.push(index)
      else this.#byName.set(name, [index])
    }
    if (!isGone(step, lock.oid, lock.relation)) this.#present.push(index)
  }

  #look(index: number | undefined, step: Step): void {
    const lock = index === undefined ? undefined : this.#locks[index]
    if (index === undefined || !lock) return
    const at = placeOf(this.#present, each => each >= index)
    const isListed = this.#present[at] === index
    if (isListed === !isGone(step, lock.oid, lock.relation)) return
    if (isListed) this.#present.splice(at, 1)
    else this.#present.splice(at, 0, index)
  }
}

/** True for a lock that others run into. Messages name an index by its table, and only REFRESH writes to a materialized view. */
export function isFelt(kind: RelationKind, mode: LockMode | null): mode is LockMode {
  if (kind === 'materialized view') return blocksReads(mode)
  return (inUse.has(kind) || kind === 'sequence') && blocksWrites(mode)
}

/** True when a relation was dropped before the step, and no later object has its name. */
export function isGone({ before, after }: Step, oid: Oid, name: string): boolean {
  if (before.relations.has(oid)) return false
  return !namesOfRelation(name).some(key => after.names.has(key))
}

/** The keys under which a relation of this name is in the catalog. */
function namesOfRelation(name: string): string[] {
  return [nameKey('relation', 'public', name), `relation:${name}`]
}
