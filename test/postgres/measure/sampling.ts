import type { Client } from 'pg'
import type { Database } from './database.ts'
import { type HeldLock, heldLocks } from './locks.ts'
import type { Relation } from './relations.ts'

/**
 * Collects the locks of a backend while its statement runs: it lets the backend run for a moment, stops it, reads its locks, and so
 * on. Slices begin short, because the first locks of a statement may be brief. Must run as the user of the server or as root.
 */
export async function sampleLocks(
  observer: Client,
  pid: number,
  statement: () => Promise<unknown>,
): Promise<HeldLock[]> {
  const seen = new Map<string, HeldLock>()
  let running = true
  process.kill(pid, 'SIGSTOP')
  const finished = statement().finally(() => {
    running = false
  })
  finished.catch(() => {})
  try {
    for (let slice = 0; running; slice++) {
      process.kill(pid, 'SIGCONT')
      await pause(slice < 400 ? 0.03 : slice < 2000 ? 0.3 : 5)
      if (!running) break
      process.kill(pid, 'SIGSTOP')
      // It may have been stopped while it held the very lock that reading pg_locks needs.
      const release = setTimeout(() => process.kill(pid, 'SIGCONT'), 50)
      for (const lock of await heldLocks(observer, pid)) seen.set(`${lock.relation} ${lock.mode}`, lock)
      clearTimeout(release)
    }
  } finally {
    process.kill(pid, 'SIGCONT')
  }
  await finished
  return [...seen.values()]
}

// Busy and synchronous while short: a timer or the event loop would let the backend run on.
async function pause(milliseconds: number): Promise<void> {
  const until = performance.now() + milliseconds
  if (milliseconds > 1) await new Promise(resolve => setTimeout(resolve, milliseconds))
  while (performance.now() < until);
}

/**
 * Collects the first lock a statement asks for on each table, however briefly it would hold it: other sessions hold every
 * table when it starts, and let go of one when the statement waits for it.
 */
export async function gateLocks(
  database: Database,
  observer: Client,
  pid: number,
  before: ReadonlyMap<number, Relation>,
  statement: () => Promise<unknown>,
): Promise<HeldLock[]> {
  const tables = [...before.values()].filter(r => /^(partitioned )?table$/.test(r.kind) && r.schema === 'app')
  const gates = new Map<number, Client>()
  for (const { oid, name } of tables.slice(0, 8)) {
    const gate = await database.connect()
    await gate.query(`BEGIN; LOCK TABLE ONLY app."${name}" IN ACCESS EXCLUSIVE MODE`)
    gates.set(oid, gate)
  }
  const open = async (relation: number) => {
    await gates.get(relation)?.end()
    gates.delete(relation)
  }
  const seen: HeldLock[] = []
  let running = true
  const finished = statement().finally(() => {
    running = false
  })
  finished.catch(() => {})
  const deadline = performance.now() + 10_000
  while (running) {
    const { rows } = await observer.query<HeldLock>(
      `SELECT relation::int AS relation, mode FROM pg_locks WHERE pid = $1 AND locktype = 'relation' AND NOT granted`,
      [pid],
    )
    seen.push(...rows, ...(await heldLocks(observer, pid)))
    for (const { relation } of rows) await open(relation)
    if (performance.now() > deadline) for (const relation of gates.keys()) await open(relation)
  }
  for (const relation of gates.keys()) await open(relation)
  await finished
  return seen
}
