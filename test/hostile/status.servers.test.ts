import { spawn } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Client } from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { cli, migrateLint, project, type Ran } from '../node/kit/program.ts'
import { EARLY } from '../postgres/servers/installed.ts'
import { type Server, startServer } from '../postgres/servers/server.ts'

// A role that may create schemas waits for a superuser to ask for the status. Whatever it plants under the name of a tracking table, no code of it
// runs: a marker on the server's machine would show that it did.

const files = { 'db/migrations/1_users.sql': '-- migrate:up\nSELECT 1;\n-- migrate:down\n' }

interface Attack {
  readonly what: string
  /** Run by the role `low`, in its schema `low`. */
  readonly plant: string
  /** What a superuser has done besides: before and after. */
  readonly before?: string
  readonly after?: string
  /** What the report says about `low.schema_migrations`. */
  readonly reason: RegExp
  /** Major versions that have what it needs. */
  readonly from?: number
  readonly to?: number
  /** Who asks; by default, a superuser. */
  readonly asker?: string
}

/** As after `REASSIGN OWNED` when somebody has left: the owner is trusted, and what the table computes is not. */
const handedOver = 'REASSIGN OWNED BY low TO postgres'
const trusted = 'SELECT 1'
const table = "CREATE TABLE low.schema_migrations (version varchar); INSERT INTO low.schema_migrations VALUES ('1');"
const stranger = /belongs to low, who is neither you, nor the database's owner, nor a superuser/
const plain = /is of type low\.trap, not a plain one of PostgreSQL/
const ownType = `CREATE TYPE low.trap AS (x text);
  CREATE FUNCTION low.shown(low.trap) RETURNS text LANGUAGE sql AS 'SELECT low.evil(($1).x)';
  CREATE CAST (low.trap AS text) WITH FUNCTION low.shown(low.trap);
  CREATE TABLE low.schema_migrations (version low.trap); INSERT INTO low.schema_migrations VALUES (ROW('1'))`
const ownIndex = `${table} CREATE INDEX ON low.schema_migrations ((low.evil('x')))`

