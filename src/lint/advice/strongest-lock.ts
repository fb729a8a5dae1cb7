import { grouped } from '../../parse/list.ts'
import type { Catalog, Oid, RelationKind } from '../../postgres/catalog/catalog.ts'
import type { Effect } from '../../postgres/effect.ts'
import type { HeldLock } from '../../postgres/held.ts'
import { blocksReads, blocksWrites, conflicts, type LockMode, strongest } from '../../postgres/lock.ts'
import type { Operation } from '../../postgres/operation.ts'
import type { Step } from '../../postgres/step.ts'
import type { Label } from '../finding.ts'
import { once } from '../once.ts'
import type { Effects } from '../rule.ts'
import { isReadable, tableNameOf, whoWaits } from './effects.ts'
import { feltDuring, feltLocks, inUse, isFelt, isGone, onlyHeld, presentIn } from './felt-locks.ts'
import { listed, quotedList } from './sql.ts'

/**
 * The locks of earlier statements of the transaction that keep others from reading or writing, the strongest first.
 * Relations that are dropped for good do not count, because a DROP means that nobody needs them. Names are
 * those by which others know the relations. `among`: only these are considered, see `feltLocks`.
 */
export function heldAgainstOthers(
  step: Step,
  matters: (lock: HeldLock) => boolean,
  among: Iterable<HeldLock> = feltLocks(step.transaction.held),
): readonly HeldLock[] {
  const found: HeldLock[] = []
  const isOwn = isOnItsOwnIn(step)
  for (const lock of among) if (matters(lock) && isOwn(lock) && !isGone(step, lock.oid, lock.relation)) found.push(lock)
  return found
}

/** True when there is such a lock, usually the first of thousands. `except`: the lock must be on another relation. */
export function isHeldAgainstOthers(step: Step, except?: Oid): boolean {
  const isOwn = isOnItsOwnIn(step)
  for (const lock of presentIn(step)) if (lock.oid !== except && isOwn(lock)) return true
  return false
}

/** Whether others run into a lock when a statement starts, as far as that depends on the catalog. */
function isOnItsOwnIn({ transaction: { held }, before }: Step): (lock: HeldLock) => boolean {
  const isOwn = isOnItsOwn(before, oid => held.get(oid) !== undefined)
  // Only a materialized view may be one that nobody can read.
  return lock => isOwn(lock) && (lock.kind !== 'materialized view' || isReadable(lock.oid, before))
}

/** The lock of an earlier statement on a relation, if others run into it. */
function feltOn(step: Step, oid: Oid): HeldLock | undefined {
  const lock = step.transaction.held.get(oid)
  return lock?.exposed && isFelt(lock.kind, lock.mode) && isOnItsOwnIn(step)(lock) ? lock : undefined
}

/** Those that keep others from reading come first. */
function readsFirst(all: readonly Effect[]): readonly Effect[] {
  const start = all.findIndex(({ lock }) => !blocksReads(lock))
  const isInOrder = start < 0 || !all.some(({ lock }, i) => i > start && blocksReads(lock))
  if (isInOrder) return all
  return [...all.filter(({ lock }) => blocksReads(lock)), ...all.filter(({ lock }) => !blocksReads(lock))]
}

/** False for a sequence of a column whose table is locked as well, and for a dropped one. */
function isOnItsOwn(
  catalog: Catalog,
  isLocked: (oid: Oid) => boolean,
): (relation: { readonly oid: Oid; readonly kind: RelationKind }) => boolean {
  return ({ oid, kind }) => {
    if (kind !== 'sequence') return true
    const sequence = catalog.relations.get(oid)
    if (sequence?.kind !== 'sequence') return false
    return sequence.ownedBy === null || !isLocked(sequence.ownedBy.relation)
  }
}

/** True when nobody should need any of these any longer, because they were dropped for good. */
export function areGone(step: Step, waiting: readonly Effect[]): boolean {
  return waiting.every(({ oid, relation }) => isGone(step, oid, relation))
}

/**
 * Everything that others wait for while a statement runs: what it locks itself and what its transaction has locked
 * before, each under the stronger of the two locks. Relations that cannot even be read come first.
 */
export function waitsDuring(step: Step): readonly Effect[] {
  const own = ownWaits(step)
  const felt = feltDuring(step.transaction.held, { own, under: underHeld, isOwn: isOnItsOwnIn(step) })
  const more: Effect[] = []
  for (const { oid } of own.values()) {
    const waited = feltOn(step, oid) ? undefined : waitFor(step, oid)
    if (waited) more.push(waited)
  }
  return readsFirst(more.length === 0 ? felt : felt.concat(more))
}

