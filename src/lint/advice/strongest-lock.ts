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
  feltLocks(step).filter(({ oid, relation }) => !isGone(step, oid, relation)),
)

/** The same, with dropped relations: until the transaction ends, others find them and wait. */
function feltLocks({ transaction, before }: Step): HeldLock[] {
  return transaction.held
    .filter(({ oid, kind, mode, exposed }) => exposed && isFelt(kind, mode) && isReadable(oid, before))
    .filter(({ oid, kind }) => kind !== 'sequence' || isOnItsOwn(oid, before, transaction.held))
    .sort((a, b) => Number(blocksReads(b.mode)) - Number(blocksReads(a.mode)))
}

/** True for a lock that others run into. Messages name an index by its table, and only REFRESH writes to a materialized view. */
function isFelt(kind: RelationKind, mode: LockMode | null): mode is LockMode {
  if (kind === 'materialized view') return blocksReads(mode)
  return (inUse.has(kind) || kind === 'sequence') && blocksWrites(mode)
}

/** False for a sequence of a column whose table is locked as well, and for a dropped one. */
function isOnItsOwn(oid: Oid, catalog: Catalog, held: readonly { readonly oid: Oid }[]): boolean {
  const sequence = catalog.relations.get(oid)
  if (sequence?.kind !== 'sequence') return false
  return !held.some(each => each.oid === sequence.ownedBy?.relation)
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
  const held = new Map(feltLocks(step).map(lock => [lock.oid, lock]))
  const all = [...held.values()].map(lock => underHeld(own.get(lock.oid) ?? onlyHeld(lock), lock))
  for (const effect of own.values()) {
    if (held.has(effect.oid) || !isFelt(effect.kind, effect.lock) || !isReadable(effect.oid, step.before)) continue
    if (effect.kind !== 'sequence' || isOnItsOwn(effect.oid, step.before, [...own.values(), ...held.values()]))
      all.push(effect)
  }
  return all.sort((a, b) => Number(blocksReads(b.lock)) - Number(blocksReads(a.lock)))
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
  const reads = new Set(told.flatMap(({ oid, lock }) => (blocksReads(lock) ? [oid] : [])))
  const writes = new Set(told.flatMap(({ oid, lock }) => (blocksWrites(lock) ? [oid] : [])))
  return waiting.filter(
    ({ oid, lock }) => (blocksReads(lock) && !reads.has(oid)) || (blocksWrites(lock) && !writes.has(oid)),
  )
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
  return effects.filter(({ oid, kind, lock, exposed }) => {
    if (!exposed || !inUse.has(kind) || !stopsTraffic(lock)) return false
    const has = heldModes(transaction.held).get(oid) ?? null
    return strongest(has, lock) !== has
  })
})

const heldModes = once((held: readonly HeldLock[]) => new Map(held.map(({ oid, mode }) => [oid, mode])))

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
