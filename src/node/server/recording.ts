import type { LockMode } from '../../postgres/lock.ts'
import type { Waits } from '../../report/trace/trace.ts'
import { backendOf, locksOf, type Reads, type Relations, readsIn, relationsIn, strongestOf } from './relations.ts'
import { type Others, Refused, type Session } from './session.ts'
import { derivedFrom, tablesOver, triedOn } from './waiting.ts'
import { whileWatched } from './watching.ts'

/** Watches one session while it runs migrations. */
export interface Recorder {
  /**
   * Sends a statement and says what the server did. A refusal is part of what is seen. Rejects with an Error if the connection is lost, or if
   * the statement does not end in time.
   */
  record(sql: string, options: RecordOptions): Promise<Recording>
}

export interface RecordOptions {
  /** It has a transaction block of its own, so that its locks can still be seen after it. */
  readonly alone: boolean
  /** It changes no relation, and what comes next may have to be the first query of its transaction: nothing is asked after it. */
  readonly isSetting: boolean
}

/** What the server did with one statement. Relations are given by their oids. */
export interface Recording {
  readonly milliseconds: number
  readonly refused: Refused | null
  /** The relations before the statement, after it, and when its transaction began. */
  readonly before: Relations
  readonly after: Relations
  readonly committed: Relations
  /** The strongest lock on each relation, and what its transaction had before the statement. */
  readonly locks: ReadonlyMap<string, LockMode>
  readonly earlier: { readonly locks: ReadonlyMap<string, LockMode>; readonly waits: ReadonlyMap<string, Waits> }
  /** See Seen. */
  readonly locksSeen: 'all' | 'sampled' | 'none'
  /** What the statement has read. */
  readonly reads: ReadonlyMap<string, Reads>
  /** Whom the tables make wait that were there when the transaction began. Those at which nobody waits are left out. */
  readonly waits: ReadonlyMap<string, Waits>
  /** The same by what the locks mean. */
  readonly meant: ReadonlyMap<string, Waits>
  /** Another session has tried `waits`. Otherwise, it is `meant`. */
  readonly waitsTried: boolean
}

/**
 * Observes `runner` from itself, within its transaction, where the locks are still held when a statement has ended; and from others, where there
 * are some: what cannot run in a transaction block, and who has to wait. Before version 15, a server needs more than a second to tell what was read
 * outside of one: that is known only where `patient` is true.
 */
