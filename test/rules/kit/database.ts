import { PGlite } from '@electric-sql/pglite'
import { btree_gist } from '@electric-sql/pglite/contrib/btree_gist'
import { citext } from '@electric-sql/pglite/contrib/citext'
import { hstore } from '@electric-sql/pglite/contrib/hstore'
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm'
import { pgcrypto } from '@electric-sql/pglite/contrib/pgcrypto'
import { uuid_ossp } from '@electric-sql/pglite/contrib/uuid_ossp'
import { type LockMode, strongest } from '../../../src/postgres/lock.ts'

export interface RelationState {
  readonly oid: number
  /** Qualified unless in `public`, as the model prints it. */
  readonly name: string
  /** pg_class.relkind. */
  readonly kind: string
  readonly filenode: number
}

/** PostgreSQL 18 in this process, emptied between examples. */
export class Database {
  #server: PGlite

  private constructor(server: PGlite) {
    this.#server = server
  }

  static async start(): Promise<Database> {
    return new Database(
      await PGlite.create({ extensions: { btree_gist, citext, hstore, pg_trgm, pgcrypto, uuid_ossp } }),
    )
  }

  stop(): Promise<void> {
    return this.#server.close()
  }

  /** Runs one statement. Returns the SQLSTATE with which it fails; null: it succeeds. */
  async run(sql: string): Promise<string | null> {
    try {
      await this.#server.exec(sql)
      return null
    } catch (error) {
      if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code
      throw error
    }
  }

  /** The rows of one query, by the simple protocol: one call into the server instead of five. */
  async #rows<Row>(sql: string): Promise<Row[]> {
    const results = await this.#server.exec(sql)
    return (results[0]?.rows ?? []) as Row[]
  }

  async reset(): Promise<void> {
    await this.run('ROLLBACK')
    await this.run('DISCARD ALL')
    await this.#server.exec(`
      DO $$
      DECLARE name text;
      BEGIN
        FOR name IN SELECT pubname FROM pg_publication LOOP EXECUTE format('DROP PUBLICATION %I', name); END LOOP;
        FOR name IN SELECT evtname FROM pg_event_trigger LOOP EXECUTE format('DROP EVENT TRIGGER %I', name); END LOOP;
        FOR name IN SELECT extname FROM pg_extension WHERE extname <> 'plpgsql' LOOP
          EXECUTE format('DROP EXTENSION %I CASCADE', name);
        END LOOP;
        FOR name IN SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' LOOP
          EXECUTE format('DROP SCHEMA %I CASCADE', name);
        END LOOP;
        FOR name IN SELECT rolname FROM pg_roles WHERE oid >= 16384 LOOP
          EXECUTE format('DROP OWNED BY %I CASCADE', name);
          EXECUTE format('DROP ROLE %I', name);
        END LOOP;
        CREATE SCHEMA public;
      END $$;
      SET TimeZone = 'UTC'`)
  }

  /** Every relation outside of the system's schemas, by oid. */
  async relations(): Promise<Map<number, RelationState>> {
    const rows = await this.#rows<RelationState>(`
      SELECT c.oid::int, c.relkind AS kind, c.relfilenode::int AS filenode,
        CASE WHEN n.nspname = 'public' THEN '' ELSE n.nspname || '.' END || c.relname AS name
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
      ORDER BY c.oid`)
    return new Map(rows.map(row => [row.oid, row]))
  }

  /** The strongest lock on each relation that this transaction holds. */
  async locks(): Promise<Map<number, LockMode>> {
    const rows = await this.#rows<{ relation: number; mode: LockMode }>(
      "SELECT relation::int, mode FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'relation'",
    )
    const held = new Map<number, LockMode>()
    for (const { relation, mode } of rows) held.set(relation, strongest(held.get(relation) ?? null, mode) ?? mode)
    return held
  }

  /** The number of rows of each table that sequential scans of this session have read since its counters were last collected. */
  async rowsRead(): Promise<Map<number, number>> {
    const rows = await this.#rows<{ oid: number; count: number }>(`
      SELECT oid::int, pg_stat_get_xact_tuples_returned(oid)::int AS count FROM pg_class WHERE relkind = 'r' AND oid >= 16384`)
    return new Map(rows.map(({ oid, count }) => [oid, count]))
  }

  /** Fills every empty table that accepts rows, so that scans can be seen. Returns the tables that have rows afterwards. */
  async fill(): Promise<Set<number>> {
    const tables = await this.#rows<{ oid: number; name: string; columns: string; values: string }>(fillers)
    const filled = new Set<number>()
    // Tables that refer to others accept rows once those have some.
    for (let round = 0; round < 3; round++) {
      for (const { oid, name, columns, values } of tables) {
        if (filled.has(oid)) continue
        const insert =
          columns === '' ? '' : `INSERT INTO ${name} (${columns}) SELECT ${values} FROM generate_series(1, 100) AS g`
        const rows = await this.#rows(`SELECT FROM ${name} LIMIT 1`)
        if (rows.length > 0 || (insert !== '' && (await this.run(insert)) === null)) filled.add(oid)
      }
    }
    // Not the whole database: its catalogs are larger than anything here.
    if (tables.length > 0) await this.#server.exec(`ANALYZE ${tables.map(({ name }) => name).join(', ')}`)
    return filled
  }
}

// One row per table: the columns that can be written, with an expression over g for each, by the column's type.
const fillers = `
  SELECT c.oid::int, c.oid::regclass::text AS name,
    coalesce(string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum), '') AS columns,
    coalesce(string_agg(CASE
      WHEN t.typtype = 'e' THEN (SELECT quote_literal(min(e.enumlabel)) FROM pg_enum e WHERE e.enumtypid = t.oid) || '::' || t.oid::regtype
      WHEN t.typcategory = 'N' THEN 'g'
      WHEN t.typcategory = 'B' THEN 'g % 2 = 0'
      WHEN t.oid = 'date'::regtype THEN 'date ''2026-01-01'' + g'
      WHEN t.typcategory = 'D' THEN 'timestamptz ''2026-01-01'' + g * interval ''1 hour'''
      WHEN t.oid = 'uuid'::regtype THEN 'gen_random_uuid()'
      WHEN t.oid IN ('json'::regtype, 'jsonb'::regtype) THEN '''{}''::' || t.oid::regtype
      WHEN t.typcategory = 'S' THEN 'g::text'
      WHEN t.typcategory = 'A' THEN '''{}'''
      WHEN t.typcategory = 'T' THEN 'g * interval ''1 hour'''
      WHEN t.oid = 'bytea'::regtype THEN 'g::text::bytea'
      ELSE 'NULL' END, ', ' ORDER BY a.attnum), '') AS values
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' AND a.attidentity <> 'a'
    LEFT JOIN pg_type t ON t.oid = a.atttypid
  WHERE c.relkind = 'r' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  GROUP BY c.oid ORDER BY c.oid`
