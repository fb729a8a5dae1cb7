import { Failure } from '../failure.ts'
import type { Base, NoBase } from '../git/base.ts'
import { fetch, fetched, findBase, mergedInto, onBranch } from '../git/base.ts'
import type { Repository } from '../git/repository.ts'
import { type Api, refusal } from './api.ts'
import type { Event, PullRequest } from './event.ts'

/** What is linted, and what it is compared with. */
export interface Checkout {
  /** The commit that has the migrations, where that is not what is on disk. */
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
 * Finds out what an event is about, in clones of any depth; what is missing is fetched. What a pull request has is taken from
 * disk where it was checked out, and is read out of git where the checkout is of something else, as it should be after
 * `pull_request_target` and `workflow_run`. Throws a Failure when that cannot be had.
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

/** True for the last commit of a pull request, and for the merge that GitHub tries. */
function holds(repository: Repository, commit: string, { head }: PullRequest): boolean {
  return commit === head || mergedInto(repository, commit, head) !== null
}

function named(repository: Repository, head: string, base: string, env: CheckoutOptions['env']): Base | NoBase {
  if (!/^[0-9a-f]{40,64}$/.test(base))
    return onBranch(repository, head, base.replace(/^(refs\/heads|origin)\//, ''), env)
  const found = fetched(repository, base, base.slice(0, 12), env)
  return 'why' in found ? found : { ...found, commit: repository.mergeBase(base, head) ?? base }
}

/** The commit of a pull request in git: the merge that GitHub tries, or its own last commit where that merge has conflicts. */
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

/** What to do where something cannot be fetched, a sentence. */
export const remedy =
  'Give the action a "github-token" that may read the contents, or set "fetch-depth: 0" on actions/checkout.'

/** Where a pull request began. In a shallow clone GitHub knows, and then two commits are enough; null: it did not say. */
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
    // Whatever GitHub has against it, there is another way: to fetch the branch.
    if (refusal(error)) return null
    throw error
  }
}

function nameOf({ base }: PullRequest): string {
  return `origin/${base.ref}`
}
