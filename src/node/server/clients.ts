import type { Wire } from './session.ts'
import { messageReader } from './wire.ts'

/**
 * Several clients of a server that has one session. They take turns: the one that has opened a transaction keeps the session until its end. Settings
 * and prepared statements of one client are seen by the others.
 */
export class Clients {
  readonly #answer: (messages: Uint8Array) => Promise<Uint8Array>
  /** The client that may go on; null: the first one. */
  #owner: object | null = null
  #open = 0
  #waiting: (() => void)[] = []
  /** What is being sent. */
  #busy: Promise<unknown> = Promise.resolve()

  constructor(answer: (messages: Uint8Array) => Promise<Uint8Array>) {
    this.#answer = answer
  }

  open(receive: (bytes: Uint8Array) => void): Wire {
    const client = {}
    this.#open++
    return {
      send: messages => this.#inTurn(client, messages, receive),
      end: async () => {
        this.#open--
        if (this.#owner === client) {
          await this.#exchange(simple('ROLLBACK'))
          this.#release()
        }
        // What a client leaves in its session ends with it, unless another one is in the same.
        if (this.#open === 0) await this.#exchange(simple('DISCARD ALL'))
      },
    }
  }

  async #inTurn(client: object, messages: Uint8Array, receive: (bytes: Uint8Array) => void): Promise<void> {
    while (this.#owner !== null && this.#owner !== client) {
      await new Promise<void>(resolve => this.#waiting.push(resolve))
    }
    this.#owner = client
    const answer = await this.#exchange(messages)
    if (endsIdle(answer)) this.#release()
    receive(answer)
  }

  #release(): void {
    this.#owner = null
    const waiting = this.#waiting
    this.#waiting = []
    for (const resume of waiting) resume()
  }

  #exchange(messages: Uint8Array): Promise<Uint8Array> {
    const answer = this.#busy.then(() => this.#answer(messages))
    this.#busy = answer.catch(() => {})
    return answer
  }
}

/** True if the last message says that the session is outside of a transaction. */
function endsIdle(answer: Uint8Array): boolean {
  const state = { isIdle: false }
  messageReader(false, ({ kind, body }) => {
    state.isIdle = kind === 'Z' && body[0] === 0x49
  })(answer)
  return state.isIdle
}

/** The message Query. */
function simple(sql: string): Uint8Array {
  const text = Buffer.from(`${sql}\0`)
  const head = Buffer.alloc(5)
  head.write('Q')
  head.writeInt32BE(text.length + 4, 1)
  return Buffer.concat([head, text])
}
