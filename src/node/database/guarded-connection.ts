import type { Client } from 'pg'
import { checkedMessages, foreign } from './server-messages.ts'

export interface Guard {
  /** True if a password may be sent in clear text over an unencrypted connection. */
  readonly cleartext: boolean
  /** The connection ends after this number of seconds, whatever the server does. */
  readonly seconds: number
}

/**
 * Stands between the server, which may be anybody's, and the driver: it checks what the server sends before the driver
 * reads it, limits the time of the whole session, and never sends the password in clear text. Called before `connect`.
 * Every problem reaches the query that is running, or `connect`, as an Error.
 */
export function guard(client: Client, { cleartext, seconds }: Guard): void {
  const { connection } = client
  const stop = (error: Error) => connection.stream.destroy(error)
  const late = setTimeout(() => stop(new Error(`the server did not finish within ${seconds} seconds`)), seconds * 1000)
  connection.once('end', () => clearTimeout(late))
  // By then the driver listens to the stream, which is another one if the connection is encrypted.
  connection.once(client.ssl ? 'sslconnect' : 'connect', () => {
    const { stream } = connection
    const readers = stream.listeners('data')
    const take = checkedMessages(message => {
      if (stream.destroyed) return
      try {
        for (const read of readers) read.call(stream, message)
      } catch {
        throw foreign()
      }
    })
    stream.removeAllListeners('data')
    stream.on('data', (chunk: Buffer) => {
      try {
        take(chunk)
      } catch (error) {
        stop(error as Error)
      }
    })
  })
  if (!cleartext) refuseClearText(client)
}

/** The password is never sent in clear text over a connection that nothing encrypts. Called before `connect`. */
export function refuseClearText(client: Client): void {
  if (client.ssl) return
  const { connection } = client
  // The driver's own listener runs after this one, and writes to a stream that is already closed.
  connection.prependListener('authenticationCleartextPassword', () =>
    connection.stream.destroy(
      new Error('the server asks for the password in clear text, and nothing encrypts the connection'),
    ),
  )
}

/** Ends the session, and soon afterwards the connection, even if the server does not end it. */
export async function close(client: Client): Promise<void> {
  const impatient = setTimeout(() => client.connection.stream.destroy(), LEAVE)
  try {
    await client.end()
  } finally {
    clearTimeout(impatient)
  }
}

/** Milliseconds. */
const LEAVE = 2000
