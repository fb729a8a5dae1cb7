import type { Client } from 'pg'
import type { RelationKind } from './case.ts'

/** A relation as it was before the statement. */
export interface Relation {
  readonly oid: number
  readonly name: string
  readonly schema: string
  readonly kind: RelationKind
  readonly filenode: number
  readonly pages: number
  readonly rows: number
  /** Of an index: its table. */
  readonly table: number | null
  /** Partition or inheritance parents. */
  readonly parents: readonly number[]
  readonly isPartition: boolean
  readonly columns: string
}

const KINDS: Readonly<Record<string, RelationKind>> = {
  r: 'table',
  p: 'partitioned table',
  f: 'foreign table',
  v: 'view',
  m: 'materialized view',
  i: 'index',
  I: 'partitioned index',
  S: 'sequence',
  c: 'composite type',
}

const SYSTEM = `n.nspname IN ('pg_catalog', 'information_schema', 'pg_toast') OR n.nspname ~ '^pg_(toast_)?temp'`

/** All relations outside of the system schemas by oid, in order of creation, with their exact number of rows. */
export async function readRelations(client: Client): Promise<ReadonlyMap<number, Relation>> {
  const { rows } = await client.query<Omit<Relation, 'kind' | 'rows'> & { relkind: string }>(`
    SELECT c.oid::int AS oid, c.relname AS name, n.nspname AS schema, c.relkind::text AS relkind,
      c.relfilenode::int AS filenode, c.relispartition AS "isPartition", i.indrelid::int AS table,
      CASE WHEN c.relkind IN ('r', 'm') THEN (pg_relation_size(c.oid) / 8192)::int ELSE 0 END AS pages,
      ARRAY(SELECT inhparent::int FROM pg_inherits WHERE inhrelid = c.oid) AS parents,
      coalesce((SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
        WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = ''), '') AS columns
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_index i ON i.indexrelid = c.oid
    WHERE NOT (${SYSTEM}) AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = c.oid AND deptype = 'e')
    ORDER BY c.oid`)
  const relations = new Map<number, Relation>()
  for (const { relkind, ...row } of rows) {
    const kind = KINDS[relkind]
    if (!kind) continue
    let count = 0
    if (row.pages > 0) {
      const counted = await client.query<{ n: number }>(
        `SELECT count(*)::int AS n FROM ONLY "${row.schema}"."${row.name}"`,
      )
      count = counted.rows[0]?.n ?? 0
    }
    relations.set(row.oid, { ...row, kind, rows: count })
  }
  return relations
}

/** The name in reports: without the schema when that is `app`. */
export function nameOf(relation: Relation): string {
  return relation.schema === 'app' ? relation.name : `${relation.schema}.${relation.name}`
}
