import { createServer, type Socket } from 'node:net'
import type { ClientServer, Wire } from '../server/session.ts'
import { messageReader, requests, type WireMessage } from '../server/wire.ts'
import { Recorded, type Sent } from './recorded.ts'

export interface Proxy {
  readonly port: number
  /** All that clients have sent so far, in the order in which it was sent, as far as it is kept. */
  readonly sent: readonly Sent[]
  /** The number of texts that were sent and not kept, because there was no room for more. */
  readonly left: () => number
  stop(): Promise<void>
}

/** The most characters of SQL and values that are kept. No migrations come near it; a tool that also loads data may. */
const mostKept = 64 << 20

/** The messages after which a client waits for an answer. */
const asking = new Set(['', 'Q', 'S', 'H', 'F', 'p', 'c', 'f'])

/**
 * Listens on this machine only, passes on what clients and the server send to each other, and records it. `room`: the number of characters that
 * are kept.
 */
export async function startProxy(server: ClientServer, room = mostKept): Promise<Proxy> {
  const sent: Sent[] = []
  let [kept, left] = [0, 0]
  const keep = (each: Sent) => {
    const size = each.parameters.reduce((sum, value) => sum + (value?.length ?? 0), each.text.length)
    // What comes after something that is missing would be read as if it had not happened.
    if (left > 0 || kept + size > room) left++
    else {
      kept += size
      sent.push(each)
    }
  }
  const sockets = new Set<Socket>()
  let connections = 0
  const listener = createServer(socket => {
    connections++
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    serve(socket, server, new Recorded(connections, keep))
  })
  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject)
    listener.listen(0, '127.0.0.1', resolve)
  })
  const address = listener.address()
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    sent,
    left: () => left,
    stop: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise(resolve => listener.close(resolve))
    },
  }
}

function serve(socket: Socket, server: ClientServer, recorded: Recorded): void {
  let wire: Promise<Wire> | null = null
  let batch: Buffer[] = []
  let turn: Promise<unknown> = Promise.resolve()
  const answers = messageReader(false, message => recorded.fromServer(message))
  const receive = (bytes: Uint8Array) => {
    answers(bytes)
    if (!socket.destroyed) socket.write(bytes)
  }
  const take = ({ kind, body, bytes }: WireMessage) => {
    if (kind === '' && body.length === 4) {
      const code = body.readInt32BE(0)
      if (code === requests.encryption || code === requests.gssEncryption) socket.write('N')
      return
    }
    // A request to cancel comes on a connection of its own, and names another server's process.
    if (kind === '' && body.readInt32BE(0) === requests.cancel) {
      socket.destroy()
      return
    }
    if (kind === 'X') {
      socket.end()
      return
    }
    recorded.fromClient({ kind, body, bytes })
    batch.push(bytes)
    if (!asking.has(kind)) return
    const messages = Buffer.concat(batch)
    batch = []
    turn = turn.then(async () => {
      wire ??= server.openWire(receive, () => socket.destroy())
      await (await wire).send(messages)
    })
    turn.catch(() => socket.destroy())
  }
  const read = messageReader(true, take)
  socket.on('data', bytes => {
    try {
      read(bytes)
    } catch {
      socket.destroy()
    }
  })
  socket.on('error', () => {})
  socket.once('close', () => {
    turn.then(async () => (await wire)?.end()).catch(() => {})
  })
}
