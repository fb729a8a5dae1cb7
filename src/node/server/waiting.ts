import { blocksReads, blocksWrites, type LockMode } from '../../postgres/lock.ts'
import type { Waits } from '../../report/trace/trace.ts'
import type { Relations, ServerRelation } from './relations.ts'
import { Refused, type Session } from './session.ts'

/** SQLSTATE lock_not_available. */
const notAvailable = '55P03'

/**
 * True if a statement of the session, which is outside of a transaction, has to wait for a lock now. Null: the server refuses it for another
 * reason. Nothing of the statement stays.
 */
export async function waitsFor(session: Session, statement: string): Promise<boolean | null> {
  try {
    // The session with the lock does nothing meanwhile, so that a moment is enough.
    await session.send(`BEGIN; SET LOCAL lock_timeout TO 1; ${statement}; ROLLBACK`)
    return false
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    if (session.block !== 'idle') await session.send('ROLLBACK')
    return error.sqlstate === notAvailable ? true : null
  }
}

/**
 * Tries to read and to write a table from another session; null: it may not. Nothing is written, and no trigger runs. No partition is left out by
 * what the statement asks for.
 */
export async function triedOn(table: ServerRelation, session: Session): Promise<Waits | null> {
  const name = [table.schema, table.name].map(part => `"${part.replaceAll('"', '""')}"`).join('.')
  const reads = await waitsFor(session, `SELECT FROM ${name} LIMIT 0`)
  const writes =
    table.kind === 'materialized view'
      ? false
      : await waitsFor(session, `EXPLAIN DELETE FROM ${name} WHERE tableoid = 0`)
  return reads === null || writes === null ? null : { reads, writes }
}

/** What can be read and written. */
const tables: ReadonlySet<ServerRelation['kind']> = new Set(['table', 'partitioned table', 'materialized view'])

/** The tables at which other sessions may have to wait for one of these relations: for a table itself, its indexes, and those below it. */
export function tablesOver(concerned: ReadonlySet<string>, relations: Relations): ReadonlySet<string> {
  const found = new Set<string>()
  const add = (oid: string) => {
    const relation = relations.get(oid)
    if (!relation || found.has(oid)) return
    if (tables.has(relation.kind)) found.add(oid)
    for (const above of relation.table === null ? relation.parents : [relation.table]) add(above)
  }
  for (const oid of concerned) add(oid)
  return found
}

/** Whom each table makes wait by these locks. Tables at which nobody waits are left out. */
export function derivedFrom(
  locks: ReadonlyMap<string, LockMode | null>,
  relations: Relations,
): ReadonlyMap<string, Waits> {
  const waits = new Map<string, Waits>()
  for (const [oid, mode] of locks) {
    const reads = blocksReads(mode)
    if (!reads && !blocksWrites(mode)) continue
    for (const table of tablesOver(new Set([oid]), relations)) {
      const writes = relations.get(table)?.kind !== 'materialized view'
      const earlier = waits.get(table)
      waits.set(table, { reads: reads || earlier?.reads === true, writes })
    }
  }
  for (const [table, { reads, writes }] of waits) if (!reads && !writes) waits.delete(table)
  return waits
}