const attacks: readonly Attack[] = [
  { what: 'a table', plant: table, reason: stranger },
  {
    what: 'a view',
    plant: "CREATE VIEW low.schema_migrations AS SELECT low.evil('1') AS version",
    reason: /is a view of low/,
  },
  {
    what: 'a view that a superuser owns by now',
    plant: "CREATE VIEW low.schema_migrations AS SELECT low.evil('1') AS version",
    after: handedOver,
    reason: /is a view of postgres/,
  },
  {
    what: 'a table that a rule makes a view',
    plant: `CREATE TABLE low.schema_migrations (version text);
      CREATE RULE "_RETURN" AS ON SELECT TO low.schema_migrations DO INSTEAD SELECT low.evil('1') AS version`,
    to: 15,
    reason: /is a view of low/,
  },
  {
    what: 'a materialized view',
    plant: "CREATE MATERIALIZED VIEW low.schema_migrations AS SELECT '1' AS version",
    reason: /is a materialized view of low/,
  },
  { what: 'a type with a cast', plant: ownType, reason: stranger },
  {
    what: 'a type with a cast, in a table that a superuser owns by now',
    plant: ownType,
    after: handedOver,
    reason: plain,
  },
  {
    what: 'a domain',
    plant: `CREATE DOMAIN low.trap AS text CHECK (low.evil(VALUE) IS NOT NULL);
      CREATE TABLE low.schema_migrations (version low.trap); INSERT INTO low.schema_migrations VALUES ('1')`,
    after: handedOver,
    reason: plain,
  },
  {
    what: 'an enum',
    plant: "CREATE TYPE low.trap AS ENUM ('1'); CREATE TABLE low.schema_migrations (version low.trap)",
    after: handedOver,
    reason: plain,
  },
  { what: 'an index that is computed while the query is planned', plant: ownIndex, reason: stranger },
  {
    what: 'such an index of a table that a superuser owns by now',
    plant: ownIndex,
    after: handedOver,
    reason: /has an index or statistics that run functions/,
  },
  {
    what: 'such a condition of an index',
    plant: `${table} CREATE INDEX ON low.schema_migrations (version) WHERE low.evil('x') = 'x'`,
    after: handedOver,
    reason: /has an index or statistics that run functions/,
  },
  {
    what: 'statistics that are computed while the query is planned',
    plant: `${table} CREATE STATISTICS low.s ON (low.evil('x')), version FROM low.schema_migrations`,
    after: handedOver,
    from: 14,
    reason: /has an index or statistics that run functions/,
  },
  {
    what: 'a column that is computed when it is read',
    plant:
      'CREATE TABLE low.schema_migrations (n integer, version integer GENERATED ALWAYS AS (1 / n) VIRTUAL); INSERT INTO low.schema_migrations VALUES (0)',
    after: handedOver,
    from: 18,
    reason: /has a column that postgres computes when it is read/,
  },
  {
    what: 'a foreign table',
    before:
      'CREATE FOREIGN DATA WRAPPER wrapper; CREATE SERVER elsewhere FOREIGN DATA WRAPPER wrapper; GRANT USAGE ON FOREIGN SERVER elsewhere TO low',
    plant: 'CREATE FOREIGN TABLE low.schema_migrations (version text) SERVER elsewhere',
    reason: /is a foreign table of low/,
  },
  {
    what: 'a policy',
    plant: `${table} ALTER TABLE low.schema_migrations ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
      CREATE POLICY p ON low.schema_migrations USING (low.evil(version) IS NULL); GRANT USAGE ON SCHEMA low TO PUBLIC; GRANT SELECT ON low.schema_migrations TO PUBLIC`,
    after: `${handedOver}; GRANT USAGE ON SCHEMA low TO reader; GRANT SELECT ON low.schema_migrations TO reader`,
    asker: 'reader',
    reason: /row-level security may hide rows of it from you/,
  },
  {
    what: 'a child of a table, with rows of its own',
    plant:
      "CREATE TABLE low.parent (version varchar); CREATE TABLE low.child () INHERITS (low.parent); INSERT INTO low.child VALUES ('1'); ALTER TABLE low.parent RENAME TO schema_migrations",
    after: 'ALTER TABLE low.schema_migrations OWNER TO postgres; ALTER SCHEMA low OWNER TO postgres',
    reason: /shares its rows with partitions or tables that inherit/,
  },
  {
    what: 'a partitioned table',
    plant:
      "CREATE TABLE low.schema_migrations (version varchar) PARTITION BY LIST (low.evil(version)); CREATE TABLE low.child PARTITION OF low.schema_migrations FOR VALUES IN ('1')",
    after: 'ALTER TABLE low.schema_migrations OWNER TO postgres; ALTER SCHEMA low OWNER TO postgres',
    reason: /is partitioned of postgres/,
  },
  {
    what: 'a table in a schema that its owner may put another one in',
    plant: table,
    after: 'ALTER TABLE low.schema_migrations OWNER TO postgres',
    reason: /is in a schema of low, who is neither you/,
  },
  {
    what: 'a function and an operator of public that fit better than those of PostgreSQL',
    plant: `${table}
      CREATE FUNCTION public.json_build_array(name, "char") RETURNS json LANGUAGE sql AS $$ SELECT to_json(low.evil('x')) $$;
      CREATE FUNCTION public.array_to_json(name[]) RETURNS json LANGUAGE sql AS $$ SELECT to_json(low.evil('x')) $$;
      CREATE FUNCTION public.is(oid, oid) RETURNS boolean LANGUAGE sql AS $$ SELECT low.evil('x') IS NOT NULL $$;
      CREATE OPERATOR public.<> (FUNCTION = public.is, LEFTARG = oid, RIGHTARG = oid)`,
    reason: stranger,
  },
]

