import type { Session } from '../../../src/node/server/session.ts'
import { derivedFrom, waitsFor } from '../../../src/node/server/waiting.ts'
import type { LockMode } from '../../../src/postgres/lock.ts'
import type { Waits } from '../../../src/report/trace/trace.ts'
import type { Blocked } from './case.ts'
import { nameOf, type Relation } from './relations.ts'

/** An INSERT of a suitable row, by relation: prepared before the statement takes its locks. */
export type Inserts = ReadonlyMap<string, string>

const qualified = (relation: Relation) => `app."${relation.name}"`

/**
 * Statements that insert a copy of an existing row, for partitioned tables and those that could be their partitions: an
 * INSERT locks only the parent or one partition, so it waits for other locks than an UPDATE.
 */
export async function prepareInserts(session: Session, before: ReadonlyMap<string, Relation>): Promise<Inserts> {
  const relations = [...before.values()]
  const shapes = new Set(relations.filter(r => r.kind === 'partitioned table').map(r => r.columns))
  const inserts = new Map<string, string>()
  for (const relation of relations) {
    const alike = (relation.kind === 'table' || relation.kind === 'partitioned table') && shapes.has(relation.columns)
    if (relation.schema !== 'app' || !(alike || relation.isPartition || relation.kind === 'partitioned table')) continue
    if (relation.kind.endsWith('index')) continue
    const source = relation.kind === 'partitioned table' ? partitionWithRows(relation, relations) : relation
    const [[literal] = []] = await session.send(`SELECT t::text FROM ${qualified(source ?? relation)} t LIMIT 1`)
    if (literal == null) continue
    const values = `(('${literal.replaceAll("'", "''")}'::${qualified(source ?? relation)}))`
    const names = relation.columns.split(', ')
    inserts.set(
      relation.oid,
      `INSERT INTO ${qualified(relation)} (${relation.columns}) OVERRIDING SYSTEM VALUE
        SELECT ${names.map(name => `(r).${name}`).join(', ')} FROM (SELECT ${values} AS r) s`,
    )
  }
  return inserts
}

// The last partition with rows that is not the default: a typical new row goes there.
function partitionWithRows(parent: Relation, all: readonly Relation[]): Relation | undefined {
  const below = all
    .filter(r => r.parents.includes(parent.oid))
    .flatMap(r => [r, ...all.filter(c => c.parents.includes(r.oid))])
  return below.filter(r => r.rows > 0 && !/default/.test(r.name)).at(-1) ?? below.find(r => r.rows > 0)
}

/** Where a query, a DELETE of nothing, and these INSERTs have to wait for an open transaction, by the names of the tables. */
export async function triedBlocks(
  waits: ReadonlyMap<string, Waits>,
  before: ReadonlyMap<string, Relation>,
  inserts: Inserts,
  prober: Session,
): Promise<Record<string, Blocked>> {
  const blocks: Record<string, Blocked> = {}
  for (const relation of before.values()) {
    if (relation.schema !== 'app' || !/^(materialized view|(partitioned )?table)$/.test(relation.kind)) continue
    const has = async (sql: string | undefined) => sql !== undefined && (await waitsFor(prober, sql)) === true
    const isWritten = relation.kind !== 'materialized view'
    const select = waits.get(relation.oid)?.reads === true
    const write = await has(isWritten ? `DELETE FROM ${qualified(relation)} WHERE false` : undefined)
    const insert = inserts.get(relation.oid)
    const inserting = await has(insert)
    if (!select && !write && !inserting) continue
    blocks[nameOf(relation)] = {
      select,
      ...(isWritten && { write }),
      ...(insert !== undefined && { insert: inserting }),
    }
  }
  return blocks
}

/** The same for a statement that cannot run in a transaction, by what its locks mean: there is no moment to try. */
export function derivedBlocks(
  locks: ReadonlyMap<string, LockMode>,
  before: ReadonlyMap<string, Relation>,
): Record<string, Blocked> {
  const all = derivedFrom(locks, before)
  // A DELETE of nothing locks no partition.
  const own = derivedFrom(locks, new Map([...before].map(([oid, relation]) => [oid, { ...relation, parents: [] }])))
  const blocks: Record<string, Blocked> = {}
  for (const relation of before.values()) {
    const select = all.get(relation.oid)?.reads === true
    const write = own.get(relation.oid)?.writes === true
    if (!select && !write) continue
    blocks[nameOf(relation)] = { select, ...(relation.kind !== 'materialized view' && { write }) }
  }
  return blocks
}
