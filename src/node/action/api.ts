import { getOctokit } from '@actions/github'
import { GraphqlResponseError } from '@octokit/graphql'
import { retry } from '@octokit/plugin-retry'
import { throttling } from '@octokit/plugin-throttling'
import { RequestError } from '@octokit/request-error'
import { append } from '../../parse/list.ts'
import { lookUp } from '../../parse/look-up.ts'
import { Failure } from '../failure.ts'
import { NoAnswer, Patience } from './ask.ts'
import type { PullRequestPayload } from './payload.ts'
import { misshapen, type Shape } from './shape.ts'

/** A comment on a pull request. */
export interface Comment {
  readonly id: number
  readonly body: string
}

/** A comment on a line of a pull request. */
export interface LineComment extends Comment {
  /** Somebody answered it. */
  readonly isAnswered: boolean
}

export interface NewLineComment {
  readonly path: string
  /** Lines from 1, in the file as the pull request has it. */
  readonly line: number
  readonly startLine?: number
  readonly body: string
}

/** Seconds, for all that is asked. GitHub may say that a minute is to be waited for; a job is not to hang for an hour. */
const patience = 90
const retries = 2
/** Those of the package, and 429: when to ask again after that is said by GitHub, and heeded by the other package. */
const doNotRetry = [400, 401, 403, 404, 410, 422, 429, 451]

/** An answer that is no, as HTTP has it; none that can be used has no status. */
export interface Refusal {
  readonly status: number | null
  readonly message: string
}

/** Null for anything else that may be thrown. GraphQL says no in an answer of status 200. */
export function refusal(error: unknown): Refusal | null {
  if (error instanceof NoAnswer) return { status: null, message: error.message }
  if (error instanceof RequestError) {
    const [message = ''] = error.message.slice(0, 300).split(/[\r\n]/)
    return { status: error.response ? error.status : null, message }
  }
  if (!(error instanceof GraphqlResponseError)) return null
  const [first] = Array.isArray(error.errors) ? error.errors : []
  const status = lookUp({ FORBIDDEN: 403, NOT_FOUND: 404 }, String(first?.type)) ?? 422
  return { status, message: String(first?.message ?? error.message).slice(0, 300) }
}

/** The same for people, without a full stop. */
export function saidBy({ status, message }: Refusal): string {
  if (status !== null) return `GitHub answered ${status}, ${message}`
  return message.startsWith('GitHub') ? message : `GitHub did not answer: ${message}`
}

/** The answer, which has the shape that its use needs. Throws when it has not. */
function checked<Answer>(answer: Answer, shape: Shape): Answer {
  const wrong = misshapen(answer, shape)
  if (wrong === null) return answer
  throw new NoAnswer(`GitHub's answer is not what its API gives (${shape}: ${wrong})`)
}

/** Pages of a list, of a hundred entries each. */
const mostPages = 20

/** Throws a Failure when a list has no end in sight. */
function counting(what: string): () => void {
  let pages = 0
  return () => {
    if (++pages > mostPages) throw new Failure(`${what} are more than ${mostPages} pages long`)
  }
}

/** A plugin before the others: each attempt has its own time, and waiting for the next one costs none of it. */
function withPatience(patience: Patience): Parameters<typeof getOctokit>[2] {
  return ({ hook }) => {
    let asking: typeof fetch | undefined
    // A hook that passes other options on is not heard by those below it: they are changed in place, for each attempt again.
    hook.before('request', ({ request }) => {
      asking ??= patience.asking(request.fetch ?? fetch)
      request.fetch = asking
    })
  }
}

/** What the action asks of GitHub. What it throws is told by `refusal`. */
export class Api {
  readonly #octokit
  readonly #repository: { readonly owner: string; readonly repo: string }

  constructor(token: string, repository: { readonly owner: string; readonly repo: string }) {
    let left = patience
    const isWorthWaiting = (seconds: number) => {
      if (seconds > left) return false
      left -= seconds
      return true
    }
    const options = {
      throttle: { onRateLimit: isWorthWaiting, onSecondaryRateLimit: isWorthWaiting },
      retry: { retries, doNotRetry },
    }
    this.#octokit = getOctokit(token, options, withPatience(new Patience()), throttling, retry)
    this.#repository = repository
  }

