import { placeOf } from '../../parse/sorted.ts'
import type { Oid, RelationKind } from '../../postgres/catalog/catalog.ts'
import { nameKey } from '../../postgres/catalog/name.ts'
import type { Effect } from '../../postgres/effect.ts'
import { type HeldLock, HeldLocks } from '../../postgres/held.ts'
import { blocksReads, blocksWrites, type LockMode } from '../../postgres/lock.ts'
import type { Step } from '../../postgres/step.ts'
import { once } from '../once.ts'

/** The locks of earlier statements of a transaction that others run into. The statements share them, so that each lock is examined once. */

export const inUse: ReadonlySet<RelationKind> = new Set([
  'table',
  'partitioned table',
  'foreign table',
  'view',
  'materialized view',
])

/** The locks that others run into, as far as the locks alone show. Those that keep others from reading come first. */
export function feltLocks(held: HeldLocks): readonly HeldLock[] {
  const { reads, writes } = feltIn(held)
  return reads.locks.concat(writes.locks)
}

/** What a statement adds to the locks that its transaction already has. */
interface During {
  readonly own: ReadonlyMap<Oid, Effect>
  readonly under: (own: Effect, lock: HeldLock) => Effect
  /** Whether others run into a lock, as far as the catalog decides. */
  readonly isOwn: (lock: HeldLock) => boolean
}

/**
 * What others wait for during a statement because of the locks of earlier ones. Those that keep others from reading come first, apart from
 * those that only the statement itself makes one of these. Statements that change nothing about these locks share one list: each
 * of thousands of statements may have thousands of locks.
 */
export function feltDuring(held: HeldLocks, { own, under, isOwn }: During): readonly Effect[] {
  const felt = feltIn(held)
  const { reads, writes, effects } = felt
  const changes = new Map<number, Effect | null>()
  for (const { list, from } of [
    { list: reads, from: 0 },
    { list: writes, from: reads.locks.length },
  ]) {
    for (const [oid, effect] of own) {
      const index = list.indexOf(held.placeOf(oid))
      const lock = index === undefined ? undefined : list.locks[index]
      if (index !== undefined && lock) changes.set(from + index, under(effect, lock))
    }
    for (const [place, lock] of list.depending) if (!isOwn(lock)) changes.set(from + (list.indexOf(place) ?? 0), null)
  }
  if (changes.size === 0) return effects
  const all: (Effect | null)[] = [...effects]
  for (const [index, effect] of changes) all[index] = effect
  return all.filter(each => each !== null)
}

const feltInFamily = once((_: object) => new Felt())

function feltIn(held: HeldLocks): Felt {
  const felt = feltInFamily(held.family)
  felt.goTo(held)
  return felt
}

/** If more locks than these differ from those of the last statement that was asked about, all are listed again. */
const mostSingly = 16

/** Goes from statement to statement: only what changes in between is looked at. */
class Felt {
  reads = new ListedLocks()
  writes = new ListedLocks()
  #held = HeldLocks.none
  #effects: readonly Effect[] | undefined

  /** Those of all, as reports show them. */
  get effects(): readonly Effect[] {
    this.#effects ??= this.reads.effects.concat(this.writes.effects)
    return this.#effects
  }

  goTo(held: HeldLocks): void {
    const before = this.#held
    if (before === held) return
    this.#held = held
    const places = before.differing(held)
    if (places.length > mostSingly) {
      this.#effects = undefined
      this.reads = new ListedLocks()
      this.writes = new ListedLocks()
      for (const [place, lock] of [...held].entries()) this.#listOf(lock)?.add(place, lock)
      return
    }
    for (const place of places) {
      const [old, now] = [before.at(place), held.at(place)]
      const [from, to] = [this.#listOf(old), this.#listOf(now)]
      from?.remove(place)
      if (now) to?.add(place, now)
      if (from || to) this.#effects = undefined
    }
  }

  #listOf(lock: HeldLock | undefined): ListedLocks | undefined {
    if (!lock?.exposed || !isFelt(lock.kind, lock.mode)) return undefined
    return blocksReads(lock.mode) ? this.reads : this.writes
  }
}

