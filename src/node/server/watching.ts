import { locksOf } from './relations.ts'
import type { HeldLock, Others } from './session.ts'

/** What a session did and had while it worked. */
export interface Watched<T> {
  readonly result: T
  /** The locks that it had or waited for. Those that it had for moments may be missing. */
  readonly locks: readonly HeldLock[]
  /** How long it worked, without the time in which it was stopped. */
  readonly milliseconds: number
}

/**
 * Looks at the locks of a session again and again while it works. Where its process can be stopped, it is let go on for moments only, and nothing
 * happens while it is looked at: slices begin short, because the first locks of a statement may be brief.
 */
export async function whileWatched<T>(
  { session, halting, looked }: Others,
  backend: string,
  work: () => Promise<T>,
): Promise<Watched<T>> {
  const seen = new Map<string, HeldLock>()
  const look = async () => {
    const locks = await locksOf(session, backend, 'held or wanted')
    for (const lock of locks) seen.set(`${lock.oid} ${lock.mode}`, lock)
    await looked?.(locks)
  }
  const halt = halting(backend)
  const state = { isOver: false }
  let stopped = 0
  halt?.stop()
  const started = performance.now()
  let milliseconds = 0
  const working = work().finally(() => {
    milliseconds = performance.now() - started - stopped
    state.isOver = true
  })
  working.catch(() => {})
  try {
    for (let slice = 0; !state.isOver; slice++) {
      halt?.goOn()
      await pause(halt ? lengthOf(slice) : looked ? 0 : 1)
      if (state.isOver) break
      const since = performance.now()
      halt?.stop()
      // It may have been stopped while it had the very lock that reading pg_locks needs.
      const release = setTimeout(() => halt?.goOn(), 50)
      try {
        await look()
      } finally {
        clearTimeout(release)
      }
      if (halt && !state.isOver) stopped += performance.now() - since
    }
  } finally {
    halt?.goOn()
  }
  return { result: await working, locks: [...seen.values()], milliseconds }
}

/** Milliseconds for which a process goes on. */
function lengthOf(slice: number): number {
  if (slice < 400) return 0.03
  return slice < 2000 ? 0.3 : 5
}

/** Busy while it is short: a timer would let the process go on for longer. */
async function pause(milliseconds: number): Promise<void> {
  const until = performance.now() + milliseconds
  if (milliseconds >= 1) await new Promise(resolve => setTimeout(resolve, milliseconds))
  while (performance.now() < until);
}
