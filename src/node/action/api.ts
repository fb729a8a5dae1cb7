import { getOctokit } from '@actions/github'
import { GraphqlResponseError } from '@octokit/graphql'
import { retry } from '@octokit/plugin-retry'
import { throttling } from '@octokit/plugin-throttling'
import { RequestError } from '@octokit/request-error'
import { lookUp } from '../../parse/look-up.ts'
import type { PullRequestPayload } from './event.ts'

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
/** Milliseconds for one answer: without it, Node.js waits five minutes, and that again each time. */
const timeout = 20_000
const retries = 2
/** Those of the package, and 429: when to ask again after that is said by GitHub, and heeded by the other package. */
const doNotRetry = [400, 401, 403, 404, 410, 422, 429, 451]

/** An answer that is no, or none at all, as HTTP has it. */
export interface Refusal {
  readonly status: number
  readonly message: string
}

/** Null for anything else that may be thrown. GraphQL says no in an answer of status 200. */
export function refusal(error: unknown): Refusal | null {
  if (error instanceof RequestError) return { status: error.status, message: error.message }
  if (!(error instanceof GraphqlResponseError)) return null
  const [first] = error.errors ?? []
  const status = lookUp({ FORBIDDEN: 403, NOT_FOUND: 404 }, first?.type ?? '') ?? 422
  return { status, message: first?.message ?? error.message }
}

/** A plugin before the others, so that each attempt has its own time, and waiting for the next one costs none of it. */
const inTime: Parameters<typeof getOctokit>[2] = ({ hook }) => {
  hook.before('request', ({ request }) => {
    request.signal = AbortSignal.timeout(timeout)
  })
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
    this.#octokit = getOctokit(token, options, inTime, throttling, retry)
    this.#repository = repository
  }

  async mergeBase(base: string, head: string): Promise<string> {
    const { data } = await this.#octokit.rest.repos.compareCommitsWithBasehead({
      ...this.#repository,
      basehead: `${base}...${head}`,
      // The commits are not wanted.
      per_page: 1,
    })
    return data.merge_base_commit.sha
  }

  /** Null when there is none, or this token may not see it. */
  async pullRequest(number: number): Promise<PullRequestPayload | null> {
    try {
      const { data } = await this.#octokit.rest.pulls.get({ ...this.#repository, pull_number: number })
      return data
    } catch (error) {
      if (refusal(error)) return null
      throw error
    }
  }

  /** Open pull requests from `owner:branch`. */
  async pullRequestsFrom(head: string): Promise<readonly PullRequestPayload[]> {
    return await this.#octokit.paginate(this.#octokit.rest.pulls.list, {
      ...this.#repository,
      head,
      state: 'open',
      per_page: 100,
    })
  }

  /** The newest comment of this token's owner that holds the text, those that were hidden by somebody left out. */
  async ownComment(number: number, text: string): Promise<Comment | null> {
    let after: string | null = null
    let found: Comment | null = null
    do {
      const page: CommentsPage = await this.#octokit.graphql(commentsQuery, { ...this.#repository, number, after })
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
    return data.id
  }

  async updateComment(id: number, body: string): Promise<void> {
    await this.#octokit.rest.issues.updateComment({ ...this.#repository, comment_id: id, body })
  }

  async deleteComment(id: number): Promise<void> {
    await this.#octokit.rest.issues.deleteComment({ ...this.#repository, comment_id: id })
  }

  /** Comments of this token's owner on lines, those that hold the text. */
  async lineComments(number: number, text: string): Promise<readonly LineComment[]> {
    const all = await this.#octokit.paginate(this.#octokit.rest.pulls.listReviewComments, {
      ...this.#repository,
      pull_number: number,
      per_page: 100,
    })
    const { viewer } = await this.#octokit.graphql<{ viewer: { login: string } }>('query { viewer { login } }')
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
