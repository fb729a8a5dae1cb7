import { lookUp } from '../../parse/look-up.ts'
import type { TableName } from '../../systems/tracking/table-names.ts'
import { jsonOf, type Session, unexpected } from './session.ts'

/** A table, or what can be read like one. */
export interface Found {
  readonly schema: string
  readonly name: string
  /** True if the search path finds it. */
  readonly visible: boolean
  /** The columns that were asked for and exist: true if the column is an array. */
  readonly columns: ReadonlyMap<string, boolean>
  /** The reason why it is not read, a clause that follows its name; null: reading it runs nobody's code. */
  readonly refused: string | null
}

export interface Sought extends TableName {
  /** Columns that are read if they exist. */
  readonly columns: readonly string[]
  /** True if the user named both schema and table: then their owners are trusted. */
  readonly vouched: boolean
}

/** The number of tables of one name that are looked at. */
export const TABLES = 100

/** Names that were written without quotes are in lower case in the catalog. Tables in the expected place come first. */
export async function tablesNamed(session: Session, sought: Sought): Promise<Found[]> {
  const rows = await session.rows(
    FIND,
    ['facts'],
    [sought.name, sought.schema, JSON.stringify(session.path), JSON.stringify(sought.columns)],
  )
  const all = rows.map(({ facts }) => factsIn(facts ?? null))
  return all
    .filter(({ kind }) => lookUp(kinds, kind) !== undefined || kind === 'r')
    .map(facts => ({
      schema: facts.schema,
      name: facts.name,
      visible: facts.place !== null && !all.some(other => other.name === facts.name && isBefore(other, facts)),
      columns: new Map(facts.columns.map(({ name, array }) => [name, array])),
      refused: refusalOf(facts, sought.vouched),
    }))
}

/**
 * Asks in one statement for everything that decides whether reading a table runs code. Relations of other sessions are
 * not anybody's record. An owner is trusted as the guidance to CVE-2018-1058 says: the caller, the database's owner and
 * superusers. Being a member of the owner's role is not enough, because others may be members, too. PostgreSQL computes
 * expressions of indexes and of extended statistics while it plans a SELECT (RelationGetIndexExpressions,
 * get_relation_statistics), so these must depend only on what belongs to PostgreSQL itself.
 */
const FIND = `SELECT json_build_object(
       'schema', n.nspname, 'name', c.relname, 'kind', c.relkind, 'place', p.place,
       'owner', o.rolname, 'owned', o.rolsuper OR o.oid = d.datdba OR o.rolname IN (current_user, 'pg_database_owner'),
       'schemaOwner', s.rolname, 'schemaOwned', s.rolsuper OR s.oid = d.datdba OR s.rolname IN (current_user, 'pg_database_owner'),
       'usage', has_schema_privilege(n.oid, 'USAGE'),
       'secured', row_security_active(c.oid),
       'related', c.relispartition OR EXISTS (SELECT FROM pg_inherits i WHERE i.inhparent = c.oid),
       'virtual', EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attgenerated = 'v'),
       'computes', EXISTS (
         SELECT FROM pg_depend x
          WHERE x.refclassid IN ('pg_proc'::regclass, 'pg_operator'::regclass, 'pg_type'::regclass, 'pg_opclass'::regclass, 'pg_opfamily'::regclass)
            AND (x.classid, x.objid) IN (
              SELECT 'pg_class'::regclass, i.indexrelid FROM pg_index i WHERE i.indrelid = c.oid
              UNION ALL SELECT 'pg_statistic_ext'::regclass, e.oid FROM pg_statistic_ext e WHERE e.stxrelid = c.oid)),
       'columns', coalesce((
         SELECT json_agg(json_build_object(
                  'name', a.attname, 'type', t.typname, 'of', tn.nspname, 'array', t.typcategory = 'A',
                  'select', has_column_privilege(c.oid, a.attnum, 'SELECT')))
           FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid JOIN pg_namespace tn ON tn.oid = t.typnamespace
          WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
            AND a.attname::text IN (SELECT json_array_elements_text($4::json))), '[]'))::text AS facts
  FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_roles o ON o.oid = c.relowner
  JOIN pg_roles s ON s.oid = n.nspowner
  JOIN pg_database d ON d.datname = current_database()
  LEFT JOIN (SELECT schema, min(place) AS place FROM json_array_elements_text($3::json) WITH ORDINALITY AS path(schema, place) GROUP BY schema) p
    ON p.schema = n.nspname::text
 WHERE c.relname::text IN ($1::text, lower($1::text)) AND c.relpersistence <> 't'
 ORDER BY c.relname::text <> $1::text, n.nspname::text <> $2::text, p.place, n.nspname::text
 LIMIT ${TABLES + 1}`

