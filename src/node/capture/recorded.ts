import { type Block, blocks } from '../server/session.ts'
import { textsOf, type WireMessage } from '../server/wire.ts'

/** A text that a client has sent to the server, and its outcome. */
export interface Sent {
  /** The number of the connection, from 1. */
  readonly connection: number
  readonly text: string
  /** The values of $1, $2 …; null for NULL, for binary values that are neither text nor a whole number, and for long ones. */
  readonly parameters: readonly (string | null)[]
  /** It is a simple query: several statements in it are one message. */
  readonly isSimple: boolean
  /** The state of the session when it was sent. */
  readonly before: Block
  /** The SQLSTATE of its refusal; null: it ran. */
  refused: string | null
}

interface Pending {
  readonly kind: 'query' | 'parse' | 'bind' | 'describe' | 'execute' | 'sync'
  readonly sent: Sent | null
  /** What is described, if that is a statement. */
  readonly statement?: Prepared | undefined
}

/** A prepared statement, with the types of its parameters (`pg_type.oid`) as far as the client or the server has named them. */
interface Prepared {
  readonly text: string
  types: readonly number[]
}

/**
 * Follows one connection: which text each message runs, with which values, and what the server answers. `keep` gets each text when it is
 * sent, in the order of all connections.
 */
export class Recorded {
  /** The number of the connection, from 1. */
  readonly number: number
  readonly #keep: (sent: Sent) => void
  readonly #statements = new Map<string, Prepared>()
  readonly #portals = new Map<string, Sent>()
  #pending: Pending[] = []
  block: Block = 'idle'

  constructor(number: number, keep: (sent: Sent) => void) {
    this.number = number
    this.#keep = keep
  }

  /** A message of the client. */
  fromClient({ kind, body }: WireMessage): void {
    if (kind === 'Q') {
      const [text = ''] = textsOf(body, 1).texts
      const sent = this.#sent(text, [], true)
      this.#pending.push({ kind: 'query', sent })
      this.#keep(sent)
    } else if (kind === 'P') {
      const { texts, rest } = textsOf(body, 2)
      const [name = '', text = ''] = texts
      this.#statements.set(name, { text, types: oidsIn(rest) })
      this.#pending.push({ kind: 'parse', sent: this.#sent(text, [], false) })
    } else if (kind === 'B') {
      const { texts, rest } = textsOf(body, 2)
      const [portal = '', name = ''] = texts
      const { text, types } = this.#statements.get(name) ?? { text: '', types: [] }
      this.#portals.set(portal, this.#sent(text, parametersIn(rest, types), false))
      this.#pending.push({ kind: 'bind', sent: this.#portals.get(portal) ?? null })
    } else if (kind === 'D') {
      const isStatement = body[0] === 0x53
      const [name = ''] = textsOf(body.subarray(1), 1).texts
      const statement = isStatement ? this.#statements.get(name) : undefined
      this.#pending.push({ kind: 'describe', sent: null, statement })
    } else if (kind === 'E') {
      const [portal = ''] = textsOf(body, 1).texts
      const bound = this.#portals.get(portal)
      if (!bound) return
      const sent = { ...bound, before: this.block }
      this.#pending.push({ kind: 'execute', sent })
      this.#keep(sent)
    } else if (kind === 'S') this.#pending.push({ kind: 'sync', sent: null })
  }

  /** A message of the server. */
  fromServer({ kind, body }: WireMessage): void {
    const [head] = this.#pending
    if (kind === 'Z') {
      this.block = blocks.get(String.fromCharCode(body[0] ?? 0)) ?? 'idle'
      const end = this.#pending.findIndex(each => each.kind === 'query' || each.kind === 'sync')
      this.#pending = end === -1 ? [] : this.#pending.slice(end + 1)
    } else if (kind === 'E') {
      if (!head) return
      this.#refuse(head, sqlstateIn(body))
    } else if ((kind === '1' && head?.kind === 'parse') || (kind === '2' && head?.kind === 'bind')) {
      this.#pending.shift()
    } else if (kind === 't' && head?.kind === 'describe') {
      if (head.statement) head.statement.types = oidsIn(body)
    } else if ((kind === 'T' || kind === 'n') && head?.kind === 'describe') {
      this.#pending.shift()
    } else if ((kind === 'C' || kind === 'I' || kind === 's') && head?.kind === 'execute') {
      this.#pending.shift()
    }
  }

  /** What comes before the next Sync does not run. */
  #refuse({ kind, sent }: Pending, sqlstate: string): void {
    if (sent) sent.refused = sqlstate
    if (kind === 'query') return
    const end = this.#pending.findIndex(each => each.kind === 'sync')
    for (const skipped of this.#pending.slice(1, end === -1 ? undefined : end))
      if (skipped.sent) skipped.sent.refused = sqlstate
    this.#pending = end === -1 ? [] : this.#pending.slice(end)
  }

  #sent(text: string, parameters: readonly (string | null)[], isSimple: boolean): Sent {
    return { connection: this.number, text, parameters, isSimple, before: this.block, refused: null }
  }
}

/** The most bytes of a value that are kept: only names of migrations are looked for in them. */
const longestValue = 4096

/** The types of parameters, as Parse and ParameterDescription name them: their number, then an oid for each; 0: it is not said. */
function oidsIn(body: Buffer): number[] {
  const count = body.length < 2 ? 0 : body.readUInt16BE(0)
  const oids: number[] = []
  for (let at = 2; oids.length < count && at + 4 <= body.length; at += 4) oids.push(body.readUInt32BE(at))
  return oids
}

/** How the types of names and versions look in binary form, by `pg_type.oid`. */
const binary: ReadonlyMap<number, (value: Buffer) => string> = new Map([
  ...[20, 21, 23].map(oid => [oid, (value: Buffer) => integerIn(value)] as const),
  ...[18, 19, 25, 1042, 1043].map(oid => [oid, (value: Buffer) => value.toString('utf8')] as const),
])

function integerIn(value: Buffer): string {
  if (value.length === 8) return String(value.readBigInt64BE())
  return [2, 4].includes(value.length) ? String(value.readIntBE(0, value.length)) : ''
}

/** The values in the rest of a Bind message: formats, then values with their lengths. */
function parametersIn(rest: Buffer, types: readonly number[]): (string | null)[] {
  const integer = (at: number, size: number) => (at + size <= rest.length ? rest.readIntBE(at, size) : 0)
  const formats = Math.max(0, integer(0, 2))
  const isBinary = (i: number) => formats > 0 && integer(2 + 2 * (formats === 1 ? 0 : i), 2) === 1
  let at = 2 + 2 * formats
  const count = integer(at, 2)
  at += 2
  const values: (string | null)[] = []
  for (let i = 0; i < count && at < rest.length; i++) {
    const length = integer(at, 4)
    at += 4
    const read = isBinary(i) ? binary.get(types[i] ?? 0) : (value: Buffer) => value.toString('utf8')
    const isKept = length >= 0 && length <= longestValue && at + length <= rest.length
    values.push(isKept && read ? read(rest.subarray(at, at + length)) : null)
    at += Math.max(0, length)
  }
  return values
}

/** The SQLSTATE in an ErrorResponse: fields of a letter and a text. */
function sqlstateIn(body: Buffer): string {
  for (let at = 0; at < body.length && body[at] !== 0; ) {
    const end = body.indexOf(0, at)
    if (end === -1) break
    if (body[at] === 0x43) return body.toString('utf8', at + 1, end)
    at = end + 1
  }
  return 'XX000'
}