describe.each([EARLY, 16, 18] as const)('PostgreSQL %s', version => {
  let server: Server
  let admin: Client
  beforeAll(async () => {
    server = await startServer(version)
  })
  afterAll(() => server.stop())

  const marker = () => join(server.scratch, 'marker')
  const url = (role: string) => `postgres://${role}@127.0.0.1:${server.port}/shop`
  const status = (role: string, ...args: readonly string[]) =>
    migrateLint(['status', '--database-url', url(role), ...args], { cwd: project(files) })
  const prose = ({ stdout }: Ran) => stdout.replace(/\s+/g, ' ')

  beforeEach(async () => {
    rmSync(marker(), { force: true })
    const root = await server.connect()
    for (const sql of ['DROP DATABASE IF EXISTS shop', 'DROP ROLE IF EXISTS low', 'DROP ROLE IF EXISTS reader'])
      await root.query(sql)
    for (const sql of [
      'CREATE ROLE low LOGIN',
      'CREATE ROLE reader LOGIN',
      'CREATE DATABASE shop',
      'GRANT CREATE ON DATABASE shop TO low',
    ])
      await root.query(sql)
    await root.end()
    admin = await server.connect('shop')
    // As it was by default up to PostgreSQL 14.
    await admin.query('GRANT CREATE ON SCHEMA public TO PUBLIC')
    return () => admin.end()
  })

  /** Functions of `low` that leave the marker once a superuser runs them. */
  async function planted({ before = trusted, plant, after = trusted }: Pick<Attack, 'before' | 'plant' | 'after'>) {
    await admin.query(before)
    // A function may say that it changes nothing, and call one that does.
    await admin.query(`SET ROLE low; CREATE SCHEMA low;
      CREATE FUNCTION low.strike() RETURNS void LANGUAGE plpgsql AS $$ BEGIN
        IF (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user)
          THEN EXECUTE $sql$COPY (SELECT 1) TO PROGRAM 'touch ${marker()}'$sql$; END IF; END $$;
      CREATE FUNCTION low.evil(text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN
        PERFORM low.strike(); RETURN $1; END $$`)
    await admin.query(plant)
    await admin.query('RESET ROLE')
    await admin.query(after)
    expect(existsSync(marker())).toBe(false)
  }

  const major = version === EARLY ? 12 : version
  const here = attacks.filter(({ from = 0, to = 99 }) => from <= major && major <= to)

  test.each(here.map(attack => [attack.what, attack] as const))('%s', async (_, attack) => {
    await planted(attack)
    const ran = await status(attack.asker ?? 'postgres')
    expect(existsSync(marker())).toBe(false)
    expect(prose(ran)).toContain('It is not known what is applied here. low.schema_migrations is not read: it ')
    expect(prose(ran)).toMatch(attack.reason)
    expect(ran.stdout).toMatch(/^0 applied, 0 pending, 1 project not known$/m)
    expect(ran.stderr).not.toContain('cannot')
    expect(ran.code).toBe(2)

    // Somebody names it: its owner is trusted then, and yet nothing of it is run.
    const named = await status(attack.asker ?? 'postgres', '--tracking-table', 'low.schema_migrations')
    expect(existsSync(marker())).toBe(false)
    if (
      attack.plant.startsWith(table) &&
      !/index|statistics|row-level/.test(attack.reason.source) &&
      !/INDEX/.test(attack.plant)
    ) {
      expect(named.stdout).toContain('1 applied, 0 pending')
      expect(named.code).toBe(0)
    } else {
      expect(named.stderr).toContain('--tracking-table: low.schema_migrations is not read: it ')
      expect(named.code).toBe(2)
    }

    // The one in its place is read, and nothing else.
    await admin.query(
      "CREATE TABLE public.schema_migrations (version varchar PRIMARY KEY); INSERT INTO schema_migrations VALUES ('1')",
    )
    const real = await status('postgres')
    expect(existsSync(marker())).toBe(false)
    expect(real.stdout).toContain('(dbmate, public.schema_migrations)')
    expect(real.code).toBe(0)
  })

  test('the name of a temporary table of another session has no meaning', async () => {
    const other = await server.connect('shop')
    await other.query('SET ROLE reader; CREATE TEMP TABLE schema_migrations (version varchar)')
    const { code, stdout } = await status('postgres')
    await other.end()
    expect(stdout).toContain('Nothing is applied here: there is no table schema_migrations in any schema.')
    expect(code).toBe(0)
  })

  test("the caller's own table is read, and one of the database's owner", async () => {
    await planted({ plant: table })
    expect((await status('low')).stdout).toContain('(dbmate, low.schema_migrations)')
    await admin.query('ALTER DATABASE shop OWNER TO low')
    expect((await status('postgres')).stdout).toContain('(dbmate, low.schema_migrations)')
  })

  test('three million rows are not read into memory', async () => {
    await admin.query('CREATE TABLE schema_migrations AS SELECT n::text AS version FROM generate_series(1, 3000000) n')
    const child = spawn(
      process.execPath,
      ['--max-old-space-size=100', cli, 'status', '--database-url', url('postgres')],
      {
        cwd: project(files),
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    )
    let said = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', text => {
        said += text
      })
    const code = await new Promise(resolve => child.on('close', resolve))
    expect(said.replace(/\s+/g, ' ')).toContain('public.schema_migrations is not read: it has more than 100,000 rows.')
    expect(code).toBe(2)
  })

  test('neither are long values, some of which may be left out', async () => {
    await admin.query(`CREATE SCHEMA supabase_migrations; CREATE TABLE supabase_migrations.schema_migrations (version text, name text, statements text[]);
      INSERT INTO supabase_migrations.schema_migrations VALUES ('20260101000000', 'long', ARRAY[repeat('x', 2000000)]), ('20260102000000', 'short', ARRAY['SELECT 1'])`)
    const cwd = project({
      'supabase/config.toml': 'project_id = "shop"\n',
      'supabase/migrations/20260101000000_long.sql': 'SELECT 1;\n',
      'supabase/migrations/20260102000000_short.sql': 'SELECT 1;\n',
    })
    const { code, stdout } = await migrateLint(['status', '--database-url', url('postgres')], { cwd })
    expect(stdout).toContain('2 applied')
    expect(stdout).toContain('1 of them compared by its statements')
    expect(code).toBe(0)
    await admin.query(
      "INSERT INTO supabase_migrations.schema_migrations SELECT repeat('7', 10000000), n::text FROM generate_series(1, 10) n",
    )
    const long = await migrateLint(['status', '--database-url', url('postgres')], { cwd })
    expect(prose(long)).toContain('it has more than 64 MB in these columns')
    expect(long.code).toBe(2)
  })
})