interface Facts {
  readonly schema: string
  readonly name: string
  readonly kind: string
  /** The place in the search path, from 1. */
  readonly place: number | null
  readonly owner: string
  readonly owned: boolean
  readonly schemaOwner: string
  readonly schemaOwned: boolean
  readonly usage: boolean
  readonly secured: boolean
  readonly related: boolean
  readonly virtual: boolean
  readonly computes: boolean
  readonly columns: readonly {
    readonly name: string
    readonly type: string
    readonly of: string
    readonly array: boolean
    readonly select: boolean
  }[]
}

/** A server that is not PostgreSQL may answer anything. */
function factsIn(text: string | null): Facts {
  const facts = jsonOf(text) as Facts | null
  const names = [facts?.schema, facts?.name, facts?.kind, facts?.owner, facts?.schemaOwner]
  const columns = facts?.columns
  if (facts === null || !names.every(name => typeof name === 'string') || !Array.isArray(columns)) throw unexpected()
  if (!columns.every(column => [column?.name, column?.type, column?.of].every(name => typeof name === 'string')))
    throw unexpected()
  return facts
}

function isBefore({ place }: Facts, other: Facts): boolean {
  return place !== null && (other.place === null || place < other.place)
}

/**
 * Relations that can be read like a table but run or hide something when they are. Materialized views hold data, but no
 * tool keeps its record in one.
 */
const kinds: Readonly<Record<string, string>> = {
  v: 'is a view',
  m: 'is a materialized view',
  f: 'is a foreign table',
  p: 'is partitioned',
}

/** Types whose values become text by PostgreSQL's own code alone. Domains are left out: they may have functions. */
const types = new Set(
  'bool bytea int2 int4 int8 oid float4 float8 numeric text varchar bpchar char name date time timetz timestamp timestamptz json jsonb uuid'
    .split(' ')
    .flatMap(type => [type, `_${type}`]),
)

function refusalOf(facts: Facts, vouched: boolean): string | null {
  const kind = lookUp(kinds, facts.kind)
  if (kind !== undefined) return `${kind} of ${facts.owner}`
  const strangers = [
    ...(facts.owned ? [] : [`belongs to ${facts.owner}`]),
    ...(facts.schemaOwned ? [] : [`is in a schema of ${facts.schemaOwner}`]),
  ]
  const [stranger] = vouched ? [] : strangers
  if (stranger !== undefined) return `${stranger}, who is neither you, nor the database's owner, nor a superuser`
  if (facts.virtual) return `has a column that ${facts.owner} computes when it is read`
  if (facts.computes) return `has an index or statistics that run functions of ${facts.owner}`
  const odd = facts.columns.find(({ type, of }) => of !== 'pg_catalog' || !types.has(type))
  if (odd)
    return `belongs to ${facts.owner}, and its column ${odd.name} is of type ${odd.of}.${odd.type}, not a plain one of PostgreSQL`
  if (facts.related) return `belongs to ${facts.owner}, and shares its rows with partitions or tables that inherit`
  if (!facts.usage || facts.columns.some(({ select }) => !select))
    return `belongs to ${facts.owner}, and you may not read it (it needs SELECT, and USAGE on its schema)`
  return facts.secured ? `belongs to ${facts.owner}, and row-level security may hide rows of it from you` : null
}
