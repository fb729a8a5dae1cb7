import { displayName } from '../../postgres/catalog/name.ts'
import { type LockMode, strongest } from '../../postgres/lock.ts'
import type { Seen, SeenRelation } from '../../report/trace/trace.ts'
import { backendOf, type HeldLock, locksOf, relationsIn, type ServerRelation } from './relations.ts'
import { Refused, type Session } from './session.ts'

/** Watches one session while it runs migrations. */
export interface Recorder {
  /**
   * Sends a statement and says what the server did. A refusal is part of what is seen. Rejects with an Error if the connection is lost, or if
   * the statement does not end in time.
   */
  record(sql: string, options: RecordOptions): Promise<Seen>
}

export interface RecordOptions {
  /** It has a transaction block of its own, so that its locks can still be seen after it. */
  readonly alone: boolean
  /** It gives relations new files without copying rows: TRUNCATE. */
  readonly empties: boolean
  /** It changes no relation, and what comes next may have to be the first query of its transaction: nothing is asked after it. */
  readonly isSetting: boolean
}

/**
 * Observes `runner` from itself, within its transaction, where the locks are still held when a statement has ended; and from `observer`, where
 * there is one, a statement that cannot run in a transaction block.
 */
export async function recorder(runner: Session, observer: Session | null): Promise<Recorder> {
  const backend = await backendOf(runner)
  let known = await relationsIn(runner)
  /** The locks of the transaction that is open, by oid. */
  let kept: ReadonlyMap<string, LockMode | null> = new Map()
  /** The relations that were there when it began. */
  let committed = known
  return {
    record: async (sql, { alone, empties, isSetting }) => {
      const before = known
      if (runner.block === 'idle') committed = known
      if (alone) await runner.send('BEGIN')
      const watch = runner.block === 'idle' && observer ? watched(observer, backend) : null
      const started = performance.now()
      const refused = await refusalOf(runner, sql)
      const milliseconds = performance.now() - started
      const sampled = (await watch?.stop()) ?? []
      if (refused) {
        if (alone) await runner.send('ROLLBACK')
        return { milliseconds, refused: refusal(refused), relations: [], locksSeen: 'all' }
      }
      const isOpen = runner.block === 'open'
      if (isOpen && isSetting) return { milliseconds, refused: null, relations: [], locksSeen: 'all' }
      const held = strongestOf(isOpen ? await locksOf(runner, null) : sampled)
      const after = runner.block === 'failed' ? before : await relationsIn(runner)
      const ending = alone ? await refusalOf(runner, 'COMMIT') : null
      const earlier = alone ? new Map() : kept
      known = after
      kept = runner.block === 'open' ? held : new Map()
      return {
        milliseconds,
        refused: ending && refusal(ending),
        relations: changes({ before, after, committed }, held, earlier, empties),
        locksSeen: isOpen ? 'all' : watch ? 'sampled' : 'none',
      }
    },
  }
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

const refusal = ({ sqlstate, message, detail }: Refused) => ({ sqlstate, message, detail })

/** Looks at the locks of a backend again and again. Locks that are held for a moment only may be missed. */
function watched(observer: Session, backend: string): { stop(): Promise<readonly HeldLock[]> } {
  const seen = new Map<string, HeldLock>()
  const state = { isOver: false }
  const looking = (async () => {
    while (!state.isOver) {
      for (const lock of await locksOf(observer, backend)) seen.set(`${lock.oid} ${lock.mode}`, lock)
      await new Promise(resolve => setTimeout(resolve, 1))
    }
  })()
  return {
    stop: async () => {
      state.isOver = true
      await looking
      return [...seen.values()]
    },
  }
}

function strongestOf(held: readonly HeldLock[]): ReadonlyMap<string, LockMode | null> {
  const locks = new Map<string, LockMode | null>()
  for (const { oid, mode } of held) locks.set(oid, strongest(locks.get(oid) ?? null, mode))
  return locks
}

type Relations = ReadonlyMap<string, ServerRelation>

function changes(
  { before, after, committed }: Readonly<Record<'before' | 'after' | 'committed', Relations>>,
  locks: ReadonlyMap<string, LockMode | null>,
  earlier: ReadonlyMap<string, LockMode | null>,
  empties: boolean,
): SeenRelation[] {
  const names = new Map([...after.values()].map(relation => [displayName(relation), relation]))
  const told: SeenRelation[] = []
  for (const relation of before.values()) {
    const lock = locks.get(relation.oid) ?? null
    const isIndex = relation.kind === 'index'
    // An index that is built again may be another one of the same name.
    const now = after.get(relation.oid) ?? (isIndex ? names.get(displayName(relation)) : undefined)
    const hasNewFile = !empties && relation.file !== '0' && now !== undefined && now.file !== relation.file
    const read = Math.max(0, (now?.read ?? 0) - relation.read)
    const isNew = hasNewFile && ['table', 'materialized view', 'index'].includes(relation.kind)
    if (lock === null && !isNew && read === 0) continue
    told.push({
      relation: displayName(relation),
      oid: relation.oid,
      kind: relation.kind,
      lock,
      isOwn: relation.isTemporary || !committed.has(relation.oid),
      isTaken: lock !== null && lock !== (earlier.get(relation.oid) ?? null),
      work: !isNew ? 'none' : isIndex ? 'rebuild' : 'rewrite',
      read,
    })
  }
  return told.sort((a, b) => (a.relation < b.relation ? -1 : 1))
}
