/** The messages of PostgreSQL's wire protocol, version 3 (manual, "Message Formats"), cut out of the bytes of a connection. */

export interface WireMessage {
  /** Its letter; '' for the first messages of a client, which have none. */
  readonly kind: string
  /** Without letter and length. */
  readonly body: Buffer
  /** The whole message. */
  readonly bytes: Buffer
}

/** The most bytes that one message may have. No migration comes near it. */
const longest = 256 << 20

/**
 * Collects bytes and hands over whole messages. `hasStart`: the first messages have no letter, until one that begins a session. Throws an Error
 * about a length that cannot be.
 */
export function messageReader(hasStart: boolean, take: (message: WireMessage) => void): (chunk: Uint8Array) => void {
  // Chunks are joined when a whole message is there, so that a long one is copied once.
  let chunks: Uint8Array[] = []
  let length = 0
  let wanted = 0
  let isStarting = hasStart
  return chunk => {
    chunks.push(chunk)
    length += chunk.length
    if (length < wanted) return
    let held = Buffer.concat(chunks, length)
    for (;;) {
      const head = isStarting ? 0 : 1
      wanted = head + 4
      if (held.length < wanted) break
      const end = head + held.readInt32BE(head)
      // A message without a letter begins with a code.
      if (end < head + (isStarting ? 8 : 4) || end > longest)
        throw new Error('it does not speak the protocol of PostgreSQL')
      wanted = end
      if (held.length < wanted) break
      const bytes = held.subarray(0, end)
      held = held.subarray(end)
      const kind = isStarting ? '' : String.fromCharCode(bytes[0] ?? 0)
      const body = bytes.subarray(head + 4)
      // Requests for encryption and for the end of a query come before the session, or in its place.
      if (isStarting && body.readInt32BE(0) === protocolVersion) isStarting = false
      take({ kind, body, bytes })
    }
    chunks = held.length === 0 ? [] : [held]
    length = held.length
  }
}

const protocolVersion = 3 << 16

/** The codes of the messages that have no letter. */
export const requests = { cancel: 80877102, encryption: 80877103, gssEncryption: 80877104 } as const

/** The texts of a body that is a list of texts, each ended by a zero byte. */
export function textsOf(body: Buffer, count: number): { readonly texts: string[]; readonly rest: Buffer } {
  const texts: string[] = []
  let at = 0
  for (let i = 0; i < count; i++) {
    const end = body.indexOf(0, at)
    if (end === -1) break
    texts.push(body.toString('utf8', at, end))
    at = end + 1
  }
  return { texts, rest: body.subarray(at) }
}
