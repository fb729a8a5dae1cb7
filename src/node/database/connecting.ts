import type { Client, ClientConfig } from 'pg'
import { visible } from '../../report/visible.ts'
import { Failure } from '../failure.ts'
import { yielding } from './address.ts'
import { close } from './guarded-connection.ts'

/** How a connection is made. */
export interface Connecting {
  /** Options of the driver beside the address. */
  readonly options: ClientConfig
  /** Is called before it connects. */
  readonly guarded: (client: Client) => void
}

/** An open connection to the address, or to one that asks for less where the server wants that. All values are read as text. */
export async function connected(address: URL, connecting: Connecting): Promise<Client> {
  const { default: pg } = await import('pg')
  const client = new pg.Client({
    connectionString: address.href,
    // The types that a server claims do not decide which code runs here.
    types: { getTypeParser: () => (value: string) => value },
    ...connecting.options,
  })
  connecting.guarded(client)
  // The next query reports an error that happens between two queries.
  client.on('error', () => {})
  try {
    await client.connect()
    return client
  } catch (error) {
    await close(client)
    const other = yielding(address, error)
    if (other === null) throw error
    return connected(other, connecting)
  }
}

/** The result of the work, or a Failure: one line that begins with `what`, a sentence without its dot, and gives the reason. */
export async function told<T>(what: string, secrets: readonly string[], work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof Failure) throw error
    throw new Failure(`${what}: ${explained(error, secrets)}`)
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
