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

export interface ProxyOptions {
  /** The number of characters that are kept. */
  readonly room?: number
  /** Milliseconds after which `tell` gets a line about a connection that waits for another one. */
  readonly patience?: number
  /** Called once, with a sentence, if connections wait for each other because the server has one session. */
  readonly tell?: (line: string) => void
}

/** Listens on this machine only, passes on what clients and the server send to each other, and records it. */
export async function startProxy(
  server: ClientServer,
  { room = mostKept, patience = 5000, tell = () => {} }: ProxyOptions = {},
): Promise<Proxy> {
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
  const open = new Set<Recorded>()
  let connections = 0
  let hasTold = server.servesMany
  const waits = (waiting: Recorded) => {
    const holder = [...open].find(each => each !== waiting && each.block !== 'idle')
    if (hasTold || !holder) return
    hasTold = true
    tell(
      `Connection ${waiting.number} of the command waits for its connection ${holder.number}, which has a transaction open, because ${server.name} has one session. If it goes on waiting, end it, and run it with --server.`,
    )
  }
  const listener = createServer(socket => {
    connections++
    const recorded = new Recorded(connections, keep)
    sockets.add(socket)
    open.add(recorded)
    socket.once('close', () => {
      sockets.delete(socket)
      open.delete(recorded)
    })
    serve(socket, server, recorded, { patience, waits: () => waits(recorded) })
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

/** What is called after so many milliseconds without an answer. */
interface Late {
  readonly patience: number
  readonly waits: () => void
}

function serve(socket: Socket, server: ClientServer, recorded: Recorded, late: Late): void {
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
      const told = setTimeout(late.waits, late.patience)
      try {
        await (await wire).send(messages)
      } finally {
        clearTimeout(told)
      }
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
