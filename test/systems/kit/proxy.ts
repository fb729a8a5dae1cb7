import { connect, createServer, type Socket } from 'node:net'

/** The messages of a client between two answers "ready for query": one simple query, or a pipeline up to its Sync. */
export interface Sent {
  /** Number of the connection, from 0. */
  readonly connection: number
  /** The text of a simple query, or those of the statements that were executed. */
  readonly texts: readonly string[]
  readonly simple: boolean
  /** A transaction was open when it was sent. */
  readonly inTransaction: boolean
  /** The number of that transaction over all connections, from 1; null: none was open. */
  readonly transaction: number | null
  /** SQLSTATE of the first error in the answer. */
  readonly error: string | null
}

export interface Proxy {
  readonly port: number
  /** All answers so far, in order. */
  readonly sent: readonly Sent[]
  stop(): Promise<void>
}

/**
 * A proxy between clients and a PostgreSQL server on this machine that records messages. See "Frontend/Backend Protocol" in the manual. It
 * declines encryption.
 */
export async function startProxy(server: number): Promise<Proxy> {
  const sent: Sent[] = []
  const sockets = new Set<Socket>()
  let connections = 0
  let transactions = 0

  const listener = createServer(client => {
    const upstream = connect(server, '127.0.0.1')
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        client.destroy()
        upstream.destroy()
        sockets.delete(socket)
      })
    }
    const record = recorder(
      connections++,
      () => ++transactions,
      entry => sent.push(entry),
    )
    const fromClient = messages({
      onStart: (code, bytes) => {
        if (code === SSL_REQUEST || code === GSS_REQUEST) {
          client.write('N')
          return false
        }
        upstream.write(bytes)
        return code !== CANCEL_REQUEST
      },
      onMessage: (type, body, bytes) => {
        record.request(type, body)
        upstream.write(bytes)
      },
    })
    const fromServer = messages({
      onMessage: (type, body, bytes) => {
        record.answer(type, body)
        client.write(bytes)
      },
    })
    client.on('data', fromClient)
    upstream.on('data', fromServer)
  })
  await new Promise<void>(resolve => listener.listen(0, '127.0.0.1', resolve))
  const address = listener.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    port: address.port,
    sent,
    stop: () =>
      new Promise(resolve => {
        for (const socket of sockets) socket.destroy()
        listener.close(() => resolve())
      }),
  }
}

const SSL_REQUEST = 80877103
const GSS_REQUEST = 80877104
const CANCEL_REQUEST = 80877102

interface Reader {
  /** Called for messages without a type, such as the first ones of a connection. Returns true if the next ones have a type. */
  onStart?(code: number, bytes: Buffer): boolean
  onMessage(type: string, body: Buffer, bytes: Buffer): void
}

/** Joins chunks and splits them into messages: one byte of type, and four of length, which count themselves. */
function messages({ onStart, onMessage }: Reader): (chunk: Buffer) => void {
  let buffer = Buffer.alloc(0)
  let typed = onStart === undefined
  return chunk => {
    buffer = Buffer.concat([buffer, chunk])
    for (;;) {
      const header = typed ? 1 : 0
      if (buffer.length < header + 4) return
      const end = header + buffer.readInt32BE(header)
      if (buffer.length < end) return
      const bytes = buffer.subarray(0, end)
      buffer = buffer.subarray(end)
      if (typed) onMessage(String.fromCharCode(bytes[0] ?? 0), bytes.subarray(5), bytes)
      else typed = onStart?.(bytes.readInt32BE(4), bytes) ?? true
    }
  }
}

interface Open {
  readonly texts: string[]
  readonly simple: boolean
  error: string | null
}

/** Follows one connection: prepared statements, portals, and how each request is answered. */
function recorder(connection: number, begin: () => number, say: (sent: Sent) => void) {
  const statements = new Map<string, string>()
  const portals = new Map<string, string>()
  // Clients need not wait for an answer before they send more.
  const waiting: Open[] = []
  let pipeline: Open | null = null
  let transaction: number | null = null
  return {
    request(type: string, body: Buffer): void {
      const words = () => body.toString('utf8').split('\0')
      if (type === 'Q') waiting.push({ texts: [words()[0] ?? ''], simple: true, error: null })
      if (type === 'P') statements.set(words()[0] ?? '', words()[1] ?? '')
      if (type === 'B') portals.set(words()[0] ?? '', statements.get(words()[1] ?? '') ?? '')
      if (type === 'E') {
        pipeline ??= { texts: [], simple: false, error: null }
        pipeline.texts.push(portals.get(words()[0] ?? '') ?? '')
      }
      if (type === 'S') {
        waiting.push(pipeline ?? { texts: [], simple: false, error: null })
        pipeline = null
      }
    },
    answer(type: string, body: Buffer): void {
      const [current = pipeline] = waiting
      if (type === 'E' && current) {
        const code = body
          .toString('utf8')
          .split('\0')
          .find(field => field.startsWith('C'))
        current.error ??= code?.slice(1) ?? '?'
      }
      if (type !== 'Z') return
      const { texts, simple, error } = waiting.shift() ?? { texts: [], simple: false, error: null }
      const before = transaction
      const idle = String.fromCharCode(body[0] ?? 0) === 'I'
      transaction = idle ? null : (before ?? begin())
      if (texts.length === 0) return
      // JDBC sends BEGIN in one pipeline with the first statement of the transaction.
      const begins = !simple && texts.length > 1 && /^begin\b/i.test(texts[0] ?? '')
      const own = before ?? (begins ? transaction : null)
      say({
        connection,
        texts: begins ? texts.slice(1) : texts,
        simple,
        inTransaction: begins || before !== null,
        transaction: own,
        error,
      })
    },
  }
}
