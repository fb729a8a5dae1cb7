import type { Client } from 'pg'
import type { Server } from '../servers/server.ts'

export type Volatility = 'immutable' | 'stable' | 'volatile'

export interface FunctionRow {
  readonly name: string
  readonly arguments: readonly string[]
  readonly volatility: Volatility
  readonly kind: 'function' | 'procedure' | 'aggregate' | 'window'
  readonly returnsSet: boolean
  readonly returns: string
}

export interface TypeRow {
  readonly name: string
  readonly kind: string
  readonly category: string
  readonly preferred: boolean
  readonly collatable: boolean
}

export interface CastRow {
  readonly source: string
  readonly target: string
  readonly context: 'implicit' | 'assignment' | 'explicit'
  readonly method: 'function' | 'binary' | 'inout'
  readonly function: string | null
  readonly volatility: Volatility | null
  readonly support: string | null
}

export interface OperatorClassRow {
  readonly type: string
  readonly method: string
  readonly name: string
  readonly input: string
}

/** The objects of pg_catalog (without an extension) or of one extension. */
export interface Objects {
  readonly functions: readonly FunctionRow[]
  readonly types: readonly TypeRow[]
  readonly casts: readonly CastRow[]
  /** Default ones only. */
  readonly operatorClasses: readonly OperatorClassRow[]
  /** All operator classes, default or not, by access method. */
  readonly operatorClassNames: readonly { readonly method: string; readonly names: readonly string[] }[]
  readonly accessMethods: readonly string[]
}

export interface CatalogueReading {
  readonly version: string
  readonly builtin: Objects
  readonly relations: readonly string[]
  readonly schemas: readonly string[]
  readonly extensions: ReadonlyMap<string, Objects>
}

// Procedural languages need their interpreter; sepgsql and the like are not part of these builds.
const NO_EXTENSION = /^(pl|.*_pl)/

/** Reads the catalogs of one server. Installs every contrib extension into a scratch database of its own. */
export async function readCatalogue(server: Server): Promise<CatalogueReading> {
  const client = await server.connect()
  try {
    const version: string = (await client.query('SHOW server_version')).rows[0].server_version
    const builtin = await readObjects(client, null)
    const relations = await names(
      client,
      `SELECT relname AS name FROM pg_class WHERE relnamespace = 'pg_catalog'::regnamespace AND relkind IN ('r', 'v')`,
    )
    const schemas = await names(client, `SELECT nspname AS name FROM pg_namespace WHERE nspname <> 'public'`)
    const extensions = new Map<string, Objects>()
    for (const extension of await names(client, 'SELECT name FROM pg_available_extensions')) {
      if (!NO_EXTENSION.test(extension)) extensions.set(extension, await readExtension(server, client, extension))
    }
    return { version, builtin, relations, schemas, extensions }
  } finally {
    await client.end()
  }
}

async function names(client: Client, sql: string): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(sql)
  return rows.map(row => row.name).sort()
}

async function readExtension(server: Server, client: Client, extension: string): Promise<Objects> {
  await client.query('CREATE DATABASE scratch')
  const scratch = await server.connect('scratch')
  try {
    await scratch.query(`CREATE EXTENSION "${extension}" CASCADE`)
    return await readObjects(scratch, extension)
  } finally {
    await scratch.end()
    await client.query('DROP DATABASE scratch')
  }
}

const VOLATILITY = `CASE p.provolatile WHEN 'i' THEN 'immutable' WHEN 's' THEN 'stable' ELSE 'volatile' END`

