import { Failure } from '../failure.ts'
import type { Base, NoBase } from '../git/base.ts'
import { fetch, fetched, findBase, mergedInto, onBranch } from '../git/base.ts'
import type { Repository } from '../git/repository.ts'
import { type Api, refusal } from './api.ts'
import type { Event, PullRequest } from './event.ts'

/** What is linted and what it is compared with. */
export interface Checkout {
  /** The commit that contains the migrations, if that is not what is on disk. */
  readonly commit: string | undefined
  readonly base: Base | NoBase
}

export interface CheckoutOptions {
  /** The input: a branch or a commit. */
  readonly base: string | undefined
  /** `baseRef` of the configuration. */
  readonly baseRef: string | null
  readonly env: Readonly<Record<string, string | undefined>>
}

/**
 * Finds out what an event is about, in clones of any depth, and fetches what is missing. The files of a pull request
 * are read from disk where it was checked out. They are read from git where something else was checked out, as it
 * should be after `pull_request_target` and `workflow_run`. Throws a Failure if that is not possible.
 */
export async function checkoutOf(
  event: Event,
  repository: Repository,
  api: Api | null,
  { base, baseRef, env }: CheckoutOptions,
): Promise<Checkout> {
  const head = repository.commit('HEAD')
  if (head === null) return { commit: undefined, base: { why: 'the repository has no commit yet', expected: false } }
  const { pullRequest } = event
  const isElsewhere = pullRequest !== null && event.name !== 'pull_request' && !holds(repository, head, pullRequest)
  const commit = isElsewhere ? fetchedPullRequest(pullRequest, repository, env) : undefined
  const at = commit ?? head
  const wanted = base ?? baseRef
  if (wanted !== null) return { commit, base: named(repository, at, wanted, env) }
  if (!pullRequest) return { commit, base: findBase(repository, { env }) }
  const parent = mergedInto(repository, at, pullRequest.head)
  if (parent !== null) return { commit, base: fetched(repository, parent, nameOf(pullRequest), env) }
  const point = at === pullRequest.head ? await branchingPoint(pullRequest, repository, api, env) : null
  return { commit, base: point ?? onBranch(repository, at, pullRequest.base.ref, env) }
}

/** True for the last commit of a pull request, and for the trial merge that GitHub makes. */
function holds(repository: Repository, commit: string, { head }: PullRequest): boolean {
  return commit === head || mergedInto(repository, commit, head) !== null
}

function named(repository: Repository, head: string, base: string, env: CheckoutOptions['env']): Base | NoBase {
  if (!/^[0-9a-f]{40,64}$/.test(base))
    return onBranch(repository, head, base.replace(/^(refs\/heads|origin)\//, ''), env)
  const found = fetched(repository, base, base.slice(0, 12), env)
  return 'why' in found ? found : { ...found, commit: repository.mergeBase(base, head) ?? base }
}

/**
 * The commit of a pull request in git: GitHub's trial merge, or the pull request's own last commit if the merge has
 * conflicts.
 */
function fetchedPullRequest(
  { number, head }: PullRequest,
  repository: Repository,
  env: CheckoutOptions['env'],
): string {
  const merge = `refs/remotes/pull/${number}/merge`
  fetch(repository, [`+refs/pull/${number}/merge:${merge}`], env)
  const commit = repository.commit(merge)
  if (commit && mergedInto(repository, commit, head)) return commit
  if (!('why' in fetched(repository, head, head, env))) return head
  throw new Failure(`The commit ${head.slice(0, 12)} of pull request #${number} cannot be fetched. ${remedy}`)
}

/** A sentence that says what to do if something cannot be fetched. */
export const remedy =
  'Give the action a "github-token" that may read the contents, or set "fetch-depth: 0" on actions/checkout.'

/**
 * The commit at which a pull request began. GitHub knows it even for a shallow clone, and then two commits are enough.
 * Null: GitHub did not say.
 */
async function branchingPoint(
  pullRequest: PullRequest,
  repository: Repository,
  api: Api | null,
  env: CheckoutOptions['env'],
): Promise<Base | null> {
  if (!api || !repository.isShallow) return null
  const { base, head } = pullRequest
  try {
    const commit = await api.mergeBase(base.sha, head)
    const missing = [...new Set([commit, base.sha])].filter(each => repository.commit(each) === null)
    if (missing.length > 0) fetch(repository, missing, env)
    const isThere = [commit, base.sha].every(each => repository.commit(each) !== null)
    return isThere ? { commit, tip: base.sha, name: nameOf(pullRequest) } : null
  } catch (error) {
    // Whatever GitHub's objection is, fetching the branch is another way.
    if (refusal(error)) return null
    throw error
  }
}

function nameOf({ base }: PullRequest): string {
  return `origin/${base.ref}`
}
