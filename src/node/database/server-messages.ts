/**
 * Limits for one answer of a server, and the reasons to refuse it. The driver itself reads without a limit: rows until
 * memory is full, an error message without its last byte forever, and one value again and again if its length is
 * negative.
 */
export const limits = {
  /** Until the session begins: a server has little to say before it knows who is asking. */
  startupBytes: 1 << 20,
  /** For the answer to one query. The rows of one FETCH stay below it, see `table-rows.ts`. */
  answerBytes: 160 << 20,
  answerMessages: 10_000,
  /** The number of columns of one result. No query here asks for more than a dozen. */
  columns: 100,
} as const

const HEAD = 5
const [DATA_ROW, ERROR, NOTICE, READY, ROW_DESCRIPTION] = ['D', 'E', 'N', 'Z', 'T'].map(kind => kind.charCodeAt(0))

/**
 * Takes the bytes of a server as they come and passes on whole, well-formed messages. The returned function throws an
 * Error, whose message is a clause for people, at the first message that is not well-formed, and if there are too many
 * bytes. Message formats: the manual, chapter 54.7.
 */
export function checkedMessages(pass: (message: Buffer) => void): (chunk: Buffer) => void {
  let pieces: Buffer[] = []
  let held = 0
  let bytes = 0
  let messages = 0
  let isStarted = false

  return chunk => {
    bytes += chunk.length
    const most = isStarted ? limits.answerBytes : limits.startupBytes
    if (bytes > most) throw new Error(`the server sent more than ${most >> 20} MB where far less was asked for`)
    pieces.push(chunk)
    held += chunk.length
    let rest = joined(HEAD)
    while (rest.length >= HEAD) {
      const end = 1 + rest.readUInt32BE(1)
      if (end < HEAD || end > most) throw foreign()
      if (held < end) break
      rest = joined(end)
      const message = rest.subarray(0, end)
      if (!isWellFormed(message)) throw foreign()
      messages += 1
      if (messages > limits.answerMessages) throw new Error('the server sent far more rows than were asked for')
      rest = rest.subarray(end)
      pieces = [rest]
      held = rest.length
      if (message[0] === READY) {
        isStarted = true
        messages = 0
        bytes = held
      }
      pass(message)
    }
  }

  /**
   * The pieces are joined only when they are long enough to be of use; otherwise a long message would be copied once
   * per piece.
   */
  function joined(length: number): Buffer {
    if (held >= length && pieces.length > 1) pieces = [Buffer.concat(pieces)]
    return pieces.length === 1 ? (pieces[0] ?? Buffer.alloc(0)) : Buffer.alloc(0)
  }
}

/** The error for messages that PostgreSQL never sends. */
export function foreign(): Error {
  return new Error("the server does not speak PostgreSQL's protocol")
}

function isWellFormed(message: Buffer): boolean {
  const body = message.subarray(HEAD)
  switch (message[0]) {
    case DATA_ROW:
      return isRow(body)
    case ERROR:
    case NOTICE:
      // Each field ends with a zero byte, and so does the whole message.
      return body.at(-1) === 0 && (body.length === 1 || body.at(-2) === 0)
    case ROW_DESCRIPTION:
      return body.length >= 2 && body.readUInt16BE(0) <= limits.columns
    default:
      return true
  }
}

/** True if the values fill the row exactly. */
function isRow(body: Buffer): boolean {
  if (body.length < 2) return false
  let at = 2
  for (let left = body.readUInt16BE(0); left > 0; left--) {
    if (at + 4 > body.length) return false
    const length = body.readInt32BE(at)
    if (length < -1) return false
    at += 4 + Math.max(length, 0)
  }
  return at === body.length
}
