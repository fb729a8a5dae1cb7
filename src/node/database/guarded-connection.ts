import type { Client } from 'pg'
import { checkedMessages, foreign } from './server-messages.ts'

export interface Guard {
  /** True when a password may be sent as it is over a connection that is not encrypted. */
  readonly cleartext: boolean
  /** After so many seconds the connection ends, whatever the server does. */
  readonly seconds: number
}

/**
 * Stands between a server, which may be anybody's, and the driver: what the server sends is checked before the driver reads it, all of it takes
 * only so long, and the password is not said aloud. Called before `connect`. Whatever is wrong reaches the query that is running, or
 * `connect`, as an Error.
 */
export function guard(client: Client, { cleartext, seconds }: Guard): void {
  const { connection } = client
  const stop = (error: Error) => connection.stream.destroy(error)
  const late = setTimeout(
    () => stop(new Error(`the server did not come to an end within ${seconds} seconds`)),
    seconds * 1000,
  )
  connection.once('end', () => clearTimeout(late))
  // The driver has its listener on the stream by then, which is another one where the connection is encrypted.
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
  if (client.ssl || cleartext) return
  // The driver's own listener comes after this one, and writes to a stream that is gone.
  connection.prependListener('authenticationCleartextPassword', () =>
    stop(new Error('the server asks for the password in clear text, and nothing encrypts the connection')),
  )
}

/** Ends the session, and the connection soon after, even where the server does not take leave. */
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