async function readObjects(client: Client, extension: string | null): Promise<Objects> {
  const ours = (catalog: string, schema?: string) =>
    extension === null
      ? schema
        ? `${schema} = 'pg_catalog'::regnamespace`
        : 'true'
      : `EXISTS (SELECT FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid AND d.refclassid = 'pg_extension'::regclass
           WHERE d.classid = '${catalog}'::regclass AND d.objid = x.oid AND d.deptype = 'e' AND e.extname = '${extension}')`
  const rows = async <T extends object>(sql: string) => (await client.query<T>(sql)).rows

  // Support functions (internal, cstring) cannot be called from SQL.
  const functions = await rows<FunctionRow>(`
    SELECT p.proname AS name, ${VOLATILITY} AS volatility, p.proretset AS "returnsSet",
      ARRAY(SELECT t.typname::text FROM unnest(p.proargtypes::oid[]) WITH ORDINALITY a (oid, n) JOIN pg_type t USING (oid) ORDER BY n) AS arguments,
      CASE p.prokind WHEN 'a' THEN 'aggregate' WHEN 'w' THEN 'window' WHEN 'p' THEN 'procedure' ELSE 'function' END AS kind,
      (SELECT typname FROM pg_type WHERE oid = p.prorettype) AS returns
    FROM pg_proc p, LATERAL (SELECT p.oid) x
    WHERE ${ours('pg_proc', 'p.pronamespace')}
      AND NOT (p.proargtypes::oid[] && ARRAY['internal'::regtype::oid, 'cstring'::regtype::oid])
      AND p.prorettype NOT IN ('internal'::regtype, 'cstring'::regtype)
    ORDER BY p.proname COLLATE "C", p.proargtypes`)

  const types = await rows<TypeRow>(`
    SELECT typname AS name, typcategory AS category, typispreferred AS preferred, typcollation <> 0 AS collatable,
      CASE typtype WHEN 'b' THEN 'base' WHEN 'c' THEN 'composite' WHEN 'd' THEN 'domain' WHEN 'e' THEN 'enum'
        WHEN 'p' THEN 'pseudo' WHEN 'r' THEN 'range' ELSE 'multirange' END AS kind
    FROM pg_type x WHERE ${ours('pg_type', 'typnamespace')} AND typrelid = 0
      AND NOT (typcategory = 'A' AND typname LIKE '\\_%')
    ORDER BY typname COLLATE "C"`)

  const casts = await rows<CastRow>(`
    SELECT s.typname AS source, t.typname AS target, p.proname AS function,
      CASE x.castcontext WHEN 'i' THEN 'implicit' WHEN 'a' THEN 'assignment' ELSE 'explicit' END AS context,
      CASE x.castmethod WHEN 'f' THEN 'function' WHEN 'b' THEN 'binary' ELSE 'inout' END AS method,
      CASE WHEN p.oid IS NOT NULL THEN ${VOLATILITY} END AS volatility,
      (SELECT proname FROM pg_proc WHERE oid = p.prosupport) AS support
    FROM pg_cast x JOIN pg_type s ON s.oid = castsource JOIN pg_type t ON t.oid = casttarget
      LEFT JOIN pg_proc p ON p.oid = castfunc
    WHERE ${ours('pg_cast')} ORDER BY s.typname COLLATE "C", t.typname COLLATE "C"`)

  const indexable = extension === null ? types : [...types, ...(await rows<TypeRow>(OWN_CLASSES(ours('pg_opclass'))))]
  const operatorClasses = await defaultClasses(client, extension, indexable)
  const operatorClassNames = await rows<{ method: string; names: string[] }>(`
    SELECT a.amname AS method, array_agg(DISTINCT x.opcname::text COLLATE "C") AS names
    FROM pg_opclass x JOIN pg_am a ON a.oid = x.opcmethod
    WHERE ${ours('pg_opclass')} GROUP BY a.amname ORDER BY a.amname COLLATE "C"`)
  const accessMethods = await names(client, `SELECT amname AS name FROM pg_am x WHERE ${ours('pg_am')}`)
  return { functions, types, casts, operatorClasses, operatorClassNames, accessMethods }
}

// Types of pg_catalog for which an extension adds an operator class (btree_gist, btree_gin, intarray …).
const OWN_CLASSES = (ours: string) => `
  SELECT DISTINCT t.typname AS name, 'base' AS kind FROM pg_opclass x JOIN pg_type t ON t.oid = x.opcintype
  WHERE ${ours} AND t.typnamespace = 'pg_catalog'::regnamespace`

/** The default operator classes, found by creating an index on a column of each type with each access method. */
async function defaultClasses(
  client: Client,
  extension: string | null,
  types: readonly TypeRow[],
): Promise<OperatorClassRow[]> {
  const found: OperatorClassRow[] = []
  const seen = new Set<string>()
  await client.query('BEGIN')
  for (const { name, kind } of types) {
    if (kind === 'pseudo' || seen.has(name)) continue
    seen.add(name)
    for (const method of ['btree', 'hash', 'gist', 'gin', 'spgist', 'brin']) {
      await client.query('SAVEPOINT s')
      try {
        await client.query(`CREATE TEMP TABLE t (c "${name}")`)
        await client.query(`CREATE INDEX i ON t USING ${method} (c)`)
        const { rows } = await client.query<OperatorClassRow & { extension: string | null }>(`
          SELECT '${name}' AS type, '${method}' AS method, o.opcname AS name, ty.typname AS input,
            (SELECT e.extname FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid
              WHERE d.classid = 'pg_opclass'::regclass AND d.objid = o.oid AND d.deptype = 'e') AS extension
          FROM pg_index i JOIN pg_opclass o ON o.oid = i.indclass[0] JOIN pg_type ty ON ty.oid = o.opcintype
          WHERE i.indexrelid = 'i'::regclass`)
        for (const { extension: owner, ...row } of rows) {
          if (extension === null || owner === extension || types.some(t => t.name === name && t.category))
            found.push(row)
        }
      } catch {
        // 42704: the type has no default operator class for this method
      }
      await client.query('ROLLBACK TO s')
    }
  }
  await client.query('ROLLBACK')
  return found
}
