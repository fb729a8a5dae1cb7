/**
 * Table-level lock modes, by the names pg_locks prints.
 * Source: PostgreSQL manual, chapter "Explicit Locking", table "Conflicting Lock Modes"; src/include/storage/lockdefs.h.
 */
export const lockModes = [
  'AccessShareLock',
  'RowShareLock',
  'RowExclusiveLock',
  'ShareUpdateExclusiveLock',
  'ShareLock',
  'ShareRowExclusiveLock',
  'ExclusiveLock',
  'AccessExclusiveLock',
] as const

export type LockMode = (typeof lockModes)[number]

const conflicting: Record<LockMode, readonly LockMode[]> = {
  AccessShareLock: ['AccessExclusiveLock'],
  RowShareLock: ['ExclusiveLock', 'AccessExclusiveLock'],
  RowExclusiveLock: ['ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock'],
  ShareUpdateExclusiveLock: [
    'ShareUpdateExclusiveLock',
    'ShareLock',
    'ShareRowExclusiveLock',
    'ExclusiveLock',
    'AccessExclusiveLock',
  ],
  ShareLock: [
    'RowExclusiveLock',
    'ShareUpdateExclusiveLock',
    'ShareRowExclusiveLock',
    'ExclusiveLock',
    'AccessExclusiveLock',
  ],
  ShareRowExclusiveLock: [
    'RowExclusiveLock',
    'ShareUpdateExclusiveLock',
    'ShareLock',
    'ShareRowExclusiveLock',
    'ExclusiveLock',
    'AccessExclusiveLock',
  ],
  ExclusiveLock: lockModes.slice(1),
  AccessExclusiveLock: lockModes,
}

/** True when a session that holds `held` makes another one that asks for `wanted` wait. */
export function conflicts(held: LockMode, wanted: LockMode): boolean {
  return conflicting[held].includes(wanted)
}

const blocking = (wanted: LockMode): ReadonlySet<LockMode | null> =>
  new Set(lockModes.filter(mode => conflicts(mode, wanted)))
// Precomputed, because each statement asks this for all locks of its transaction.
const blockingReads = blocking('AccessShareLock')
const blockingWrites = blocking('RowExclusiveLock')

/** True when SELECT has to wait for a holder of `mode`. */
export function blocksReads(mode: LockMode | null): boolean {
  return blockingReads.has(mode)
}

/** True when INSERT, UPDATE, DELETE and MERGE have to wait for a holder of `mode`. */
export function blocksWrites(mode: LockMode | null): boolean {
  return blockingWrites.has(mode)
}

/** The stronger of two modes, in PostgreSQL's own order of lock levels. */
export function strongest(a: LockMode | null, b: LockMode | null): LockMode | null {
  if (a === null) return b
  if (b === null) return a
  return lockModes.indexOf(a) >= lockModes.indexOf(b) ? a : b
}