/** The same for one relation. */
export function waitFor(step: Step, oid: Oid): Effect | undefined {
  const own = ownWaits(step)
  const effect = own.get(oid)
  const lock = feltOn(step, oid)
  if (lock) return effect ? underHeld(effect, lock) : onlyHeld(lock)
  if (!effect || !isFelt(effect.kind, effect.lock) || !isReadable(oid, step.before)) return undefined
  const isTold = isOnItsOwn(step.before, each => own.has(each) || feltOn(step, each) !== undefined)
  return isTold(effect) ? effect : undefined
}

/** The relations that others may wait for because of the statement's own locks. */
export const ownWaits = once(
  (step: Step): ReadonlyMap<Oid, Effect> =>
    new Map(isConcurrent(step) ? [] : step.effects.flatMap(each => (each.exposed ? [[each.oid, each]] : []))),
)

/** An effect under a lock that the transaction already has, with the name by which others know the relation. */
function underHeld(effect: Effect, { relation, mode }: HeldLock): Effect {
  if (isAsMuch(effect.lock, mode)) return { ...effect, relation }
  return { held: true, ...effect, relation, lock: strongest(effect.lock, mode) }
}

/** True when everybody who waits for a holder of `other` also waits for a holder of `lock`. */
function isAsMuch(lock: LockMode | null, other: LockMode | null): boolean {
  return (blocksReads(lock) || !blocksReads(other)) && (blocksWrites(lock) || !blocksWrites(other))
}

/** The accesses that a lock blocks, as keys. */
export function keptFrom({ oid, lock }: Pick<Effect, 'oid' | 'lock'>): string[] {
  return [...(blocksReads(lock) ? [`reads ${oid}`] : []), ...(blocksWrites(lock) ? [`writes ${oid}`] : [])]
}

/** Those of these that no finding has named yet. */
export function untold(waiting: readonly Effect[], told: readonly Effect[]): Effect[] {
  const named = new Named()
  named.add(told)
  return named.untold(waiting)
}

/** The relations that findings have named so far. It grows with each finding, because a transaction of thousands of statements asks after each. */
export class Named {
  readonly #reads = new Set<Oid>()
  readonly #writes = new Set<Oid>()

