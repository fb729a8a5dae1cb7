import type { RelationKind } from '../../postgres/catalog/catalog.ts'
import { type LockMode, strongest } from '../../postgres/lock.ts'
import type { HeldLock, Row, Session } from './session.ts'

/** A relation of the migrations, as the server's catalog has it at one moment. */
export interface ServerRelation {
  readonly oid: string
  readonly schema: string
  readonly name: string
  readonly kind: RelationKind
  /** The file that its rows are in; '0': it has none of its own. */
  readonly file: string
  /** Of an index: the oid of its table. */
  readonly table: string | null
  /** The oids of those that it is a partition or a child of. */
  readonly parents: readonly string[]
  /** Others cannot see it. */
  readonly isTemporary: boolean
}

export type Relations = ReadonlyMap<string, ServerRelation>

/** What has been read of a relation: rows by scans of the whole of it, rows through an index (counted at the index), pages by anything. */
export interface Reads {
  readonly returned: number
  readonly fetched: number
  readonly pages: number
}

const kinds: ReadonlyMap<string, RelationKind> = new Map([
  ['r', 'table'],
  ['p', 'partitioned table'],
  ['f', 'foreign table'],
  ['v', 'view'],
  ['m', 'materialized view'],
  ['i', 'index'],
  ['I', 'partitioned index'],
  ['S', 'sequence'],
  ['c', 'composite type'],
])

/** The relations of PostgreSQL itself are not meant, nor those that hold long values of others. */
const own = "nspname NOT IN ('pg_catalog', 'information_schema') AND nspname !~ '^pg_toast'"

const relationsQuery = `
  SELECT c.oid, nspname, relname, relkind, relfilenode, indrelid, relpersistence,
    (SELECT pg_catalog.string_agg(inhparent::pg_catalog.text, ' ' ORDER BY inhseqno) FROM pg_catalog.pg_inherits WHERE inhrelid = c.oid)
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = relnamespace
  LEFT JOIN pg_catalog.pg_index ON indexrelid = c.oid
  WHERE relkind IN ('r', 'p', 'f', 'v', 'm', 'i', 'I', 'S', 'c') AND ${own}`

/** All relations of the migrations, by oid. The query locks nothing but relations of PostgreSQL itself. */
export async function relationsIn(session: Session): Promise<Relations> {
  const rows = await session.send(relationsQuery)
  return new Map(rows.flatMap(row => relationOf(row)).map(relation => [relation.oid, relation]))
}

function relationOf([oid, schema, name, letter, file, table, persistence, parents]: Row): ServerRelation[] {
  const kind = kinds.get(letter ?? '')
  if (!oid || schema == null || name == null || !kind) return []
  const isTemporary = persistence === 't'
  return [
    {
      oid,
      schema: isTemporary ? 'pg_temp' : schema,
      name,
      kind,
      file: file ?? '0',
      table: table ?? null,
      parents: parents?.split(' ') ?? [],
      isTemporary,
    },
  ]
}

/** Relations whose rows a statement may copy, and indexes that it may build again. */
const copied: ReadonlySet<RelationKind> = new Set(['table', 'materialized view', 'index'])

/** True if a relation has another file now, and so was written again. An index that was dropped and built again is found by its name. */
export function hasNewFile({ oid, schema, name, kind, file }: ServerRelation, after: Relations): boolean {
  if (file === '0' || !copied.has(kind)) return false
  const now = after.get(oid) ?? (kind === 'index' ? namedIn(after).get(`${schema} ${name}`) : undefined)
  return now !== undefined && now.file !== file
}

const namesOf = new WeakMap<Relations, ReadonlyMap<string, ServerRelation>>()

function namedIn(relations: Relations): ReadonlyMap<string, ServerRelation> {
  const known = namesOf.get(relations)
  if (known) return known
  const names = new Map([...relations.values()].map(each => [`${each.schema} ${each.name}`, each]))
  namesOf.set(relations, names)
  return names
}

/**
 * What has been read of relations, by oid; those of which nothing was read are left out. `of`: what this session has read and not reported yet,
 * in its transaction and shortly before it; or what the sessions of all have reported.
 */
export async function readsIn(session: Session, of: 'session' | 'all'): Promise<ReadonlyMap<string, Reads>> {
  const counter = (what: string) => `pg_catalog.pg_stat_get_${of === 'session' ? 'xact_' : ''}${what}(c.oid)`
  const rows = await session.send(`
    SELECT oid, returned, fetched, pages
    FROM (SELECT c.oid, ${counter('tuples_returned')} AS returned, ${counter('tuples_fetched')} AS fetched, ${counter('blocks_fetched')} AS pages
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = relnamespace WHERE relkind IN ('r', 'm', 'i') AND ${own}) read
    WHERE returned + fetched + pages > 0`)
  return new Map(
    rows.map(([oid, returned, fetched, pages]) => [
      oid ?? '',
      { returned: Number(returned), fetched: Number(fetched), pages: Number(pages) },
    ]),
  )
}

/** The locks on relations that a backend has, or also those that it waits for. `backend`: its process id; null: the session's own. */
export async function locksOf(
  session: Session,
  backend: string | null,
  which: 'held' | 'held or wanted' = 'held',
): Promise<readonly HeldLock[]> {
  const rows = await session.send(
    `SELECT relation, mode, granted FROM pg_catalog.pg_locks
     WHERE locktype = 'relation' AND pid = ${backend ?? 'pg_catalog.pg_backend_pid()'}${which === 'held' ? ' AND granted' : ''}`,
  )
  return rows.flatMap(([oid, mode, granted]) =>
    oid && mode ? [{ oid, mode: mode as LockMode, isWanted: granted === 'f' }] : [],
  )
}

/** The strongest of the locks on each relation. */
export function strongestOf(locks: readonly HeldLock[]): ReadonlyMap<string, LockMode> {
  const all = new Map<string, LockMode>()
  for (const { oid, mode } of locks) all.set(oid, strongest(all.get(oid) ?? null, mode) ?? mode)
  return all
}

export async function backendOf(session: Session): Promise<string> {
  const [row] = await session.send('SELECT pg_catalog.pg_backend_pid()')
  return row?.[0] ?? '0'
}
