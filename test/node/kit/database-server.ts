import { createServer, type Socket } from 'node:net'
import { PGlite } from '@electric-sql/pglite'

export interface DatabaseServer {
  readonly db: PGlite
  /** `postgres://…`, with a password that is accepted as any other is. */
  readonly url: string
  readonly port: number
  /** All that clients sent, a text for each statement or message of them. */
  readonly sent: string[]
  stop(): Promise<void>
}

const password = 's3cret%2Fword'

const SSL_REQUEST = 80877103

/** PostgreSQL in-process behind a socket, one client at a time. A pooler refuses parameters of the session, as PgBouncer does. */
export async function startDatabase(isPooler = false): Promise<DatabaseServer> {
  const db = await PGlite.create()
  const sent: string[] = []
  const sockets = new Set<Socket>()
  const server = createServer(socket => {
    sockets.add(socket)
    let queue = Promise.resolve()
    let isStarted = false
    const answer = async (data: Buffer) => {
      if (!isStarted && data.length === 8 && data.readInt32BE(4) === SSL_REQUEST) return socket.write('N')
      if (!isStarted && isPooler && data.includes('options')) return socket.end(refusal)
      // Terminate: the session is PGlite's only one, and outlives its client.
      if (data[0] === 0x58) return socket.end()
      isStarted = true
      sent.push(...textsIn(data))
      return socket.write(await db.execProtocolRaw(new Uint8Array(data)))
    }
    socket.on('data', data => {
      queue = queue.then(() => answer(data)).then(() => undefined)
    })
    socket.on('error', () => {})
    socket.on('close', () => {
      sockets.delete(socket)
      queue = queue.then(() => db.exec('ROLLBACK')).then(() => undefined)
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return {
    db,
    sent,
    port,
    url: `postgres://app:${password}@127.0.0.1:${port}/shop`,
    stop: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise(resolve => server.close(resolve))
      await db.close()
    },
  }
}

const refusal = (() => {
  const fields = ['SFATAL', 'VFATAL', 'C08P01', 'Munsupported startup parameter: options', ''].map(
    field => `${field}\0`,
  )
  const body = Buffer.from(fields.join(''))
  const head = Buffer.alloc(5)
  head.write('E')
  head.writeInt32BE(body.length + 4, 1)
  return Buffer.concat([head, body])
})()

/** Texts of the messages Query and Parse. */
function textsIn(data: Buffer): string[] {
  const texts: string[] = []
  for (let at = 0; at + 5 <= data.length; ) {
    const [kind, length] = [String.fromCharCode(data[at] ?? 0), data.readInt32BE(at + 1)]
    const body = data.subarray(at + 5, at + 1 + length).toString()
    if (kind === 'Q') texts.push(...body.replace('\0', '').split('; '))
    if (kind === 'P') texts.push(body.split('\0')[1] ?? '')
    at += 1 + length
  }
  return texts
}
