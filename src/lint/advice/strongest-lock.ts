import { grouped } from '../../parse/list.ts'
import type { Catalog, Oid, RelationKind } from '../../postgres/catalog/catalog.ts'
import { nameKey } from '../../postgres/catalog/name.ts'
import type { Effect } from '../../postgres/effect.ts'
import { lockOn } from '../../postgres/held.ts'
import { blocksReads, blocksWrites, conflicts, type LockMode, strongest } from '../../postgres/lock.ts'
import type { Operation } from '../../postgres/operation.ts'
import type { HeldLock, Step } from '../../postgres/step.ts'
import type { Label } from '../finding.ts'
import { once } from '../once.ts'
import type { Effects } from '../rule.ts'
import { isReadable, tableNameOf, whoWaits } from './effects.ts'
import { listed, quotedList } from './sql.ts'

const inUse: ReadonlySet<RelationKind> = new Set([
  'table',
  'partitioned table',
  'foreign table',
  'view',
  'materialized view',
])

/**
 * The locks of earlier statements of the transaction that keep others from reading or writing, the strongest first.
 * Relations that are dropped for good do not count, because a DROP means that nobody needs them. Names are
 * those by which others know the relations.
 */
export function heldAgainstOthers(step: Step, matters: (lock: HeldLock) => boolean): readonly HeldLock[] {
  return feltLocks(step).filter(lock => matters(lock) && !isGone(step, lock.oid, lock.relation))
}

/** True when there is such a lock, usually the first of thousands. `except`: the lock must be on another relation. */
export function isHeldAgainstOthers(step: Step, except?: Oid): boolean {
  return feltLocks(step).some(({ oid, relation }) => oid !== except && !isGone(step, oid, relation))
}

/** The same, with dropped relations: until the transaction ends, others find them and wait. */
function feltLocks(step: Step): readonly HeldLock[] {
  const { felt, depends } = feltAmong(step.transaction.held)
  return depends ? feltWhere(step) : felt
}

/** Those of these locks that others notice. Later statements hold them as well. `depends`: the result also depends on the objects at the time. */
const feltAmong = once((held: readonly HeldLock[]) => {
  const felt = held.filter(({ kind, mode, exposed }) => exposed && isFelt(kind, mode))
  const depends = felt.some(({ kind }) => kind === 'sequence' || kind === 'materialized view')
  return { felt: readsFirst(felt, ({ mode }) => mode), depends }
})

const feltWhere = once(({ transaction: { held }, before }: Step): readonly HeldLock[] => {
  const isOwn = isOnItsOwn(before, oid => lockOn(held, oid) !== undefined)
  // Only a materialized view may be one that nobody can read.
  return feltAmong(held).felt.filter(
    lock => isOwn(lock) && (lock.kind !== 'materialized view' || isReadable(lock.oid, before)),
  )
})

/** Those that keep others from reading come first. */
function readsFirst<T>(all: readonly T[], modeOf: (each: T) => LockMode | null): readonly T[] {
  const isFirst = (each: T) => blocksReads(modeOf(each))
  return all.every(isFirst) ? all : [...all.filter(isFirst), ...all.filter(each => !isFirst(each))]
}

/** True for a lock that others run into. Messages name an index by its table, and only REFRESH writes to a materialized view. */
function isFelt(kind: RelationKind, mode: LockMode | null): mode is LockMode {
  if (kind === 'materialized view') return blocksReads(mode)
  return (inUse.has(kind) || kind === 'sequence') && blocksWrites(mode)
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

/** True when a relation was dropped before the step, and no later object has its name. */
function isGone({ before, after }: Step, oid: Oid, name: string): boolean {
  if (before.relations.has(oid)) return false
  return !after.names.has(nameKey('relation', 'public', name)) && !after.names.has(`relation:${name}`)
}

/** True when nobody should need any of these any longer, because they were dropped for good. */
export function areGone(step: Step, waiting: readonly Effect[]): boolean {
  return waiting.every(({ oid, relation }) => isGone(step, oid, relation))
}

/**
 * Everything that others wait for while a statement runs: what it locks itself and what its transaction has locked
 * before, each under the stronger of the two locks. Relations that cannot even be read come first.
 */
export const waitsDuring = once((step: Step): readonly Effect[] => {
  const own = ownWaits(step)
  const felt = feltLocks(step)
  const all = felt.map(lock => {
    const effect = own.get(lock.oid)
    return effect ? underHeld(effect, lock) : onlyHeld(lock)
  })
  const only = [...own.values()].filter(({ kind, lock }) => isFelt(kind, lock))
  if (only.length > 0) {
    const held = new Set(felt.map(({ oid }) => oid))
    const isTold = isOnItsOwn(step.before, oid => own.has(oid) || held.has(oid))
    for (const effect of only)
      if (!held.has(effect.oid) && isReadable(effect.oid, step.before) && isTold(effect)) all.push(effect)
  }
  return readsFirst(all, ({ lock }) => lock)
})

/** The relations that others may wait for because of the statement's own locks. */
const ownWaits = once(
  (step: Step): ReadonlyMap<Oid, Effect> =>
    new Map(isConcurrent(step) ? [] : step.effects.flatMap(each => (each.exposed ? [[each.oid, each]] : []))),
)

/** By relation. */
export const waitsByRelation = once(
  (step: Step): ReadonlyMap<Oid, Effect> => new Map(waitsDuring(step).map(effect => [effect.oid, effect])),
)

/** A lock of an earlier statement, as a report shows it. */
export const onlyHeld = once(({ oid, kind, relation, mode }: HeldLock): Effect => {
  const because = 'an earlier statement of the transaction has locked it'
  return { oid, kind, relation, lock: mode, work: 'none', certain: true, because, exposed: true, held: true }
})

/** An effect under a lock that the transaction already has, with the name by which others know the relation. */
function underHeld(effect: Effect, { relation, mode }: HeldLock): Effect {
  if (isAsMuch(effect.lock, mode)) return { ...effect, relation }
  return { ...effect, relation, lock: strongest(effect.lock, mode), held: true }
}

/** True when everybody who waits for a holder of `other` also waits for a holder of `lock`. */
export function isAsMuch(lock: LockMode | null, other: LockMode | null): boolean {
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
  const clauses = [...grouped(waiting, ({ lock }) => whoWaits(lock))].flatMap(([who, effects]) => {
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

/** The places where earlier statements took these locks, for a finding's labels. */
export function takenAt(
  waiting: readonly Effect[],
  { transaction }: Step,
  history: readonly Step[],
  label: (step: Step, message: string) => Label,
): { readonly related?: readonly Label[] } {
  const oids = new Set(waiting.flatMap(({ oid, held }) => (held ? [oid] : [])))
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
  return lockOn(transaction.held, oid)
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
    const has = lockOn(transaction.held, oid)?.mode ?? null
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
