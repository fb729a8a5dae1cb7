import type { FileRelation, relationKinds } from '../../lint/sizes/statistics.ts'
import type { Row } from '../../systems/tracking/tracking.ts'
import { type Session, unexpected } from './session.ts'

/** More relations than any database has that people migrate. */
const most = 200_000
const batch = 2_000

const kinds: ReadonlyMap<string, (typeof relationKinds)[number]> = new Map([
  ['r', 'table'],
  ['p', 'partitioned table'],
  ['m', 'materialized view'],
  ['i', 'index'],
  ['I', 'partitioned index'],
] as const)

export interface Sizes {
  readonly relations: readonly FileRelation[]
  /** False: the role may not read how much is written. */
  readonly knowsWrites: boolean
}

/** Functions of the statistics collector, which a database may take away from a role. */
const counters = ['pg_stat_get_tuples_inserted', 'pg_stat_get_tuples_updated', 'pg_stat_get_tuples_deleted'] as const

/**
 * The tables and indexes of the database, without those of PostgreSQL itself and temporary ones, by name. One query on the catalog; every name
 * in it is that of pg_catalog, so that it runs nobody's code. Throws a Failure if there are too many.
 */
export async function relationSizes(session: Session): Promise<Sizes> {
  const needed = [
    ...counters.map(name => `${name}(oid)`),
    'pg_stat_get_db_stat_reset_time(oid)',
    'pg_postmaster_start_time()',
  ]
  const [may] = await session.rows(
    `SELECT pg_catalog.bool_and(pg_catalog.has_function_privilege(pg_catalog.concat('pg_catalog.', name), 'EXECUTE'))::pg_catalog.text AS may
       FROM pg_catalog.unnest(ARRAY[${needed.map(name => `'${name}'`).join(', ')}]::pg_catalog.text[]) AS name`,
    ['may'],
  )
  const knowsWrites = may?.may === 'true'
  const writes = counters.map(name => `pg_catalog.${name}(c.oid)`).join(' OPERATOR(pg_catalog.+) ')
  // Since the counters began, or at least since the server did.
  const since = `COALESCE((SELECT pg_catalog.pg_stat_get_db_stat_reset_time(d.oid) FROM pg_catalog.pg_database AS d
       WHERE d.datname OPERATOR(pg_catalog.=) pg_catalog.current_database()), pg_catalog.pg_postmaster_start_time())`
  const seconds = `GREATEST(1, pg_catalog.date_part('epoch', pg_catalog.now() OPERATOR(pg_catalog.-) ${since}))`
  const wanted = [
    `n.nspname::pg_catalog.text AS schema`,
    `c.relname::pg_catalog.text AS name`,
    `c.relkind::pg_catalog.text AS kind`,
    `c.reltuples::pg_catalog.float8::pg_catalog.text AS rows`,
    `${size('c.oid')}::pg_catalog.text AS bytes`,
    `(CASE WHEN c.reltoastrelid OPERATOR(pg_catalog.<>) 0 THEN ${size('c.reltoastrelid')} ELSE 0 END)::pg_catalog.text AS toast`,
    `(CASE WHEN c.relkind OPERATOR(pg_catalog.=) ANY (ARRAY['r', 'm']::pg_catalog."char"[]) THEN (SELECT pg_catalog.sum(${size('i.indexrelid')}) FROM pg_catalog.pg_index AS i
       WHERE i.indrelid OPERATOR(pg_catalog.=) c.oid) END)::pg_catalog.text AS indexes`,
    `(CASE WHEN c.relkind OPERATOR(pg_catalog.=) 'r' THEN ${knowsWrites ? `(${writes})::pg_catalog.float8 OPERATOR(pg_catalog./) ${seconds}` : 'NULL::pg_catalog.float8'} END)::pg_catalog.text AS writes`,
    `pn.nspname::pg_catalog.text AS parentschema`,
    `p.relname::pg_catalog.text AS parent`,
  ]
  const columns = ['schema', 'name', 'kind', 'rows', 'bytes', 'toast', 'indexes', 'writes', 'parentschema', 'parent']
  await session.run(`DECLARE sizes NO SCROLL CURSOR FOR SELECT ${wanted.join(', ')}
    FROM pg_catalog.pg_class AS c
    JOIN pg_catalog.pg_namespace AS n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
    LEFT JOIN pg_catalog.pg_inherits AS h ON c.relispartition AND h.inhrelid OPERATOR(pg_catalog.=) c.oid
    LEFT JOIN pg_catalog.pg_class AS p ON p.oid OPERATOR(pg_catalog.=) h.inhparent
    LEFT JOIN pg_catalog.pg_namespace AS pn ON pn.oid OPERATOR(pg_catalog.=) p.relnamespace
    WHERE c.relkind OPERATOR(pg_catalog.=) ANY (ARRAY['r', 'p', 'm', 'i', 'I']::pg_catalog."char"[])
      AND c.relpersistence OPERATOR(pg_catalog.<>) 't'
      AND n.nspname OPERATOR(pg_catalog.<>) ALL (ARRAY['pg_catalog', 'information_schema', 'pg_toast']::pg_catalog.name[])
    ORDER BY n.nspname, c.relname LIMIT ${most + 1}`)
  const relations: FileRelation[] = []
  for (;;) {
    const rows = await session.rows(`FETCH ${batch} FROM sizes`, columns)
    for (const row of rows) relations.push(relationIn(row))
    if (relations.length > most) throw unexpected()
    if (rows.length < batch) break
  }
  await session.run('CLOSE sizes')
  return { relations, knowsWrites }
}

/** The bytes of its main fork: it needs no rights. Null for a relation that is dropped in the meantime. */
function size(oid: string): string {
  return `COALESCE(pg_catalog.pg_relation_size(${oid}::pg_catalog.regclass, 'main'), 0)`
}

function relationIn(row: Row): FileRelation {
  const kind = kinds.get(row.kind ?? '')
  const bytes = figure(row.bytes) + figure(row.toast)
  const rows = row.rows === null ? -1 : Number(row.rows)
  if (kind === undefined || !row.schema || !row.name || !Number.isFinite(rows)) throw unexpected()
  const isTable = kind === 'table' || kind === 'materialized view'
  // Before 14, 0 also means that it was never analysed.
  const isCounted = isTable && rows >= 0 && (rows > 0 || bytes === 0)
  return {
    name: `${row.schema}.${row.name}`,
    kind,
    ...(isCounted && { rows: Math.round(rows) }),
    bytes,
    ...(isTable && row.indexes !== null && { indexBytes: figure(row.indexes) }),
    ...(row.writes !== null &&
      row.writes !== undefined && { writesPerSecond: Number(figure(row.writes).toPrecision(3)) }),
    ...(row.parent && row.parentschema && { partitionOf: `${row.parentschema}.${row.parent}` }),
  }
}

function figure(text: string | null | undefined): number {
  const value = Number(text ?? 0)
  if (!Number.isFinite(value) || value < 0) throw unexpected()
  return value
}
