import { Failure } from '../failure.ts'
import { type Api, refusal, saidBy } from './api.ts'
import type { Payload, PullRequestPayload } from './payload.ts'

/** What the action has to know of a pull request. */
export interface PullRequest {
  readonly number: number
  /** Its last commit. */
  readonly head: string
  /** The branch that it is to be merged into, and the last commit there when the event was made. */
  readonly base: { readonly ref: string; readonly sha: string }
  readonly labels: readonly string[]
}

/** What started the workflow. */
export interface Event {
  /** As GitHub has it: `pull_request`. */
  readonly name: string
  /** For people: `pull request #12`. */
  readonly title: string
  readonly pullRequest: PullRequest | null
  /** It says what is changed; other events, such as a schedule, are about nothing in particular. */
  readonly isChange: boolean
  /** Nobody without the right to write to the repository can have made what is checked out. */
  readonly isTrusted: boolean
}

/** What is asked of GitHub about an event. */
type Asked = Pick<Api, 'pullRequest' | 'pullRequestsFrom'>

/** Events after which somebody with the right to write has put there what is checked out. */
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
 * Understands an event. A `workflow_run` does not say of which pull request from a fork it is, so GitHub is asked; as it is about
 * the one that the workflow names by its number. Throws a Failure when it does not answer.
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
  // The fork may be gone by now: then `repo` is null.
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
    `Input "pr-number": GitHub does not show pull request #${number}. It takes a "github-token" that may read it.`,
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
        'It takes "permissions: pull-requests: read".',
    )
  }
}
