import type { AskedDatabase } from '../../migration/status.ts'
import type { Parameters } from '../../systems/tracking/tracking.ts'
import { addressOf, isLocal, prepared, secretsOf } from './address.ts'
import { type Connecting, connected, told } from './connecting.ts'
import { close, guard } from './guarded-connection.ts'
import { type Query, type Session, secured } from './session.ts'

export interface OpenDatabase {
  readonly session: Session
  readonly asked: AskedDatabase
  /** Of the URL. */
  readonly parameters: Parameters
  close(): Promise<void>
}

/** Timeouts in seconds. `status` must neither hang nor block anyone else. */
const CONNECT = 10
const STATEMENT = 30
const LOCK = 5
const WHOLE = 300

/** One transaction that only reads, prints values in one fixed way, and fails where policies would hide rows. */
const PREPARE = [
  'BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY',
  `SET LOCAL statement_timeout = '${STATEMENT}s'`,
  `SET LOCAL lock_timeout = '${LOCK}s'`,
  `SET LOCAL idle_in_transaction_session_timeout = '${2 * STATEMENT}s'`,
  "SET LOCAL client_encoding = 'UTF8'",
  'SET LOCAL standard_conforming_strings = on',
  "SET LOCAL TimeZone = 'UTC'",
  "SET LOCAL DateStyle = 'ISO, YMD'",
  "SET LOCAL bytea_output = 'hex'",
  'SET LOCAL row_security = off',
].join('; ')

/**
 * Opens a database for reading. The environment fills in what the URL leaves out (PGHOST, PGPASSWORD and similar
 * variables, .pgpass), and `sslmode` means the same as for psql. Throws a Failure, without the password, if the
 * database cannot be opened.
 */
export async function openDatabase(given: string): Promise<OpenDatabase> {
  const url = addressOf(given)
  const parameters = new Map(url.searchParams)
  const whole = prepared(url)
  const secrets = secretsOf(url)
  const seconds = Number(whole.searchParams.get('connect_timeout') ?? process.env.PGCONNECT_TIMEOUT) || CONNECT
  const connecting: Connecting = {
    options: { connectionTimeoutMillis: seconds * 1000, query_timeout: 2 * STATEMENT * 1000 },
    guarded: client => guard(client, { cleartext: isLocal(whole), seconds: WHOLE }),
  }
  const client = await told('The database cannot be reached', secrets, () => connected(whole, connecting))
  const query: Query = (text, values) => told('The database cannot be read', secrets, () => client.query(text, values))
  try {
    await query(PREPARE)
    // Drivers in Go and Java take the search path as a parameter of the address.
    const session = await secured(query, parameters.get('search_path') ?? parameters.get('currentSchema'))
    const [asked] = await session.rows(
      "SELECT pg_catalog.current_database()::pg_catalog.text AS name, pg_catalog.current_setting('server_version') AS version",
      ['name', 'version'],
    )
    const version = asked?.version?.split(' ', 1)[0]
    return {
      session,
      parameters,
      asked: {
        name: (asked?.name ?? '').slice(0, NAME),
        host: client.host.startsWith('/') ? null : client.host,
        port: client.port,
        version: (version ?? '').slice(0, NAME),
      },
      close: () => close(client),
    }
  } catch (error) {
    // An open connection would keep the process from ending.
    await close(client)
    throw error
  }
}

/** PostgreSQL's names are shorter than this number of characters. */
const NAME = 100
