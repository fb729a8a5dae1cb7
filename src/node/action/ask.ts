/** GitHub did not answer, or with nothing that can be used: the message is a sentence about it, without its full stop. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer'
}

/** How much a step waits for and reads. It is not to be kept busy by whoever fills a conversation, or answers slowly. */
export interface Bounds {
  /** Milliseconds for one answer, its body included: Node.js would wait five minutes for each piece of it. */
  readonly answer: number
  /** Milliseconds for all of them together. */
  readonly all: number
  /** How many: each page of a list is one. */
  readonly answers: number
  /** Characters of an answer: a hundred comments of the longest kind are 26 million in the widest writing. */
  readonly length: number
}

const usual: Bounds = { answer: 20_000, all: 180_000, answers: 200, length: 30_000_000 }

/** What one step may ask of GitHub: so many answers, each of a bounded size, in a bounded time. */
export class Patience {
  readonly #bounds: Bounds
  #time: number
  #answers: number

  constructor(bounds = usual) {
    this.#bounds = bounds
    this.#time = bounds.all
    this.#answers = bounds.answers
  }

  /** Asks as `fetch` does. An answer that says yes is JSON, or there is none; throws otherwise. */
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
  // A proxy says no with a page of HTML: it is not for people to read here.
  const body = isUsable ? text : JSON.stringify({ message: statusText || 'without a reason' })
  const told = new Headers([...headers].filter(([name]) => !/^content-/.test(name)))
  told.set('content-type', 'application/json')
  const answer = new Response(body, { status: status === 204 ? 200 : status, statusText, headers: told })
  return Object.defineProperty(answer, 'url', { value: url })
}

/** The body. Throws when it is longer than an answer can be. */
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

/** True for an object or a list in JSON. What GraphQL complains of is a list: Octokit takes it for one unseen. */
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
