import type { Client } from 'pg'
import type { Lock } from './case.ts'
import { nameOf, type Relation } from './relations.ts'

/** Lock modes from weak to strong (manual, "Explicit Locking"). */
const STRENGTH = [
  'AccessShareLock',
  'RowShareLock',
  'RowExclusiveLock',
  'ShareUpdateExclusiveLock',
  'ShareLock',
  'ShareRowExclusiveLock',
  'ExclusiveLock',
  'AccessExclusiveLock',
]

export interface HeldLock {
  readonly relation: number
  readonly mode: string
}

/** The locks that a backend holds right now, read from another connection, so that reading adds no lock. */
export async function heldLocks(client: Client, pid: number): Promise<HeldLock[]> {
  const { rows } = await client.query<HeldLock>({
    name: 'held',
    text: `SELECT relation::int AS relation, mode FROM pg_locks WHERE pid = $1 AND locktype = 'relation' AND granted`,
    values: [pid],
  })
  return rows
}

/** The strongest lock per relation that existed before, sorted by name. */
export function strongest(held: readonly HeldLock[], before: ReadonlyMap<number, Relation>): Lock[] {
  const modes = new Map<number, number>()
  for (const { relation, mode } of held) {
    modes.set(relation, Math.max(modes.get(relation) ?? 0, STRENGTH.indexOf(mode)))
  }
  const locks: Lock[] = []
  for (const [oid, strength] of modes) {
    const relation = before.get(oid)
    const lock = STRENGTH[strength]
    if (relation && lock) locks.push({ relation: nameOf(relation), kind: relation.kind, lock })
  }
  return locks.sort((a, b) => (a.relation < b.relation ? -1 : 1))
}

/** The stronger lock of each relation in either list, sorted by name. */
export function merged(some: readonly Lock[], others: readonly Lock[]): Lock[] {
  const locks = new Map<string, Lock>()
  for (const lock of [...some, ...others]) {
    const known = locks.get(lock.relation)
    if (!known || strength(known.lock) < strength(lock.lock)) locks.set(lock.relation, lock)
  }
  return [...locks.values()].sort((a, b) => (a.relation < b.relation ? -1 : 1))
}

/** Index of a mode in the order of strength, or -1. */
export const strength = (mode: string): number => STRENGTH.indexOf(mode)
