import type { Client } from 'pg'
import { nameOf, type Relation } from './relations.ts'

/** Reads of a relation: rows by sequential scans, rows through an index (counted at the index), pages by anything. */
export interface Reads {
  readonly returned: number
  readonly fetched: number
  readonly pages: number
}

export type ReadsByRelation = ReadonlyMap<number, Reads>

type Row = Reads & { oid: number }

const byOid = (rows: readonly Row[]): ReadsByRelation => new Map(rows.map(row => [row.oid, row]))

/** What the open transaction has read so far. Must be asked on its own connection. */
export async function readsOfTransaction(
  client: Client,
  before: ReadonlyMap<number, Relation>,
): Promise<ReadsByRelation> {
  const { rows } = await client.query<Row>(
    `SELECT o::int AS oid, pg_stat_get_xact_blocks_fetched(o)::int AS pages,
       pg_stat_get_xact_tuples_returned(o)::int AS returned, pg_stat_get_xact_tuples_fetched(o)::int AS fetched
     FROM unnest($1::oid[]) o`,
    [[...before.keys()]],
  )
  return byOid(rows)
}

/** What all finished sessions have read so far. Up to 14 a collector process needs half a second to know. */
export async function readsSoFar(
  client: Client,
  major: number,
  before: ReadonlyMap<number, Relation>,
): Promise<ReadsByRelation> {
  await new Promise(resolve => setTimeout(resolve, major < 15 ? 1100 : 30))
  const { rows } = await client.query<Row>(
    `SELECT o::int AS oid, pg_stat_get_blocks_fetched(o)::int AS pages,
       pg_stat_get_tuples_returned(o)::int AS returned, pg_stat_get_tuples_fetched(o)::int AS fetched
     FROM unnest($1::oid[]) o`,
    [[...before.keys()]],
  )
  return byOid(rows)
}

/**
 * Names of the tables that were read in full: at least 90 % of the rows. VACUUM and ANALYZE read pages and count no rows;
 * elsewhere pages say little, because writing touches them too.
 */
export function scansOf(
  reads: ReadsByRelation,
  earlier: ReadsByRelation,
  before: ReadonlyMap<number, Relation>,
  sql: string,
): string[] {
  const readsPages = /^\s*(vacuum|analyze)\b/i.test(sql)
  const since = (oid: number): Reads => {
    const now = reads.get(oid) ?? NOTHING
    const then = earlier.get(oid) ?? NOTHING
    return {
      returned: now.returned - then.returned,
      fetched: now.fetched - then.fetched,
      pages: now.pages - then.pages,
    }
  }
  const scans: string[] = []
  for (const relation of before.values()) {
    if (relation.rows === 0) continue
    const { returned, fetched, pages } = since(relation.oid)
    const indexes = [...before.values()].filter(({ table }) => table === relation.oid)
    const rows = indexes.reduce((sum, index) => sum + since(index.oid).fetched, returned + fetched)
    const allPages = readsPages && relation.pages > 2 && pages >= 0.9 * relation.pages
    if (rows >= 0.9 * relation.rows || allPages) scans.push(nameOf(relation))
  }
  return scans.sort()
}

const NOTHING: Reads = { returned: 0, fetched: 0, pages: 0 }

export interface NewFiles {
  readonly rewrites: string[]
  readonly indexRebuilds: string[]
}

/**
 * Relations with a new file: tables and materialized views (rewritten), indexes (rebuilt). An index that was dropped and
 * created again (ALTER COLUMN TYPE, REINDEX CONCURRENTLY) is found by its name. TRUNCATE gives new files and is not a rewrite.
 */
export async function newFiles(client: Client, before: ReadonlyMap<number, Relation>, sql: string): Promise<NewFiles> {
  if (/\btruncate\b/i.test(sql)) return { rewrites: [], indexRebuilds: [] }
  const { rows } = await client.query<{ oid: number; name: string; schema: string; filenode: number }>(`
    SELECT c.oid::int AS oid, relname AS name, nspname AS schema, relfilenode::int AS filenode
    FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace WHERE relfilenode <> 0 AND relkind IN ('r', 'm', 'i')`)
  const oids = new Map(rows.map(row => [row.oid, row]))
  const names = new Map(rows.map(row => [`${row.schema}.${row.name}`, row]))
  const changed = [...before.values()].filter(relation => {
    const again = relation.kind === 'index' ? names.get(`${relation.schema}.${relation.name}`) : undefined
    const now = oids.get(relation.oid) ?? again
    return now !== undefined && relation.filenode !== 0 && now.filenode !== relation.filenode
  })
  const of = (...kinds: string[]) =>
    changed
      .filter(relation => kinds.includes(relation.kind))
      .map(nameOf)
      .sort()
  return { rewrites: of('table', 'materialized view'), indexRebuilds: of('index') }
}

/** Names of indexes that are not valid now but were, or are new. */
export async function invalidIndexes(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(`
    SELECT relname AS name FROM pg_index JOIN pg_class c ON c.oid = indexrelid
    WHERE NOT indisvalid AND relkind = 'i' AND relnamespace = 'app'::regnamespace ORDER BY relname COLLATE "C"`)
  return rows.map(row => row.name)
}
