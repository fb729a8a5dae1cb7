import type { Effect } from '../../postgres/effect.ts'
import { blocksReads, blocksWrites, conflicts, type LockMode, strongest } from '../../postgres/lock.ts'
import type { HeldLock, Step } from '../../postgres/step.ts'
import type { Label } from '../finding.ts'
import { once } from '../once.ts'
import type { Effects } from '../rule.ts'
import { tableNameOf } from './effects.ts'

const inUse: ReadonlySet<string> = new Set(['table', 'partitioned table', 'foreign table', 'view', 'materialized view'])

/**
 * What earlier statements of the transaction keep others from reading or writing, the strongest first. Relations that are
 * gone by now do not count, nor do indexes: their table is locked, too. Names are those by which others know them.
 */
export const heldAgainstOthers = once(({ transaction, before }: Step): readonly HeldLock[] => {
  return transaction.held
    .filter(({ oid, mode, exposed }) => {
      const kind = before.relations.get(oid)?.kind ?? ''
      // Nobody writes to a materialized view but REFRESH.
      return exposed && inUse.has(kind) && (kind === 'materialized view' ? blocksReads(mode) : blocksWrites(mode))
    })
    .sort((a, b) => Number(blocksReads(b.mode)) - Number(blocksReads(a.mode)))
})

/** The held lock to name in a message: the strongest; among equals, the one on this relation. */
export function mostFelt(held: readonly HeldLock[], relation: Pick<Effect, 'oid'>): HeldLock | undefined {
  const strength = held[0] && blocksReads(held[0].mode)
  return held.find(lock => lock.oid === relation.oid && blocksReads(lock.mode) === strength) ?? held[0]
}

/** The heaviest thing that a statement does to a table that others use, small ones left out; what is certain first. */
export function workOn({ all }: Effects, { before }: Step, isLarge: (relation: string) => boolean): Effect | undefined {
  const work = all.filter(effect => effect.work !== 'none' && effect.exposed && isLarge(tableNameOf(effect, before)))
  return work.find(({ certain }) => certain) ?? work[0]
}

/** The work of a statement, with the locks that its relations are really under while it goes on: those that others feel. */
export function effectsUnder(held: readonly HeldLock[], { effects }: Step): Effect[] {
  const modes = heldModes(held)
  return effects
    .filter(({ work, exposed }) => work !== 'none' && exposed)
    .map(each => ({ ...each, lock: strongest(each.lock, modes.get(each.oid) ?? null) }))
    .filter(({ lock }) => stopsTraffic(lock))
}

/** Where a lock was taken, for a finding's labels. */
export function takenAt(
  { takenBy }: HeldLock,
  history: readonly Step[],
  label: (step: Step, message: string) => Label,
): { readonly related?: readonly Label[] } {
  const taker = history[takenBy]
  return taker ? { related: [label(taker, 'the lock is taken here')] } : {}
}

/** True for a lock that others do not get while `mode` is held, or wanted: reads or writes wait. */
export function stopsTraffic(mode: LockMode | null): mode is LockMode {
  return blocksWrites(mode)
}

/**
 * Tables in use for which a statement has to wait until everybody else is done with them, and behind whom others then wait.
 * A lock that the transaction already has does not count, and neither does what is done CONCURRENTLY.
 */
export const waitsFor = once(({ effects, operations, transaction, error }: Step): readonly Effect[] => {
  if (error || operations.some(operation => 'concurrently' in operation && operation.concurrently)) return []
  if (operations.some(operation => operation.kind === 'lock-table' && operation.nowait)) return []
  return effects.filter(({ oid, kind, lock, exposed }) => {
    if (!exposed || !inUse.has(kind) || !stopsTraffic(lock)) return false
    const has = heldModes(transaction.held).get(oid) ?? null
    return strongest(has, lock) !== has
  })
})

const heldModes = once((held: readonly HeldLock[]) => new Map(held.map(({ oid, mode }) => [oid, mode])))

/** True when two sessions that both have `held` and both ask for `wanted` wait for each other. */
export function deadlocks(held: LockMode, wanted: LockMode): boolean {
  return !conflicts(held, held) && conflicts(wanted, held)
}

/** Tables that nobody can even read before the transaction ends, in the order in which they were locked. */
export function heldAgainstReaders(step: Step): HeldLock[] {
  return heldAgainstOthers(step).filter(({ mode }) => blocksReads(mode))
}