export async function recorder(
  runner: Session,
  others: Others | null,
  { patient = false }: { readonly patient?: boolean } = {},
): Promise<Recorder> {
  const backend = await backendOf(runner)
  const reported = await reportedReads(runner, others, patient)
  let known = await relationsIn(runner)
  const nothing = new Map()
  /** The locks of the transaction that is open, who waits for them, and what it has read. */
  let kept: Pick<Recording, 'locks' | 'waits' | 'reads'> = { locks: nothing, waits: nothing, reads: nothing }
  /** The relations that were there when it began. */
  let committed = known
  let isNew = true

  const waitsIn = async (locks: Recording['locks']): Promise<Pick<Recording, 'waits' | 'meant' | 'waitsTried'>> => {
    const meant = derivedFrom(locks, committed)
    if (!others || runner.block !== 'open') return { waits: meant, meant, waitsTried: false }
    const changed = new Set(
      [...locks.keys(), ...kept.locks.keys()].filter(oid => locks.get(oid) !== kept.locks.get(oid)),
    )
    const waits = new Map(kept.waits)
    for (const oid of tablesOver(changed, committed)) {
      const table = committed.get(oid)
      if (!table || table.isTemporary) continue
      const found = (await triedOn(table, others.session)) ?? meant.get(oid)
      if (found?.reads || found?.writes) waits.set(oid, found)
      else waits.delete(oid)
    }
    return { waits, meant, waitsTried: true }
  }

  return {
    record: async (sql, { alone, isSetting }) => {
      const before = known
      if (runner.block === 'idle') {
        committed = known
        kept = { locks: nothing, waits: nothing, reads: nothing }
        isNew = true
      }
      if (alone) await runner.send('BEGIN')
      const isFree = runner.block === 'idle' && !isSetting
      const told = { before, committed, earlier: kept }
      const seen = {
        locks: nothing,
        locksSeen: 'all' as const,
        reads: nothing,
        waits: nothing,
        meant: nothing,
        waitsTried: false,
      }
      const none = { ...told, ...seen, after: before }
      if (runner.block === 'open' && isNew && !isSetting) {
        // What the session has read before this transaction may be counted, or have been reported meanwhile.
        kept = { ...kept, reads: await readsIn(runner, 'session') }
        isNew = false
      }
      const readBefore = isFree ? await reported() : nothing
      const work = () => timed(() => refusalOf(runner, sql))
      const watched = isFree && others ? await whileWatched(others, backend, work) : null
      const { result: refused, milliseconds } = watched
        ? { result: watched.result.result, milliseconds: watched.milliseconds }
        : await work()
      if (refused) {
        if (alone) await runner.send('ROLLBACK')
        return { ...none, milliseconds, refused }
      }
      const isOpen = runner.block === 'open'
      if (isOpen && isSetting) return { ...none, milliseconds, refused: null }
      const locks = strongestOf(isOpen ? await locksOf(runner, null) : (watched?.locks ?? []))
      const reads = isOpen ? await readsIn(runner, 'session') : isFree ? await reported() : nothing
      const after = runner.block === 'failed' ? before : await relationsIn(runner)
      const waits = await waitsIn(locks)
      const ending = alone ? await refusalOf(runner, 'COMMIT') : null
      const recording: Recording = {
        ...told,
        milliseconds,
        refused: ending,
        after,
        locks,
        locksSeen: isOpen ? 'all' : watched ? 'sampled' : 'none',
        reads: since(isOpen ? kept.reads : readBefore, reads),
        ...waits,
      }
      known = after
      kept = { locks, waits: waits.waits, reads }
      return recording
    },
  }
}

async function timed<T>(work: () => Promise<T>): Promise<{ result: T; milliseconds: number }> {
  const started = performance.now()
  const result = await work()
  return { result, milliseconds: performance.now() - started }
}

async function refusalOf(session: Session, sql: string): Promise<Refused | null> {
  try {
    await session.send(sql)
    return null
  } catch (error) {
    if (error instanceof Refused) return error
    throw error
  }
}

/** Returns a function that asks for what all sessions have read. It is to be called outside of transactions. */
async function reportedReads(
  runner: Session,
  others: Others | null,
  patient: boolean,
): Promise<() => Promise<Recording['reads']>> {
  const [[version] = []] = await runner.send("SELECT pg_catalog.current_setting('server_version_num')")
  const read = () => readsIn(others?.session ?? runner, 'all')
  if (Number(version) >= 150_000) {
    return async () => {
      await runner.send('SELECT pg_catalog.pg_stat_force_next_flush()')
      return read()
    }
  }
  if (!patient) return async () => new Map()
  return async () => {
    // A session reports twice in a second at most, when a message of it has ended, and what others read is as old (PGSTAT_STAT_INTERVAL).
    await new Promise(resolve => setTimeout(resolve, 600))
    await runner.send('SELECT 1')
    await new Promise(resolve => setTimeout(resolve, 600))
    return read()
  }
}

function since(earlier: Recording['reads'], now: Recording['reads']): Recording['reads'] {
  return new Map(
    [...now].map(([oid, reads]) => {
      const then = earlier.get(oid)
      const more = (what: keyof Reads) => Math.max(0, reads[what] - (then?.[what] ?? 0))
      return [oid, { returned: more('returned'), fetched: more('fetched'), pages: more('pages') }]
    }),
  )
}
