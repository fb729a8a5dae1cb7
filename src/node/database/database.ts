import type { Client } from 'pg'
import type { AskedDatabase } from '../../migration/status.ts'
import { visible } from '../../report/visible.ts'
import type { Parameters } from '../../systems/tracking/tracking.ts'
import { Failure } from '../failure.ts'
import { addressOf, isLocal, prepared, secretsOf, yielding } from './address.ts'
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
  const client = await told('reached', secrets, () => connected(whole, isLocal(whole)))
  const query: Query = (text, values) => told('read', secrets, () => client.query(text, values))
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

/** The result of the work, or a Failure that says in one line why there is none. */
async function told<T>(what: string, secrets: readonly string[], work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw new Failure(`The database cannot be ${what}: ${explained(error, secrets)}`)
  }
}

async function connected(url: URL, cleartext: boolean): Promise<Client> {
  const { default: pg } = await import('pg')
  const seconds = Number(url.searchParams.get('connect_timeout') ?? process.env.PGCONNECT_TIMEOUT) || CONNECT
  const client = new pg.Client({
    connectionString: url.href,
    connectionTimeoutMillis: seconds * 1000,
    query_timeout: 2 * STATEMENT * 1000,
    // All values are asked for as text, so that the types that a server claims do not decide which code runs here.
    types: { getTypeParser: () => (value: string) => value },
  })
  guard(client, { cleartext, seconds: WHOLE })
  // The next query reports an error that happens between two queries.
  client.on('error', () => {})
  try {
    await client.connect()
    return client
  } catch (error) {
    await close(client)
    const other = yielding(url, error)
    if (other === null) throw error
    return connected(other, cleartext)
  }
}

/** One line that says what went wrong and, where that is known, what helps. */
function explained(error: unknown, secrets: readonly string[]): string {
  const { code = '', message } = error as { code?: string; message?: string }
  // If a name has several addresses, each of them has its own error.
  const first = error instanceof AggregateError ? (error.errors[0] as Error | undefined)?.message : message
  const whole = String(first || code || error).slice(0, 10 * LINE)
  const [line = ''] = secrets.reduce((text, secret) => text.replaceAll(secret, '…'), whole).split('\n')
  // The text may come from a stranger's server.
  const said = visible(line.length > LINE ? `${line.slice(0, LINE)}…` : line)
  const remedy = remedies.find(([pattern]) => pattern.test(`${code} ${said}`))?.[1]
  return `${said.replace(/\.$/, '')}.${remedy === undefined ? '' : ` ${remedy}`}`
}

/** The number of characters of a message that are shown. */
const LINE = 500

const remedies: readonly (readonly [RegExp, string])[] = [
  [/^28P01|password must be a string|no password/, 'Give the password in the address, in PGPASSWORD or in ~/.pgpass.'],
  [/timeout expired|ETIMEDOUT/, 'Is the host right, and may it be reached from here?'],
  [
    /self.signed|unable to (?:get|verify)|certificate/i,
    'Name the certificate authority with sslrootcert=<file>; sslmode=require encrypts, but does not check certificates.',
  ],
  [/clear text/, 'Ask for encryption with sslmode=require; use sslmode=disable only if nobody can listen.'],
  [/^42501/, 'The role needs SELECT on the table, and no policy may hide rows of it.'],
  [/^55P03/, 'Something holds a lock on the table: try again when it is done.'],
]
