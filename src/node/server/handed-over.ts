import { createHash, timingSafeEqual } from 'node:crypto'
import type { Client } from 'pg'
import type { Wire } from './session.ts'
import { messageReader, textsOf, type WireMessage } from './wire.ts'

/** A connection that is logged in, with what the server has said about it. */
export interface LoggedIn {
  readonly client: Client
  /** Settings that the server reports, by name. */
  readonly settings: ReadonlyMap<string, string>
  /** The number of the server's process. */
  readonly process: number
}

export interface HandedOptions {
  /** The password that the client must send. It is not that of the server, which the client never sees. */
  readonly password: string
  /** Logs in to the server, with these settings of the session. */
  readonly logIn: (settings: ReadonlyMap<string, string>) => Promise<LoggedIn>
  /** Gets what the client is to receive. */
  readonly receive: (bytes: Uint8Array) => void
  /** Is called when the connection ends by itself, or the client may not log in. */
  readonly lost: () => void
}

/**
 * A connection for a client, who logs in here and not at the server: this program does that, with its own password and encryption. From then
 * on, bytes go through as they are. Source: PostgreSQL manual, "Message Flow".
 */
export function handedOver({ password, logIn, receive, lost }: HandedOptions): Wire {
  let settings: ReadonlyMap<string, string> | null = null
  let open: LoggedIn | null = null
  let hasEnded = false
  const refuse = (sqlstate: string, message: string) => {
    receive(refusal(sqlstate, message))
    lost()
  }
  const start = (body: Buffer) => {
    const asked = settingsIn(body)
    if (typeof asked === 'string') return refuse('0A000', asked)
    settings = asked
    receive(answer('R', int32(authentication.cleartext)))
  }
  const enter = async (given: string, asked: ReadonlyMap<string, string>) => {
    if (!isSame(given, password))
      return refuse('28P01', 'the password is not the one that migrate-lint gave the command')
    const made = await logIn(asked).catch((error: unknown) => {
      const isOfServer = error instanceof Error && 'severity' in error && 'code' in error
      refuse(isOfServer ? String(error.code) : '08006', isOfServer ? error.message : 'the server cannot be reached')
      return null
    })
    if (!made) return
    if (hasEnded) return void (await ended(made))
    const { stream } = made.client.connection
    // The driver stops reading here, and this session is the client's.
    stream.removeAllListeners('data')
    stream.on('data', receive).once('close', lost)
    open = made
    receive(
      Buffer.concat([
        answer('R', int32(authentication.ok)),
        ...[...made.settings].map(([name, value]) => answer('S', Buffer.from(`${name}\0${value}\0`))),
        // Nobody can cancel with this key: it is not the server's.
        answer('K', int32(made.process), int32(0)),
        answer('Z', Buffer.from('I')),
      ]),
    )
  }
  const take = async ({ kind, body }: WireMessage): Promise<void> => {
    if (settings === null && kind === '') return start(body)
    if (settings !== null && kind === 'p') return enter(textsOf(body, 1).texts[0] ?? '', settings)
    refuse('08P01', 'a message came before the password')
  }
  return {
    send: async messages => {
      const own = open
      if (own) return new Promise(sent => void own.client.connection.stream.write(messages, () => sent()))
      const all: WireMessage[] = []
      messageReader(settings === null, message => all.push(message))(messages)
      for (const message of all) await take(message)
    },
    end: async () => {
      hasEnded = true
      if (open) await ended(open)
    },
  }
}

/** The driver no longer reads, so it would wait for the server's goodbye for ever. */
async function ended({ client: { connection } }: LoggedIn): Promise<void> {
  await new Promise<void>(resolve => {
    connection.stream.once('close', resolve)
    connection.stream.end(answer('X'), () => connection.stream.destroy())
  })
}

/** The kinds of the message Authentication. */
const authentication = { ok: 0, cleartext: 3 } as const

/** The settings of the session in the first message, its options among them; a clause where that asks for something else. */
function settingsIn(body: Buffer): ReadonlyMap<string, string> | string {
  const { texts } = textsOf(body.subarray(4), Number.POSITIVE_INFINITY)
  const found = new Map<string, string>()
  for (let i = 0; i + 1 < texts.length && texts[i] !== ''; i += 2) {
    const [name, value] = [texts[i] ?? '', texts[i + 1] ?? '']
    if (name === 'replication' && !/^(?:false|off|no|0)$/i.test(value)) return 'there is no replication here'
    if (!notSettings.has(name)) found.set(name, value)
  }
  return found
}

/** Who logs in where is decided by this program. */
const notSettings = new Set(['user', 'database', 'replication'])

/** The same settings as the text `options` of a connection: `-c search_path=a`. Names that begin with `_pq_.` are of the protocol. */
export function optionsOf(settings: readonly (readonly [name: string, value: string])[]): string {
  return settings
    .flatMap(([name, value]) => {
      if (name === 'options') return value
      return /^[a-z_][\w.]*$/i.test(name) && !name.startsWith('_pq_.')
        ? `-c ${name}=${value.replace(/[\\\s]/g, '\\$&')}`
        : []
    })
    .join(' ')
}

function isSame(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(a), digest(b))
}

function refusal(sqlstate: string, message: string): Buffer {
  const fields = `SFATAL\0VFATAL\0C${sqlstate}\0M${message}\0\0`
  return answer('E', Buffer.from(fields))
}

function answer(kind: string, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts)
  return Buffer.concat([Buffer.from(kind), int32(body.length + 4), body])
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}