  async mergeBase(base: string, head: string): Promise<string> {
    const { data } = await this.#octokit.rest.repos.compareCommitsWithBasehead({
      ...this.#repository,
      basehead: `${base}...${head}`,
      // The commits are not wanted.
      per_page: 1,
    })
    return checked(data, 'merge base').merge_base_commit.sha
  }

  /** Null when there is none, or this token may not see it. */
  async pullRequest(number: number): Promise<PullRequestPayload | null> {
    try {
      const { data } = await this.#octokit.rest.pulls.get({ ...this.#repository, pull_number: number })
      return checked(data, 'pull request')
    } catch (error) {
      if ([401, 403, 404].includes(refusal(error)?.status ?? 0)) return null
      throw error
    }
  }

  /** Open pull requests from `owner:branch`. */
  async pullRequestsFrom(head: string): Promise<readonly PullRequestPayload[]> {
    const asked = { ...this.#repository, head, state: 'open', per_page: 100 } as const
    const found: PullRequestPayload[] = []
    const turn = counting('The open pull requests of this branch')
    for await (const { data } of this.#octokit.paginate.iterator(this.#octokit.rest.pulls.list, asked)) {
      turn()
      append(found, checked(data, 'list of pull requests'))
    }
    return found
  }

  /** The newest comment of this token's owner that holds the text, those that were hidden by somebody left out. */
  async ownComment(number: number, text: string): Promise<Comment | null> {
    let after: string | null = null
    let found: Comment | null = null
    const turn = counting('The comments of the pull request')
    do {
      turn()
      const answer: CommentsPage = await this.#octokit.graphql(commentsQuery, { ...this.#repository, number, after })
      const page = checked(answer, 'list of comments')
      // GraphQL has the name of an app without the "[bot]" that the viewer's has.
      const own = page.viewer.login.replace('[bot]', '')
      const { nodes, pageInfo } = page.repository.pullRequest.comments
      for (const { databaseId: id, author, isMinimized, body } of nodes) {
        if (author?.login === own && !isMinimized && body.includes(text)) found = { id, body }
      }
      after = pageInfo.hasNextPage ? pageInfo.endCursor : null
    } while (after !== null)
    return found
  }

  /** Returns the comment's id. */
  async comment(number: number, body: string): Promise<number> {
    const { data } = await this.#octokit.rest.issues.createComment({ ...this.#repository, issue_number: number, body })
    return checked(data, 'comment').id
  }

  async updateComment(id: number, body: string): Promise<void> {
    await this.#octokit.rest.issues.updateComment({ ...this.#repository, comment_id: id, body })
  }

  async deleteComment(id: number): Promise<void> {
    await this.#octokit.rest.issues.deleteComment({ ...this.#repository, comment_id: id })
  }

  /** Comments of this token's owner on lines, those that hold the text. */
  async lineComments(number: number, text: string): Promise<readonly LineComment[]> {
    const asked = { ...this.#repository, pull_number: number, per_page: 100 }
    const pages = this.#octokit.paginate.iterator(this.#octokit.rest.pulls.listReviewComments, asked)
    const turn = counting('The comments on the lines of the pull request')
    const all: GivenLineComment[] = []
    for await (const { data } of pages) {
      turn()
      append(all, checked(data, 'list of comments on lines'))
    }
    const answer = await this.#octokit.graphql<{ viewer: { login: string } }>('query { viewer { login } }')
    const { viewer } = checked(answer, 'viewer')
    const answered = new Set(all.map(comment => comment.in_reply_to_id))
    return all
      .filter(({ body, user }) => user?.login === viewer.login && body.includes(text))
      .map(({ id, body }) => ({ id, body, isAnswered: answered.has(id) }))
  }

  async deleteLineComment(id: number): Promise<void> {
    await this.#octokit.rest.pulls.deleteReviewComment({ ...this.#repository, comment_id: id })
  }

  /** A review that neither approves nor asks for changes. */
  async review(number: number, commit: string, body: string, comments: readonly NewLineComment[]): Promise<void> {
    await this.#octokit.rest.pulls.createReview({
      ...this.#repository,
      pull_number: number,
      commit_id: commit,
      event: 'COMMENT',
      body,
      comments: comments.map(({ path, line, startLine, body }) => ({
        path,
        body,
        line,
        side: 'RIGHT',
        ...(startLine !== undefined && startLine !== line && { start_line: startLine, start_side: 'RIGHT' }),
      })),
    })
  }
}

/** A comment on a line, as far as it is looked at. */
interface GivenLineComment {
  readonly id: number
  readonly body: string
  readonly user: { readonly login: string } | null
  readonly in_reply_to_id?: number
}

interface CommentsPage {
  readonly viewer: { readonly login: string }
  readonly repository: {
    readonly pullRequest: {
      readonly comments: {
        readonly nodes: readonly {
          readonly databaseId: number
          readonly author: { readonly login: string } | null
          readonly isMinimized: boolean
          readonly body: string
        }[]
        readonly pageInfo: { readonly endCursor: string | null; readonly hasNextPage: boolean }
      }
    }
  }
}

const commentsQuery = `
query($owner: String!, $repo: String!, $number: Int!, $after: String) {
  viewer { login }
  repository(owner: $owner, name: $repo) {
    pullRequest(number: $number) {
      comments(first: 100, after: $after) {
        nodes { databaseId author { login } isMinimized body }
        pageInfo { endCursor hasNextPage }
      }
    }
  }
}`
