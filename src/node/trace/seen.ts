import { displayName } from '../../postgres/catalog/name.ts'
import type { Seen, SeenRelation, Waits } from '../../report/trace/trace.ts'
import type { Recording } from '../server/recording.ts'
import { hasNewFile } from '../server/relations.ts'

/** What is reported about a statement. `empties`: it gives relations new files without copying rows, as TRUNCATE does. */
export function seenIn(recording: Recording, empties: boolean): Seen {
  const { milliseconds, refused, locksSeen, waitsTried } = recording
  return {
    milliseconds,
    refused: refused && { sqlstate: refused.sqlstate, message: refused.message, detail: refused.detail },
    relations: relationsOf(recording, empties),
    locksSeen,
    waits: waitsTried ? 'tried' : 'derived',
  }
}

function isSame(waiting: Waits, { reads, writes }: Waits = nobody): boolean {
  return waiting.reads === reads && waiting.writes === writes
}

const nobody = { reads: false, writes: false }

function relationsOf(
  { before, after, committed, locks, earlier, reads, waits, meant }: Recording,
  empties: boolean,
): SeenRelation[] {
  const told: SeenRelation[] = []
  for (const relation of before.values()) {
    const { oid, kind, isTemporary } = relation
    const lock = locks.get(oid) ?? null
    const isNew = !empties && hasNewFile(relation, after)
    const read = reads.get(oid)?.returned ?? 0
    const waiting = waits.get(oid) ?? nobody
    const comesToWait = (waiting.reads || waiting.writes) && !isSame(waiting, earlier.waits.get(oid))
    if (lock === null && !isNew && read === 0 && !comesToWait) continue
    told.push({
      relation: displayName(relation),
      oid,
      kind,
      lock,
      isOwn: isTemporary || !committed.has(oid),
      isTaken: lock !== null && lock !== (earlier.locks.get(oid) ?? null),
      waiting,
      meant: meant.get(oid) ?? nobody,
      work: !isNew ? 'none' : kind === 'index' ? 'rebuild' : 'rewrite',
      read,
    })
  }
  return told.sort((a, b) => (a.relation < b.relation ? -1 : 1))
}
