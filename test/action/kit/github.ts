import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

/** A comment as GitHub keeps it. */
export interface StoredComment {
  readonly id: number
  body: string
  /** Login; GitHub Actions' own is `github-actions[bot]`. */
  readonly user: string
  readonly isMinimized?: boolean
}

export interface StoredLineComment extends StoredComment {
  readonly path: string
  readonly line: number
  readonly start_line?: number
  readonly in_reply_to_id?: number
}

export interface Answer {
  readonly status: number
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export interface ApiCall {
  readonly method: string
  /** Path and query. */
  readonly path: string
  readonly body: Record<string, unknown>
}

export const bot = 'github-actions[bot]'
export const token = 'a-token'

/** Plays as much of GitHub's API as the action uses, with pages of 100 and the errors that a test asks for. */
export class GitHub {
  readonly comments: StoredComment[] = []
  readonly lineComments: StoredLineComment[] = []
  readonly reviews: { body: string; commit_id: string; comments: number }[] = []
  readonly pulls: unknown[] = []
  /** `base...head` → the commit. */
  readonly mergeBases = new Map<string, string>()
  /** Everything that was asked, in order. */
  readonly calls: ApiCall[] = []
  /** An answer instead of the usual one. */
  refuse: (call: ApiCall) => Answer | null = () => null
  url = ''
  #id = 1000

  /** Listens until the test is over. */
  static async start(): Promise<GitHub> {
    const github = new GitHub()
    const server = createServer((request, response) => void github.#serve(request, response))
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => {
      server.closeAllConnections()
      server.close()
    })
    github.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    return github
  }

  /** Calls that write something: `POST /repos/…`. */
  get writes(): string[] {
    return this.calls.flatMap(({ method, path }) =>
      method === 'GET' || path === '/graphql' ? [] : `${method} ${path}`,
    )
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = ''
    for await (const chunk of request) text += chunk
    const { method = '', url: path = '' } = request
    const call = { method, path, body: text === '' ? {} : JSON.parse(text) }
    this.calls.push(call)
    const isKnown =
      request.headers.authorization === `token ${token}` || request.headers.authorization === `bearer ${token}`
    const { status, body, headers } =
      this.refuse(call) ?? (isKnown ? this.#answer(call) : { status: 401, body: { message: 'Bad credentials' } })
    response.writeHead(status, { 'content-type': 'application/json', ...headers })
    response.end(status === 204 ? undefined : JSON.stringify(body ?? { message: `status ${status}` }))
  }

  #answer({ method, path, body }: ApiCall): Answer {
    const [where = '', query = ''] = path.split('?')
    const asked = new URLSearchParams(query)
    const route = `${method} ${where.replace('/repos/acme/shop', '').replace(/\d+/g, 'N')}`
    const id = Number(/(\d+)$/.exec(where)?.[1])
    const text = typeof body.body === 'string' ? body.body : ''
    if (method === 'POST' && text.length > 65_536) return { status: 422, body: { message: 'body is too long' } }
    if (where.startsWith('/repos/acme/shop/compare/')) {
      const sha = this.mergeBases.get(decodeURIComponent(where.replace(/.*\//, '')))
      return sha === undefined ? { status: 404 } : { status: 200, body: { merge_base_commit: { sha } } }
    }
    switch (route) {
      case 'POST /graphql':
        return { status: 200, body: { data: this.#graphql(body.variables as Record<string, unknown> | undefined) } }
      case 'GET /pulls':
        return { status: 200, body: this.pulls }
      case 'GET /pulls/N': {
        const found = this.pulls.find(pull => (pull as { number: number }).number === id)
        return found ? { status: 200, body: found } : { status: 404 }
      }
      case 'POST /issues/N/comments': {
        const comment = { id: this.#id++, body: text, user: bot }
        this.comments.push(comment)
        return { status: 201, body: { id: comment.id } }
      }
      case 'PATCH /issues/comments/N': {
        const comment = this.comments.find(each => each.id === id)
        if (!comment) return { status: 404 }
        comment.body = text
        return { status: 200, body: { id } }
      }
      case 'DELETE /issues/comments/N':
        return { status: remove(this.comments, id) ? 204 : 404 }
      case 'GET /pulls/N/comments':
        return this.#page(asked, where)
      case 'DELETE /pulls/comments/N':
        return { status: remove(this.lineComments, id) ? 204 : 404 }
      case 'POST /pulls/N/reviews': {
        const comments = body.comments as Omit<StoredLineComment, 'id' | 'user'>[]
        for (const comment of comments) this.lineComments.push({ ...comment, id: this.#id++, user: bot })
        this.reviews.push({ body: text, commit_id: String(body.commit_id), comments: comments.length })
        return { status: 200, body: { id: this.#id++ } }
      }
      default:
        return { status: 404, body: { message: `no such route: ${route}` } }
    }
  }

  #graphql({ after }: Record<string, unknown> = {}) {
    const from = after ? Number(after) : 0
    const nodes = this.comments.slice(from, from + 100).map(({ id, body, user, isMinimized = false }) => ({
      databaseId: id,
      body,
      isMinimized,
      author: { login: user.replace('[bot]', '') },
    }))
    const hasNextPage = from + 100 < this.comments.length
    const comments = { nodes, pageInfo: { hasNextPage, endCursor: String(from + 100) } }
    return { viewer: { login: bot }, repository: { pullRequest: { comments } } }
  }

  #page(asked: URLSearchParams, where: string): Answer {
    const size = Number(asked.get('per_page') ?? 30)
    const page = Number(asked.get('page') ?? 1)
    const comments = this.lineComments.slice((page - 1) * size, page * size)
    const next = `<${this.url}${where}?per_page=${size}&page=${page + 1}>; rel="next"`
    return {
      status: 200,
      headers: page * size < this.lineComments.length ? { link: next } : {},
      body: comments.map(({ user, ...comment }) => ({ ...comment, user: { login: user } })),
    }
  }
}

function remove(comments: StoredComment[], id: number): boolean {
  const at = comments.findIndex(comment => comment.id === id)
  if (at !== -1) comments.splice(at, 1)
  return at !== -1
}
