import type { RelationKind } from '../../postgres/catalog/catalog.ts'
import type { LockMode } from '../../postgres/lock.ts'
import type { Row, Session } from './session.ts'

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
  /** The rows that this transaction has read in scans of the whole relation. */
  readonly read: number
  /** Others cannot see it. */
  readonly isTemporary: boolean
}

export interface HeldLock {
  readonly oid: string
  readonly mode: LockMode
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
  SELECT c.oid, nspname, relname, relkind, relfilenode, indrelid, coalesce(pg_catalog.pg_stat_get_xact_tuples_returned(c.oid), 0), relpersistence
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = relnamespace
  LEFT JOIN pg_catalog.pg_index ON indexrelid = c.oid
  WHERE relkind IN ('r', 'p', 'f', 'v', 'm', 'i', 'I', 'S', 'c') AND ${own}`

/** All relations of the migrations, by oid. The query locks nothing but relations of PostgreSQL itself. */
export async function relationsIn(session: Session): Promise<ReadonlyMap<string, ServerRelation>> {
  const rows = await session.send(relationsQuery)
  return new Map(rows.flatMap(row => relationOf(row)).map(relation => [relation.oid, relation]))
}

function relationOf([oid, schema, name, letter, file, table, read, persistence]: Row): ServerRelation[] {
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
      read: Number(read),
      isTemporary,
    },
  ]
}

/** The locks on relations that a backend holds. `backend`: its process id; null: the session's own. */
export async function locksOf(session: Session, backend: string | null): Promise<readonly HeldLock[]> {
  const rows = await session.send(
    `SELECT relation, mode FROM pg_catalog.pg_locks
     WHERE locktype = 'relation' AND granted AND pid = ${backend ?? 'pg_catalog.pg_backend_pid()'}`,
  )
  return rows.flatMap(([oid, mode]) => (oid && mode ? [{ oid, mode: mode as LockMode }] : []))
}

export async function backendOf(session: Session): Promise<string> {
  const [row] = await session.send('SELECT pg_catalog.pg_backend_pid()')
  return row?.[0] ?? '0'
}
