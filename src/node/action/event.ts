import { Failure } from '../failure.ts'
import { type Api, refusal, saidBy } from './api.ts'
import type { Payload, PullRequestPayload } from './payload.ts'

/** The facts about a pull request that the action needs. */
export interface PullRequest {
  readonly number: number
  /** Its last commit. */
  readonly head: string
  /** The branch that it is to be merged into, and the last commit of that branch when the event was made. */
  readonly base: { readonly ref: string; readonly sha: string }
  readonly labels: readonly string[]
}

/** What started the workflow. */
export interface Event {
  /** GitHub's name for it: `pull_request`. */
  readonly name: string
  /** For people: `pull request #12`. */
  readonly title: string
  readonly pullRequest: PullRequest | null
  /** True if the event says what is changed. Other events, such as a schedule, are not about a change. */
  readonly isChange: boolean
  /** True if only people with the right to write to the repository can have made what is checked out. */
  readonly isTrusted: boolean
}

/** The questions to GitHub about an event. */
type Asked = Pick<Api, 'pullRequest' | 'pullRequestsFrom'>

/** Events after which the checkout contains only what somebody with the right to write has put there. */
const trusted = [
  'push',
  'merge_group',
  'workflow_dispatch',
  'schedule',
  'release',
  'repository_dispatch',
  'workflow_call',
]

/**
 * Understands an event. A `workflow_run` from a fork does not name its pull request, so GitHub is asked for it, and for
 * the pull request that the workflow names by its number. Throws a Failure if GitHub does not answer.
 */
export async function understand(
  name: string,
  payload: Payload,
  api: Asked | null,
  number: number | undefined,
): Promise<Event> {
  const found =
    payload.pull_request ??
    (number !== undefined ? await numbered(number, api) : name === 'workflow_run' ? await runOf(payload, api) : null)
  if (!found) {
    const isChange = name === 'push' || name === 'merge_group'
    return { name, title: name.replace('_', ' '), pullRequest: null, isChange, isTrusted: trusted.includes(name) }
  }
  const { head, base, labels = [] } = found
  // The fork may have been deleted by now: then `repo` is null.
  const isFork = !head.repo?.full_name || head.repo.full_name !== base.repo?.full_name
  return {
    name,
    title: `pull request #${found.number}`,
    pullRequest: {
      number: found.number,
      head: head.sha,
      base: { ref: base.ref, sha: base.sha },
      labels: labels.flatMap(label => (typeof label === 'string' ? label : (label.name ?? []))),
    },
    isChange: true,
    isTrusted: name === 'pull_request' && !isFork,
  }
}

async function numbered(number: number, api: Asked | null): Promise<PullRequestPayload> {
  let found: PullRequestPayload | null | undefined
  try {
    found = await api?.pullRequest(number)
  } catch (error) {
    const said = refusal(error)
    throw said ? new Failure(`Input "pr-number": pull request #${number} cannot be seen. ${saidBy(said)}`) : error
  }
  if (found) return found
  throw new Failure(
    `Input "pr-number": GitHub does not show pull request #${number}. This needs a "github-token" that may read it.`,
  )
}

async function runOf({ workflow_run: run }: Payload, api: Asked | null): Promise<PullRequestPayload | null> {
  const owner = run?.head_repository?.owner?.login
  if (!api || !run?.head_sha || !run.head_branch || !owner) return null
  try {
    const all = await api.pullRequestsFrom(`${owner}:${run.head_branch}`)
    return all.find(({ head }) => head.sha === run.head_sha) ?? null
  } catch (error) {
    const said = refusal(error)
    if (!said) throw error
    throw new Failure(
      `GitHub does not say for which pull request the workflow ran (${said.status ?? 'no answer'}, ${said.message}). ` +
        'This needs "permissions: pull-requests: read".',
    )
  }
}