  /** True for an access, as `keptFrom` has it, that some finding has named. */
  has(key: string): boolean {
    const [access, oid] = key.split(' ')
    return (access === 'reads' ? this.#reads : this.#writes).has(Number(oid))
  }

  add(told: readonly Effect[]): void {
    for (const { oid, lock } of told) {
      if (blocksReads(lock)) this.#reads.add(oid)
      if (blocksWrites(lock)) this.#writes.add(oid)
    }
  }

  /** Those of these relations that no finding has named. */
  untold(waiting: readonly Effect[]): Effect[] {
    return waiting.filter(({ oid, lock }) => this.isUntold(oid, lock))
  }

  /** True when no finding has said that others wait for this lock on the relation. */
  isUntold(oid: Oid, lock: LockMode | null): boolean {
    return (!this.#writes.has(oid) && blocksWrites(lock)) || (!this.#reads.has(oid) && blocksReads(lock))
  }
}

/** For messages: `reads and writes of "a" and writes to "b"`. Partitions are counted with their table. */
export function waitingList(waiting: readonly Effect[], { before }: Pick<Step, 'before'>): string {
  const clauses = [...grouped(waiting, ({ lock, kind }) => whoWaits(lock, kind))].flatMap(([who, effects]) => {
    if (who === null) return []
    const parents = new Set(effects.flatMap(({ oid, kind }) => (kind === 'partitioned table' ? [oid] : [])))
    const named = parents.size === 0 ? effects : effects.filter(({ oid }) => !isPartOf(oid, parents, before))
    const names = quotedList(
      named.map(({ relation }) => relation),
      8,
    )
    return `${who} ${names}${named.length < effects.length ? ' with all partitions' : ''}`
  })
  return listed(clauses)
}

function isPartOf(oid: Oid, among: ReadonlySet<Oid>, catalog: Catalog): boolean {
  const relation = catalog.relations.get(oid)
  return relation !== undefined && 'partitionOf' in relation && among.has(relation.partitionOf ?? -1)
}

/** The heaviest work that a statement does on a table in use, without small tables; certain work comes first. */
export function workOn({ all }: Effects, { before }: Step, isLarge: (relation: string) => boolean): Effect | undefined {
  const work = all.filter(effect => effect.work !== 'none' && effect.exposed && isLarge(tableNameOf(effect, before)))
  return work.find(({ certain }) => certain) ?? work[0]
}

/** Not an index: the work on it is counted with that on its table. */
export function isTable({ kind }: Effect): boolean {
  return kind !== 'index' && kind !== 'partitioned index'
}

/** All tables that these statements work on. Null where one of them only waits, or works on something unknown. */
export function worksOf(steps: readonly Step[]): readonly Effect[] | null {
  const works = steps.map(({ effects }) => effects.filter(effect => effect.work !== 'none' && isTable(effect)))
  return works.some(each => each.length === 0) ? null : works.flat()
}

/** The places where earlier statements took these locks, for a finding's labels. */
export function takenAt(
  waiting: readonly Effect[],
  { transaction }: Step,
  history: readonly Step[],
  label: (step: Step, message: string) => Label,
): { readonly related?: readonly Label[] } {
  const oids = new Set<Oid>()
  for (const { oid, held } of waiting) if (held) oids.add(oid)
  const takers = new Set<Step>()
  for (const { oid, takenBy } of transaction.held) {
    const taker = oids.has(oid) ? history[takenBy] : undefined
    if (taker) takers.add(taker)
    if (takers.size === 4) break
  }
  if (takers.size === 0) return {}
  return { related: [...takers].map(taker => label(taker, 'the lock is taken here')) }
}

/** The lock that the transaction has on a relation when the step begins. */
export function heldOn({ transaction }: Step, oid: Oid): HeldLock | undefined {
  return transaction.held.get(oid)
}

/** True for a lock that others cannot get while `mode` is held or waited for: reads or writes wait. */
export function stopsTraffic(mode: LockMode | null): mode is LockMode {
  return blocksWrites(mode)
}

/**
 * Tables in use for which a statement must wait until everybody else has finished with them, while others wait behind
 * it. A lock that the transaction already has does not count, and neither does work that is done CONCURRENTLY.
 */
export const waitsFor = once(({ effects, operations, transaction, error }: Step): readonly Effect[] => {
  if (error || isConcurrent({ operations })) return []
  if (operations.some(operation => operation.kind === 'lock-table' && operation.nowait)) return []
  const wanted = effects.filter(({ kind, lock, exposed }) => exposed && inUse.has(kind) && stopsTraffic(lock))
  if (wanted.length === 0) return []
  return wanted.filter(({ oid, lock }) => {
    const has = transaction.held.get(oid)?.mode ?? null
    return strongest(has, lock) !== has
  })
})

/**
 * Tables that a statement waits for although it does not name them: the other end of each foreign key that an operation
 * drops.
 */
export function lockedAlong(step: Step, operation: Operation): readonly Effect[] {
  const keys = foreignKeysDropped(step, operation)
  return keys.size === 0 ? [] : waitsFor(step).filter(({ oid }) => keys.has(oid) && step.after.relations.has(oid))
}

function foreignKeysDropped({ before, after }: Step, operation: Operation): ReadonlySet<Oid> {
  if (operation.kind === 'drop-constraint') {
    const target = operation.constraint?.kind === 'foreign key' ? operation.constraint.references?.table : undefined
    return new Set(target === undefined || target === operation.table.oid ? [] : [target])
  }
  if (operation.kind !== 'drop-table' && operation.kind !== 'drop-column') return new Set()
  const own = 'table' in operation ? operation.table : operation.subject
  if (!own) return new Set()
  const others = operation.effects.flatMap(({ oid }) => (oid === own.oid ? [] : [oid]))
  return new Set(others.filter(oid => keysBetween(before, own.oid, oid) > keysBetween(after, own.oid, oid)))
}

/** The number of foreign keys that two tables, or their partitions, have to each other. */
function keysBetween(catalog: Catalog, one: Oid, other: Oid): number {
  const from = (oid: Oid, target: Oid) => {
    const relation = catalog.relations.get(oid)
    if (!relation || !('constraints' in relation)) return 0
    return relation.constraints.filter(({ references }) => references?.table === target).length
  }
  return from(one, other) + from(other, one)
}

/** True when two sessions that both hold `held` and both ask for `wanted` wait for each other. */
export function deadlocks(held: LockMode, wanted: LockMode): boolean {
  return !conflicts(held, held) && conflicts(wanted, held)
}

/** It takes a strong lock only for the moment in which the new index replaces the old one. */
function isConcurrent({ operations }: Pick<Step, 'operations'>): boolean {
  return operations.some(operation => 'concurrently' in operation && operation.concurrently)
}