/** Some of the locks of a transaction, in the order in which it first took them. */
class ListedLocks {
  readonly locks: HeldLock[] = []
  /** Each as a report shows it. */
  readonly effects: Effect[] = []
  /** Those of which the catalog decides whether others run into them, by their place among all locks. */
  readonly depending = new Map<number, HeldLock>()
  /** The place of each among all locks of the transaction. */
  readonly #places: number[] = []

  add(place: number, lock: HeldLock): void {
    const index = placeOf(this.#places, each => each >= place)
    this.#places.splice(index, 0, place)
    this.locks.splice(index, 0, lock)
    this.effects.splice(index, 0, onlyHeld(lock))
    if (lock.kind === 'sequence' || lock.kind === 'materialized view') this.depending.set(place, lock)
  }

  remove(place: number): void {
    const index = this.indexOf(place)
    if (index === undefined) return
    this.#places.splice(index, 1)
    this.locks.splice(index, 1)
    this.effects.splice(index, 1)
    this.depending.delete(place)
  }

  indexOf(place: number | undefined): number | undefined {
    if (place === undefined) return undefined
    const index = placeOf(this.#places, each => each >= place)
    return this.#places[index] === place ? index : undefined
  }
}

/** A lock of an earlier statement, as a report shows it. */
export const onlyHeld = once(({ oid, kind, relation, mode }: HeldLock): Effect => {
  const because = 'an earlier statement of the transaction has locked it'
  return { oid, kind, relation, lock: mode, work: 'none', certain: true, because, exposed: true, held: true }
})

/**
 * The same locks without those on relations that are gone, in no particular order. A transaction that drops one table after the other
 * holds the locks of all of them: only what changes from statement to statement is looked at.
 */
export function presentIn(step: Step): readonly HeldLock[] {
  const present = presentInFamily(step.transaction.held.family)
  present.goTo(step)
  return present.locks
}

const presentInFamily = once((_: object): PresentLocks => new PresentLocks())

class PresentLocks {
  /** Those on relations that are there at the last step that was asked about. */
  readonly locks: HeldLock[] = []
  readonly #indexes = new Map<Oid, number>()
  /** By the names of relations, those on which steps so far have had locks. */
  readonly #byName = new Map<string, Set<Oid>>()
  #step: Step | undefined

  goTo(step: Step): void {
    const last = this.#step
    if (last === step) return
    this.#step = step
    const { held } = step.transaction
    const before = last?.transaction.held ?? HeldLocks.none
    for (const place of before.differing(held)) {
      const [old, now] = [before.at(place), held.at(place)]
      if (now) this.#name(now)
      for (const each of new Set([old?.oid, now?.oid])) if (each !== undefined) this.#look(each, step)
    }
    if (!last) return
    for (const oid of last.before.relations.differing(step.before.relations)) this.#look(oid, step)
    for (const name of last.after.names.differing(step.after.names))
      for (const oid of this.#byName.get(name) ?? []) this.#look(oid, step)
  }

  #name({ oid, relation }: HeldLock): void {
    for (const name of namesOfRelation(relation)) {
      const same = this.#byName.get(name)
      if (same) same.add(oid)
      else this.#byName.set(name, new Set([oid]))
    }
  }

  #look(oid: Oid, step: Step): void {
    const lock = step.transaction.held.get(oid)
    const isFeltLock = lock?.exposed && isFelt(lock.kind, lock.mode)
    const index = this.#indexes.get(oid)
    if (isFeltLock && !isGone(step, oid, lock.relation)) {
      this.#indexes.set(oid, index ?? this.locks.length)
      this.locks[index ?? this.locks.length] = lock
    } else if (index !== undefined) {
      this.#indexes.delete(oid)
      const end = this.locks.pop()
      if (!end || end.oid === oid) return
      this.locks[index] = end
      this.#indexes.set(end.oid, index)
    }
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
