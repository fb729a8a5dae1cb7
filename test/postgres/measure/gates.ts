import type { Others, Session } from '../../../src/node/server/session.ts'

import type { Database } from './database.ts'
import type { Relation } from './relations.ts'

/** Milliseconds after which all tables are let go. */
const longest = 10_000

/** How a statement is watched behind gates, and what ends them. */
export interface Gates extends Pick<Others, 'halting' | 'looked'> {
  openAll(): Promise<void>
}

/**
 * Other sessions that hold every table, and let go of one when the statement that is watched waits for it. So the first lock that it asks for on
 * each table can be seen, however briefly it would hold it.
 */
export async function gatesFor(database: Database, before: ReadonlyMap<string, Relation>): Promise<Gates> {
  const tables = [...before.values()].filter(r => /^(partitioned )?table$/.test(r.kind) && r.schema === 'app')
  const gates = new Map<string, Session>()
  for (const { oid, name } of tables.slice(0, 8)) {
    const gate = await database.connect()
    await gate.send(`BEGIN; LOCK TABLE ONLY app."${name}" IN ACCESS EXCLUSIVE MODE`)
    gates.set(oid, gate)
  }
  const open = async (relation: string) => {
    await gates.get(relation)?.end()
    gates.delete(relation)
  }
  const openAll = async () => {
    for (const relation of gates.keys()) await open(relation)
  }
  const started = performance.now()
  return {
    // It waits at the gates, and is looked at without a pause.
    halting: () => null,
    looked: async locks => {
      for (const { oid, isWanted } of locks) if (isWanted) await open(oid)
      if (performance.now() - started > longest) await openAll()
    },
    openAll,
  }
}
