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
  /** True if somebody answered it. */
  readonly isAnswered: boolean
}

export interface NewLineComment {
  readonly path: string
  /** Lines from 1, in the file as the pull request has it. */
  readonly line: number
  readonly startLine?: number
  readonly body: string
}

/** Seconds for all requests together. GitHub may ask to wait for a minute, but a job must not hang for an hour. */
const patience = 90
const retries = 2
/** The package's defaults plus 429, which plugin-throttling retries as GitHub's Retry-After says. */
const doNotRetry = [400, 401, 403, 404, 410, 422, 429, 451]

/** A refusal by GitHub, as HTTP expresses it. An answer that cannot be used has no status. */
export interface Refusal {
  readonly status: number | null
  readonly message: string
}

/** Null for any other error. GraphQL refuses in an answer with status 200. */
export function refusal(error: unknown): Refusal | null {
  if (error instanceof NoAnswer) return { status: null, message: error.message }
  if (error instanceof RequestError) {
    const [message = ''] = error.message.slice(0, 300).split(/[\r\n]/)
    if (error.response) return { status: error.status, message }
    // The package wraps whatever its fetch throws.
    return { status: null, message: error.cause instanceof NoAnswer ? message : `GitHub did not answer: ${message}` }
  }
  if (!(error instanceof GraphqlResponseError)) return null
  const [first] = Array.isArray(error.errors) ? error.errors : []
  const status = lookUp({ FORBIDDEN: 403, NOT_FOUND: 404 }, String(first?.type)) ?? 422
  return { status, message: String(first?.message ?? error.message).slice(0, 300) }
}

/** The refusal in words, without a full stop. */
export function saidBy({ status, message }: Refusal): string {
  return status === null ? message : `GitHub answered ${status}, ${message}`
}

/** The answer, after a check that it has the shape its use needs. Throws if it does not. */
function checked<Answer>(answer: Answer, shape: Shape): Answer {
  const wrong = misshapen(answer, shape)
  if (wrong === null) return answer
  throw new NoAnswer(`GitHub's answer is not what its API gives (${shape}: ${wrong})`)
}

/** The most pages of a list that are read, with a hundred entries each. */
const mostPages = 20

/** Throws a Failure if a list is longer than that. */
function counting(what: string): () => void {
  let pages = 0
  return () => {
    if (++pages > mostPages) throw new Failure(`${what} are more than ${mostPages} pages long`)
  }
}

/**
 * A plugin that runs before the others: each attempt has its own time limit, and waiting for the next attempt does not
 * count.
 */
function withPatience(patience: Patience): Parameters<typeof getOctokit>[2] {
  return ({ hook }) => {
    let asking: typeof fetch | undefined
    // Hooks below this one do not see options that it passes on, so the options are changed in place, again for each
    // attempt.
    hook.before('request', ({ request }) => {
      asking ??= patience.asking(request.fetch ?? fetch)
      request.fetch = asking
    })
  }
}

/** The requests of the action to GitHub. `refusal` explains the errors that it throws. */
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

  /** Null if there is no such pull request, or if this token may not see it. */
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

  /**
   * The newest comment of this token's owner that contains the text. Comments that somebody has hidden are left out.
   */
  async ownComment(number: number, text: string): Promise<Comment | null> {
    let after: string | null = null
    let found: Comment | null = null
    const turn = counting('The comments of the pull request')
    do {
      turn()
      const answer: CommentsPage = await this.#octokit.graphql(commentsQuery, { ...this.#repository, number, after })
      const page = checked(answer, 'list of comments')
      // GraphQL gives the name of an app without the "[bot]" that the viewer's name has.
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

  /** The comments of this token's owner on lines that contain the text. */
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

/** The parts of a comment on a line that the action reads. */
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
