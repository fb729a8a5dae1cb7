import type { Client } from 'pg'
import { sessionOver } from '../../../src/node/server/connection.ts'
import type { Session } from '../../../src/node/server/session.ts'
import type { Server } from '../servers/server.ts'

/**
 * The database that cases run in: `oracle`, with a schema `app` that is first on the search_path, a role `app_role`, a
 * tablespace `ts1`, and the extensions citext, pgcrypto and uuid-ossp in `public`.
 */
export interface Database {
  readonly server: Server
  connect(): Promise<Session>
  /** Empties schema `app`, or creates the whole database again if a case left something outside of it. */
  reset(): Promise<void>
}

export async function createDatabase(server: Server): Promise<Database> {
  const admin = await server.connect()
  await admin.query('CREATE ROLE app_role')
  await admin.query(`CREATE TABLESPACE ts1 LOCATION '${server.scratch}'`)
  await admin.query('CREATE DATABASE oracle_template')
  const template = sessionOver(await server.connect('oracle_template'))
  for (const extension of ['citext', 'pgcrypto', 'uuid-ossp']) await template.send(`CREATE EXTENSION "${extension}"`)
  await template.send('CREATE SCHEMA app')
  const baseline = await fingerprint(template)
  await template.end()

  const recreate = async () => {
    await clearCluster(server, admin)
    await admin.query('CREATE DATABASE oracle TEMPLATE oracle_template')
    await admin.query('ALTER DATABASE oracle SET search_path = app, public')
  }
  const connect = async () => sessionOver(await server.connect('oracle'))
  await recreate()
  return {
    server,
    connect,
    reset: async () => {
      const session = await connect()
      let clean = false
      try {
        await session.send('DROP SCHEMA IF EXISTS app CASCADE; CREATE SCHEMA app')
        clean = (await fingerprint(session)) === baseline
      } catch {
        // whatever holds on to the schema goes with the database
      } finally {
        await session.end()
      }
      if (!clean) await recreate()
    },
  }
}

// Everything that a case may leave behind outside of schema app, as one line of text.
async function fingerprint(session: Session): Promise<string> {
  const [[line] = []] = await session.send(`
    SELECT concat_ws(' ',
      (SELECT string_agg(nspname, ',' ORDER BY nspname) FROM pg_namespace WHERE nspname !~ '^pg_(toast_)?temp'),
      (SELECT string_agg(extname, ',' ORDER BY extname) FROM pg_extension),
      (SELECT count(*) FROM pg_publication), (SELECT count(*) FROM pg_event_trigger),
      (SELECT count(*) FROM pg_foreign_data_wrapper), (SELECT count(*) FROM pg_cast), (SELECT count(*) FROM pg_am),
      (SELECT count(*) FROM pg_language), (SELECT count(*) FROM pg_largeobject_metadata), (SELECT count(*) FROM pg_default_acl),
      (SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace),
      (SELECT count(*) FROM pg_proc WHERE pronamespace = 'public'::regnamespace),
      (SELECT count(*) FROM pg_type WHERE typnamespace = 'public'::regnamespace),
      (SELECT nspacl::text FROM pg_namespace WHERE nspname = 'public'),
      (SELECT count(*) FROM pg_database WHERE datname <> 'oracle'), (SELECT count(*) FROM pg_tablespace),
      (SELECT count(*) FROM pg_roles), (SELECT count(*) FROM pg_subscription))`)
  return line ?? ''
}

async function clearCluster(server: Server, admin: Client): Promise<void> {
  const names = async (sql: string) => (await admin.query<{ name: string }>(sql)).rows.map(row => row.name)
  const databases = await names(`SELECT datname AS name FROM pg_database
    WHERE datname NOT IN ('postgres', 'template0', 'template1', 'oracle_template')`)
  for (const database of databases) {
    const client = await server.connect(database)
    const { rows } = await client.query<{ name: string }>(`SELECT subname AS name FROM pg_subscription
      WHERE subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())`)
    for (const { name } of rows) {
      await client.query(`ALTER SUBSCRIPTION "${name}" DISABLE; ALTER SUBSCRIPTION "${name}" SET (slot_name = NONE)`)
      await client.query(`DROP SUBSCRIPTION "${name}"`)
    }
    await client.end()
    await admin.query(`DROP DATABASE "${database}"`)
  }
  for (const space of await names(
    `SELECT spcname AS name FROM pg_tablespace WHERE spcname !~ '^pg_' AND spcname <> 'ts1'`,
  )) {
    await admin.query(`DROP TABLESPACE "${space}"`)
  }
  for (const role of await names(`SELECT rolname AS name FROM pg_roles
    WHERE rolname !~ '^pg_' AND rolname NOT IN ('postgres', 'app_role')`)) {
    await admin.query(`DROP ROLE "${role}"`)
  }
}
