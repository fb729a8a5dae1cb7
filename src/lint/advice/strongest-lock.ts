import type { Catalog, Oid, RelationKind } from '../../postgres/catalog/catalog.ts'
import { nameKey } from '../../postgres/catalog/name.ts'
import type { Effect } from '../../postgres/effect.ts'
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
 * Relations that are dropped for good do not count, because whoever drops one says that nobody needs it. Names are
 * those by which others know the relations.
 */
export const heldAgainstOthers = once((step: Step): readonly HeldLock[] =>
  without(feltLocks(step), ({ oid, relation }) => isGone(step, oid, relation)),
)

/** The list itself where nothing is left out: each step of a long transaction has one. */
function without<T>(all: readonly T[], isOut: (each: T) => boolean): readonly T[] {
  return all.some(isOut) ? all.filter(each => !isOut(each)) : all
}

/** The same, with dropped relations: until the transaction ends, others find them and wait. */
const feltLocks = once(({ transaction, before }: Step): readonly HeldLock[] => {
  const felt = transaction.held.filter(
    // Only a materialized view may be one that nobody can read.
    ({ oid, kind, mode, exposed }) =>
      exposed && isFelt(kind, mode) && (kind !== 'materialized view' || isReadable(oid, before)),
  )
  const own = felt.some(({ kind }) => kind === 'sequence')
    ? felt.filter(isOnItsOwn(before, new Set(transaction.held.map(({ oid }) => oid))))
    : felt
  return readsFirst(own, ({ mode }) => mode)
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
  held: ReadonlySet<Oid>,
): (relation: { readonly oid: Oid; readonly kind: RelationKind }) => boolean {
  return ({ oid, kind }) => {
    if (kind !== 'sequence') return true
    const sequence = catalog.relations.get(oid)
    if (sequence?.kind !== 'sequence') return false
    return sequence.ownedBy === null || !held.has(sequence.ownedBy.relation)
  }
}

/** True when a relation was dropped before the step, and no later object has its name. */
function isGone({ before, after }: Step, oid: Oid, name: string): boolean {
  if (before.relations.has(oid)) return false
  return !after.names.has(nameKey('relation', 'public', name)) && !after.names.has(`relation:${name}`)
}

/** True when nobody should need any of these any more: they were dropped for good. */
export function areGone(step: Step, waiting: readonly Effect[]): boolean {
  return waiting.every(({ oid, relation }) => isGone(step, oid, relation))
}

/**
 * Everything that others wait for while a statement runs: what it locks itself and what its transaction has locked
 * before, each under the stronger of the two locks. Relations that cannot even be read come first.
 */
export const waitsDuring = once((step: Step): readonly Effect[] => {
  const own = new Map(isConcurrent(step) ? [] : step.effects.filter(each => each.exposed).map(each => [each.oid, each]))
  const felt = feltLocks(step)
  const all = felt.map(lock => {
    const effect = own.get(lock.oid)
    return effect ? underHeld(effect, lock) : onlyHeld(lock)
  })
  const only = [...own.values()].filter(({ kind, lock }) => isFelt(kind, lock))
  if (only.length > 0) {
    const held = new Set(felt.map(({ oid }) => oid))
    const isTold = isOnItsOwn(step.before, new Set([...own.keys(), ...held]))
    for (const effect of only)
      if (!held.has(effect.oid) && isReadable(effect.oid, step.before) && isTold(effect)) all.push(effect)
  }
  return readsFirst(all, ({ lock }) => lock)
})

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

/** Those of these that no finding has named yet. */
export function untold(waiting: readonly Effect[], told: readonly Effect[]): Effect[] {
  const named = new Named()
  named.add(told)
  return named.untold(waiting)
}

/** What findings have named, one after the other: a transaction of thousands of statements asks after each. */
export class Named {
  readonly #reads = new Set<Oid>()
  readonly #writes = new Set<Oid>()

  add(told: readonly Effect[]): void {
    for (const { oid, lock } of told) {
      if (blocksReads(lock)) this.#reads.add(oid)
      if (blocksWrites(lock)) this.#writes.add(oid)
    }
  }

  /** Those of these that none of them has named. */
  untold(waiting: readonly Effect[]): Effect[] {
    return waiting.filter(
      ({ oid, lock }) => (!this.#writes.has(oid) && blocksWrites(lock)) || (!this.#reads.has(oid) && blocksReads(lock)),
    )
  }
}

/** For messages: `reads and writes of "a" and writes to "b"`. Partitions are counted with their table. */
export function waitingList(waiting: readonly Effect[], { before }: Pick<Step, 'before'>): string {
  const groups = new Map<string, Effect[]>()
  for (const effect of waiting) {
    const who = whoWaits(effect.lock)
    if (who) groups.set(who, [...(groups.get(who) ?? []), effect])
  }
  const clauses = [...groups].map(([who, effects]) => {
    const oids = new Set(effects.map(({ oid }) => oid))
    const named = effects.filter(({ oid }) => !isPartOf(oid, oids, before)).map(({ relation }) => relation)
    return `${who} ${quotedList(named, 8)}${named.length < effects.length ? ' with all partitions' : ''}`
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
  const takers = new Set(
    transaction.held.flatMap(({ oid, takenBy }) => (oids.has(oid) ? (history[takenBy] ?? []) : [])),
  )
  if (takers.size === 0) return {}
  return { related: [...takers].slice(0, 4).map(taker => label(taker, 'the lock is taken here')) }
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
  const oids = new Set(wanted.map(({ oid }) => oid))
  const modes = new Map<Oid, LockMode>()
  for (const { oid, mode } of transaction.held) if (oids.has(oid)) modes.set(oid, mode)
  return wanted.filter(({ oid, lock }) => {
    const has = modes.get(oid) ?? null
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
