import type { Client } from 'pg'
import type { AskedDatabase } from '../lint/status.ts'
import { databaseOfUrl } from '../systems/database.ts'
import type { Parameters } from '../systems/tracking/tracking.ts'
import { Failure } from './failure.ts'
import type { Session } from './tracking-table.ts'

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

/** One transaction that only reads, prints values in one way, and fails where policies would hide rows. */
const PREPARE = [
  'BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY',
  `SET LOCAL statement_timeout = '${STATEMENT}s'`,
  `SET LOCAL lock_timeout = '${LOCK}s'`,
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
  let client: Client
  try {
    client = await connected(prepared(url))
    await client.query(PREPARE)
  } catch (error) {
    throw new Failure(`The database cannot be reached: ${explained(error, secretsOf(url))}`)
  }
  const tell = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (error) {
      throw new Failure(`The database cannot be read: ${explained(error, secretsOf(url))}`)
    }
  }
  const session: Session = { query: (text, values) => tell(() => client.query(text, values)) }
  const { rows } = await session.query(
    "SELECT current_database()::text AS name, current_setting('server_version') AS version",
  )
  const [{ name, version }] = rows as [{ name: string; version: string }]
  return {
    session,
    parameters,
    asked: {
      name,
      host: client.host.startsWith('/') ? null : client.host,
      port: client.port,
      version: version.split(' ', 1)[0] ?? version,
    },
    close: () => client.end(),
  }
}

/** Other tools write the same address in other words: `jdbc:postgresql:`, `pgx5:`, `postgresql+psycopg:`. */
function addressOf(given: string): URL {
  const [, scheme = ''] = /^(?:jdbc:)?([a-z][a-z0-9+.-]*):/i.exec(given.trim()) ?? []
  const other = scheme === '' || scheme === 'socket' ? undefined : databaseOfUrl(`${scheme}:`)
  if (scheme === '' || (scheme !== 'socket' && other !== 'postgresql')) {
    const is = other === undefined ? '' : `, and not for ${other}`
    throw new Failure(`The address of the database must be like postgres://user@host:5432/name${is}.`)
  }
  const plain = given.trim().replace(/^(?:jdbc:)?[a-z][a-z0-9+.-]*:/i, scheme === 'socket' ? 'socket:' : 'postgres:')
  try {
    // A user and no host, as for a socket, is none that the standard for URLs knows.
    return new URL(
      plain
        .replace(/^(postgres:\/\/[^/?#@]*@)(?=[/?#]|$)/, '$1localhost')
        .replace(/^postgres:\/\/(?=$|\?)/, 'postgres:///'),
    )
  } catch {
    throw new Failure(
      'The address of the database cannot be read: it must be like postgres://user@host:5432/name, with signs such as @, / and # in a password written as %40, %2F and %23.',
    )
  }
}

/** The address with what the session is to be, in the words of libpq. */
function prepared(address: URL): URL {
  const url = new URL(address)
  const { searchParams: query } = url
  if (query.has('service')) throw new Failure('Service files are not read: give host and name in the address.')
  const said = query.get('sslmode') ?? (/^(true|1)$/.test(query.get('ssl') ?? '') ? 'require' : process.env.PGSSLMODE)
  const isSocket =
    url.protocol === 'socket:' || /^(\/|%2f)/i.test(query.get('host') ?? (url.hostname || process.env.PGHOST || ''))
  query.delete('ssl')
  query.set(
    'sslmode',
    isSocket ? 'disable' : said === 'no-verify' ? 'require' : said === 'allow' ? 'prefer' : said || 'prefer',
  )
  const root = query.get('sslrootcert') ?? process.env.PGSSLROOTCERT
  if (root === 'system') query.delete('sslrootcert')
  else if (root) query.set('sslrootcert', root)
  query.set('uselibpqcompat', 'true')
  query.set('application_name', 'migrate-lint')
  const options = query.get('options') ?? process.env.PGOPTIONS ?? ''
  query.set('options', `${options} ${READ_ONLY}`.trim())
  return url
}

const READ_ONLY = '-c default_transaction_read_only=on'

async function connected(url: URL): Promise<Client> {
  const { default: pg } = await import('pg')
  const seconds = Number(url.searchParams.get('connect_timeout') ?? process.env.PGCONNECT_TIMEOUT) || CONNECT
  const client = new pg.Client({
    connectionString: url.href,
    connectionTimeoutMillis: seconds * 1000,
    query_timeout: 2 * STATEMENT * 1000,
  })
  // What happens between two queries is told by the next one.
  client.on('error', () => {})
  try {
    await client.connect()
    return client
  } catch (error) {
    await client.end().catch(() => {})
    const other = yielding(url, error)
    if (other === null) throw error
    return connected(other)
  }
}

/** What is worth another try with less asked for; null: nothing is. */
function yielding(url: URL, error: unknown): URL | null {
  const message = error instanceof Error ? error.message : ''
  const other = new URL(url)
  const { searchParams: query } = other
  if (query.get('sslmode') === 'prefer' && /does not support SSL/.test(message)) {
    query.set('sslmode', 'disable')
    return other
  }
  // PgBouncer refuses parameters that it does not know; the transaction is read-only all the same.
  const options = query.get('options') ?? ''
  if (options.endsWith(READ_ONLY) && /unsupported startup parameter/i.test(message)) {
    query.set('options', options.slice(0, -READ_ONLY.length).trim())
    if (query.get('options') === '') query.delete('options')
    return other
  }
  return null
}

function secretsOf({ password, searchParams }: URL): string[] {
  const all = [password, searchParams.get('password'), process.env.PGPASSWORD]
  return all.flatMap(secret => (secret ? [secret, decoded(secret)] : []))
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** One line: what went wrong, and what helps where that is known. */
function explained(error: unknown, secrets: readonly string[]): string {
  const { code = '', message } = error as { code?: string; message?: string }
  // Of several addresses of one name, each has its own error.
  const first = error instanceof AggregateError ? (error.errors[0] as Error | undefined)?.message : message
  const [line = ''] = (first || code || String(error)).split('\n')
  const said = secrets.reduce((text, secret) => text.replaceAll(secret, '…'), line)
  const remedy = remedies.find(([pattern]) => pattern.test(`${code} ${said}`))?.[1]
  return `${said.replace(/\.$/, '')}.${remedy === undefined ? '' : ` ${remedy}`}`
}

const remedies: readonly (readonly [RegExp, string])[] = [
  [/^28P01|password must be a string|no password/, 'Give the password in the address, in PGPASSWORD or in ~/.pgpass.'],
  [/timeout expired|ETIMEDOUT/, 'Is the host right, and may it be reached from here?'],
  [/self.signed|unable to (?:get|verify)|certificate/i, 'Name the authority with sslrootcert, or use sslmode=require.'],
  [/^42501/, 'The role needs SELECT on the table, and no policy may hide rows of it.'],
  [/^55P03|^57014/, 'Something holds a lock on the table: try again when it is done.'],
]
