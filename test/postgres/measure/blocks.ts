import type { Client } from 'pg'
import type { Blocked, Lock } from './case.ts'
import { strength } from './locks.ts'
import { nameOf, type Relation } from './relations.ts'

/** An INSERT of a suitable row, by relation: prepared before the statement takes its locks. */
export type Inserts = ReadonlyMap<number, string>

const qualified = (relation: Relation) => `app."${relation.name}"`

/**
 * Statements that insert a copy of an existing row, for partitioned tables and those that could be their partitions: an
 * INSERT locks only the parent or one partition, so it waits for other locks than an UPDATE.
 */
export async function prepareInserts(client: Client, before: ReadonlyMap<number, Relation>): Promise<Inserts> {
  const relations = [...before.values()]
  const shapes = new Set(relations.filter(r => r.kind === 'partitioned table').map(r => r.columns))
  const inserts = new Map<number, string>()
  for (const relation of relations) {
    const alike = (relation.kind === 'table' || relation.kind === 'partitioned table') && shapes.has(relation.columns)
    if (relation.schema !== 'app' || !(alike || relation.isPartition || relation.kind === 'partitioned table')) continue
    if (relation.kind.endsWith('index')) continue
    const source = relation.kind === 'partitioned table' ? partitionWithRows(relation, relations) : relation
    const { rows } = await client.query<{ row: string }>(
      `SELECT t::text AS row FROM ${qualified(source ?? relation)} t LIMIT 1`,
    )
    const literal = rows[0]?.row
    if (literal === undefined) continue
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

/** Tries a SELECT, a DELETE of no row and an INSERT on every table, and returns those that had to wait. */
export async function probeBlocks(
  client: Client,
  before: ReadonlyMap<number, Relation>,
  inserts: Inserts,
): Promise<Record<string, Blocked>> {
  const waits = async (sql: string) => {
    try {
      await client.query(`BEGIN; ${sql}`)
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === '55P03') return true
    } finally {
      await client.query('ROLLBACK')
    }
    return false
  }
  const blocks: Record<string, Blocked> = {}
  for (const relation of before.values()) {
    if (relation.schema !== 'app' || !/^(materialized view|(partitioned )?table)$/.test(relation.kind)) continue
    const name = qualified(relation)
    const select = await waits(`SELECT * FROM ${name} LIMIT 1`)
    const write = relation.kind !== 'materialized view' && (await waits(`DELETE FROM ${name} WHERE false`))
    const insert = inserts.get(relation.oid)
    const inserting = insert !== undefined && (await waits(insert))
    if (!select && !write && !inserting) continue
    blocks[nameOf(relation)] = {
      select,
      ...(relation.kind === 'materialized view' ? {} : { write }),
      ...(insert === undefined ? {} : { insert: inserting }),
    }
  }
  return blocks
}

// Conflict table of the manual: a reader takes AccessShareLock, a writer RowExclusiveLock.
const READ = strength('AccessExclusiveLock')
const WRITE = strength('ShareLock')

/**
 * The same, derived from sampled locks, for a statement that cannot run in a transaction: then there is no moment to try. A
 * reader or a writer may wait for its table, an index of it, or a partition below it.
 */
export function derivedBlocks(locks: readonly Lock[], before: ReadonlyMap<number, Relation>): Record<string, Blocked> {
  const held = new Map(locks.map(lock => [lock.relation, strength(lock.lock)]))
  const relations = [...before.values()]
  const reaches = (relation: Relation, least: number): boolean =>
    (held.get(nameOf(relation)) ?? -1) >= least ||
    relations.some(index => index.table === relation.oid && (held.get(nameOf(index)) ?? -1) >= least)
  const blocks: Record<string, Blocked> = {}
  for (const relation of relations) {
    if (!/^(materialized view|(partitioned )?table)$/.test(relation.kind)) continue
    const family = [relation, ...relations.filter(child => descends(child, relation, before))]
    const select = family.some(member => reaches(member, READ))
    const write = relation.kind !== 'materialized view' && reaches(relation, WRITE)
    if (select || write) {
      blocks[nameOf(relation)] = { select, ...(relation.kind === 'materialized view' ? {} : { write }) }
    }
  }
  return blocks
}

function descends(child: Relation, ancestor: Relation, before: ReadonlyMap<number, Relation>): boolean {
  return child.parents.some(oid => {
    const parent = before.get(oid)
    return oid === ancestor.oid || (parent !== undefined && descends(parent, ancestor, before))
  })
}
