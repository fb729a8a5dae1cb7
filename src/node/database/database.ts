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

/** Seconds. Nobody waits for a status, and nobody is to wait because of one. */
const CONNECT = 10
const STATEMENT = 30
const LOCK = 5
const WHOLE = 300

/** One transaction that only reads, prints values in one way, and fails where policies would hide rows. */
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
 * Opens a database for reading. The environment fills in what the URL leaves out (PGHOST, PGPASSWORD and their like, .pgpass), and
 * `sslmode` means what it means to psql. Throws a Failure, without the password, when it cannot be opened.
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
    // Drivers in Go and Java take it as a parameter of the address.
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

/** Names that PostgreSQL gives are shorter, in characters. */
const NAME = 100

/** What the work comes to, or a Failure that says in one line why it does not. */
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
    // Everything is asked for as text, and what a server says that a value is decides about no code here.
    types: { getTypeParser: () => (value: string) => value },
  })
  guard(client, { cleartext, seconds: WHOLE })
  // What happens between two queries is told by the next one.
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

/** One line: what went wrong, and what helps where that is known. */
function explained(error: unknown, secrets: readonly string[]): string {
  const { code = '', message } = error as { code?: string; message?: string }
  // Of several addresses of one name, each has its own error.
  const first = error instanceof AggregateError ? (error.errors[0] as Error | undefined)?.message : message
  const whole = String(first || code || error).slice(0, 10 * LINE)
  const [line = ''] = secrets.reduce((text, secret) => text.replaceAll(secret, '…'), whole).split('\n')
  // It may be a stranger's server.
  const said = visible(line.length > LINE ? `${line.slice(0, LINE)}…` : line)
  const remedy = remedies.find(([pattern]) => pattern.test(`${code} ${said}`))?.[1]
  return `${said.replace(/\.$/, '')}.${remedy === undefined ? '' : ` ${remedy}`}`
}

/** Characters of a message that are shown. */
const LINE = 500

const remedies: readonly (readonly [RegExp, string])[] = [
  [/^28P01|password must be a string|no password/, 'Give the password in the address, in PGPASSWORD or in ~/.pgpass.'],
  [/timeout expired|ETIMEDOUT/, 'Is the host right, and may it be reached from here?'],
  [
    /self.signed|unable to (?:get|verify)|certificate/i,
    'Name the authority with sslrootcert=<file>; sslmode=require encrypts, and looks at no certificate.',
  ],
  [/clear text/, 'Ask for encryption with sslmode=require; sslmode=disable says that nobody listens.'],
  [/^42501/, 'The role needs SELECT on the table, and no policy may hide rows of it.'],
  [/^55P03/, 'Something holds a lock on the table: try again when it is done.'],
]
