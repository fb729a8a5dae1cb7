/** GitHub did not answer, or its answer cannot be used. The message is a sentence about it, without a full stop. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer'
}

/**
 * How long a step waits and how much it reads, so that nobody can keep it busy by filling a conversation or by
 * answering slowly.
 */
export interface Bounds {
  /** Milliseconds for one answer, including its body: Node.js would wait five minutes for each part of it. */
  readonly answer: number
  /** Milliseconds for all answers together. */
  readonly all: number
  /** The number of answers: each page of a list is one. */
  readonly answers: number
  /**
   * Characters of one answer: a hundred comments of the greatest length are 26 million if every character is escaped.
   */
  readonly length: number
}

const usual: Bounds = { answer: 20_000, all: 180_000, answers: 200, length: 30_000_000 }

/** Limits what one step may ask of GitHub: the number of answers, the size of each, and the time for all. */
export class Patience {
  readonly #bounds: Bounds
  #time: number
  #answers: number

  constructor(bounds = usual) {
    this.#bounds = bounds
    this.#time = bounds.all
    this.#answers = bounds.answers
  }

  /** Sends a request as `fetch` does. A successful answer is JSON or empty; otherwise it throws. */
  asking(fetch: typeof globalThis.fetch): typeof globalThis.fetch {
    return async (url, init) => {
      if (this.#time <= 0 || this.#answers <= 0) throw new NoAnswer('GitHub took too long to answer all that was asked')
      this.#answers -= 1
      const started = performance.now()
      const signal = AbortSignal.timeout(Math.ceil(Math.min(this.#bounds.answer, this.#time)))
      try {
        return await read(await fetch(url, { ...init, signal }), init?.method === 'DELETE', this.#bounds.length)
      } catch (error) {
        throw signal.aborted ? new NoAnswer('GitHub took too long to answer') : error
      } finally {
        this.#time -= performance.now() - started
      }
    }
  }
}

async function read(response: Response, mayBeEmpty: boolean, longest: number): Promise<Response> {
  const { status, statusText, headers, url } = response
  const isYes = status < 300
  if (status === 204 && mayBeEmpty) return response
  const text = await textOf(response, longest)
  const isUsable = usable(text)
  if (isYes && !isUsable) throw new NoAnswer(`GitHub's answer is ${kindOf(text)}`)
  // When a proxy refuses, it sends a page of HTML, which is not worth showing.
  const body = isUsable ? text : JSON.stringify({ message: statusText || 'without a reason' })
  const told = new Headers([...headers].filter(([name]) => !/^content-/.test(name)))
  told.set('content-type', 'application/json')
  const answer = new Response(body, { status: status === 204 ? 200 : status, statusText, headers: told })
  return Object.defineProperty(answer, 'url', { value: url })
}

/** The body of a response. Throws if it is longer than an answer can be. */
async function textOf(response: Response, longest: number): Promise<string> {
  const decoder = new TextDecoder()
  const reader = response.body?.getReader()
  let text = ''
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
    text += decoder.decode(part.value, { stream: true })
    if (text.length <= longest) continue
    await reader?.cancel()
    throw new NoAnswer(`GitHub's answer is longer than ${longest / 1_000_000} MB`)
  }
  return text + decoder.decode()
}

/** True for an object or a list in JSON. GraphQL's errors are a list, which Octokit accepts without checking. */
function usable(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null) return false
    return !('errors' in value) || Array.isArray(value.errors)
  } catch {
    return false
  }
}

function kindOf(text: string): string {
  if (text === '') return 'empty'
  return /^\s*</.test(text) ? 'a page of HTML' : 'not what its API gives'
}
