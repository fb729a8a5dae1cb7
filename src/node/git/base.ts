import { readFileSync } from 'node:fs'
import { shellWord } from '../../code/spelling/shell.ts'
import { lookUp } from '../../parse/look-up.ts'
import { withoutTrailing } from '../../parse/trailing.ts'
import { Failure } from '../failure.ts'
import type { GitErrorKind } from './error.ts'
import { GitError } from './error.ts'
import type { Repository } from './repository.ts'

/** The work that has been applied already, as far as git can show. */
export interface Base {
  /**
   * The commit at which this line of work began: the merge base. Its migrations are applied. Before the first commit,
   * it is the empty tree.
   */
  readonly commit: string
  /** The newest commit of that branch, which may contain other work by now. */
  readonly tip: string
  /** For people: `origin/main`. */
  readonly name: string
}

export interface BaseOptions {
  /** `--since`. */
  readonly since?: string | undefined
  /** `baseRef` of the configuration. */
  readonly baseRef?: string | null
  /**
   * If there is no branch to compare with, everything that is committed counts as applied. Before the first commit,
   * nothing does.
   */
  readonly orHead?: boolean | undefined
  readonly env: Readonly<Record<string, string | undefined>>
}

/**
 * `why`: the reason there is no base, a sentence without a full stop. `expected`: true if a base was configured or
 * named.
 */
export interface NoBase {
  readonly why: string
  readonly expected: boolean
  /** The kind of error, if git could not answer. */
  readonly kind?: GitErrorKind
}

/**
 * Finds the commit that the work tree is compared with. The flag decides; without it the configuration, pre-commit, the
 * CI system, the default branch of origin, and the upstream branch, in this order. Throws a Failure if the flag names
 * something that does not exist.
 */
export function findBase(repository: Repository, { since, baseRef, orHead, env }: BaseOptions): Base | NoBase {
  const head = repository.head()
  if (head === null) {
    const why = 'the repository has no commit yet'
    if (since !== undefined) throw new Failure(`--since ${since}: ${why}.`)
    if (!orHead) return { why, expected: false }
    const nothing = repository.emptyTree()
    return { commit: nothing, tip: nothing, name: 'nothing' }
  }
  if (since !== undefined) {
    const found = from(repository, head, since)
    if ('why' in found) throw new Failure(`--since ${since}: ${found.why}.`)
    return found
  }
  if (typeof baseRef === 'string') return from(repository, head, baseRef)
  const hook = env.PRE_COMMIT_FROM_REF
  if (hook) return from(repository, head, hook)
  const found = inContinuousIntegration(repository, head, env) ?? local(repository, head)
  return 'why' in found && !found.expected && orHead ? { commit: head, tip: head, name: 'HEAD' } : found
}

function local(repository: Repository, head: string): Base | NoBase {
  const isThere = (name: string) => repository.commit(name) !== null
  const remote = ['origin/HEAD', 'origin/main', 'origin/master', '@{upstream}'].find(isThere)
  const name = remote ?? otherMain(repository).find(isThere)
  if (name === undefined)
    return { why: 'there is no origin/main, no upstream branch and no other main branch', expected: false }
  return from(repository, head, name)
}

/** The usual names of the main branch, but for the branch that is checked out. */
function otherMain({ git }: Repository): string[] {
  const branch = git.ask(['symbolic-ref', '--quiet', '--short', 'HEAD'])
  return ['main', 'master'].filter(name => name !== branch)
}

function from(repository: Repository, head: string, ref: string): Base | NoBase {
  const names = repository.commit(ref) === null ? [`origin/${ref}`] : [ref]
  const [name = ref] = names
  const tip = repository.commit(name)
  if (tip === null) return { why: `git does not know a commit "${ref}"${fetching(repository, ref)}`, expected: true }
  const commit = repository.mergeBase(tip, head)
  if (commit !== null) return { commit, tip, name: readable(repository, name) }
  return { why: `"${name}" and HEAD have no common commit here${fetching(repository, ref)}`, expected: true }
}

/** `origin/HEAD` is `origin/main` to people. */
function readable({ git }: Repository, name: string): string {
  if (/^[0-9a-f]{40,64}$/.test(name)) return name.slice(0, 12)
  // These names are our own. For others, rev-parse would print --end-of-options back unless it verifies.
  return ['origin/HEAD', '@{upstream}'].includes(name) ? git.ask(['rev-parse', '--abbrev-ref', name]) || name : name
}

function fetching({ isShallow }: Repository, ref: string): string {
  const branch = ref.replace(/^origin\//, '')
  return isShallow
    ? `, because the clone is shallow: fetch more of it, for instance by "git fetch --unshallow origin ${shellWord(branch)}"`
    : ''
}

/** The variables in which CI systems name the branch, or the commit, that a change is for. */
const targets: readonly { readonly branch?: string; readonly commit?: string }[] = [
  { commit: 'CI_MERGE_REQUEST_DIFF_BASE_SHA', branch: 'CI_MERGE_REQUEST_TARGET_BRANCH_NAME' }, // GitLab
  { branch: 'GITHUB_BASE_REF' },
  { branch: 'BITBUCKET_PR_DESTINATION_BRANCH' },
  { branch: 'SYSTEM_PULLREQUEST_TARGETBRANCH' }, // Azure Pipelines
  { branch: 'BUILDKITE_PULL_REQUEST_BASE_BRANCH' },
  { branch: 'CHANGE_TARGET' }, // Jenkins
  { branch: 'DRONE_TARGET_BRANCH' },
  { commit: 'CI_COMMIT_BEFORE_SHA' }, // GitLab, a push
]

function inContinuousIntegration(repository: Repository, head: string, env: BaseOptions['env']): Base | NoBase | null {
  const event = githubEvent(env)
  if (event?.pullRequest !== undefined) {
    const parent = mergedInto(repository, head, event.pullRequest)
    if (parent !== null) return fetched(repository, parent, `origin/${env.GITHUB_BASE_REF}`, env)
  }
  if (event?.before !== undefined) return orDefault(repository, head, event.before, event.besides, env)
  for (const { branch, commit } of targets) {
    const [sha, name] = [commit && lookUp(env, commit), branch && lookUp(env, branch)?.replace(/^refs\/heads\//, '')]
    if (sha && !/^0+$/.test(sha) && repository.commit(sha) !== null) return from(repository, head, sha)
    if (name) return onBranch(repository, head, name, env)
  }
  return null
}

/** What GitHub's event says in addition to its variables. */
interface GithubEvent {
  /** The last commit of a pull request. */
  readonly pullRequest?: string
  /** The last commit before a push, or the commit that a merge queue adds to. */
  readonly before?: string
  /** The main branch, if another branch was pushed; null: the main branch itself, or a tag, was pushed. */
  readonly besides?: string | null
}

function githubEvent({ GITHUB_EVENT_NAME: kind, GITHUB_EVENT_PATH: path }: BaseOptions['env']): GithubEvent | null {
  if (!path || !(kind === 'pull_request' || kind === 'push' || kind === 'merge_group')) return null
  try {
    const payload = JSON.parse(readFileSync(path, 'utf8'))
    const sha = {
      pull_request: payload.pull_request?.head?.sha,
      push: payload.before,
      merge_group: payload.merge_group?.base_sha,
    }[kind]
    if (typeof sha !== 'string') return null
    if (kind === 'pull_request') return { pullRequest: sha }
    const { ref, repository: { default_branch: main } = {} } = payload
    if (typeof ref !== 'string' || typeof main !== 'string') return { before: sha }
    return { before: sha, besides: /^refs\/heads\//.test(ref) && ref !== `refs/heads/${main}` ? main : null }
  } catch {
    return null
  }
}

/**
 * The commit that a pull request is merged into. `merge` is the trial merge that GitHub makes and checks out by
 * default. Its first parent is all that is known. Null if it is another commit.
 */
export function mergedInto(repository: Repository, merge: string, pullRequest: string): string | null {
  const [parent, second] = repository.parents(merge)
  return parent !== undefined && second === pullRequest ? parent : null
}

/** Returns the given commit as the base. It is fetched if a shallow clone lacks it. */
export function fetched(repository: Repository, commit: string, name: string, env: BaseOptions['env']): Base | NoBase {
  if (repository.commit(commit) === null) fetch(repository, [commit], env)
  if (repository.commit(commit) !== null) return { commit, tip: commit, name }
  return { why: `the commit ${commit.slice(0, 12)} that the change is compared with cannot be fetched`, expected: true }
}

function orDefault(
  repository: Repository,
  head: string,
  commit: string,
  besides: string | null | undefined,
  env: BaseOptions['env'],
): Base | NoBase {
  // A new branch has no commit before it, and a commit that was overwritten by a forced push may be gone.
  const before = /^0+$/.test(commit) ? null : fetched(repository, commit, commit.slice(0, 12), env)
  // A shallow clone does not show how the two commits are related. It need not, because this is the state before the
  // push.
  if (before && !('why' in before)) return { ...before, commit: repository.mergeBase(commit, head) ?? commit }
  // The main branch is where the checkout left it: compared with itself, nothing would be new.
  if (besides === null) return { why: 'git does not have what was there before', expected: false }
  const main = besides === undefined ? null : onBranch(repository, head, besides, env)
  return main && !('why' in main) ? main : local(repository, head)
}

/**
 * A branch of origin. If a shallow clone does not show where this work began, one fetch gets all commits, but not the
 * files.
 */
export function onBranch(repository: Repository, head: string, name: string, env: BaseOptions['env']): Base | NoBase {
  const remote = `origin/${name}`
  const found = from(repository, head, repository.commit(remote) === null ? name : remote)
  if (!('why' in found) || !repository.isShallow) return found
  fetch(repository, [`+refs/heads/${name}:refs/remotes/${remote}`], env, ['--unshallow', '--filter=blob:none'])
  const after = from(repository, head, remote)
  return 'why' in after ? found : after
}

/**
 * Fetches commits and branches of origin. Only CI does so; a hook on somebody's machine does not. A fetch that fails
 * shows later, in what is missing. If the checkout kept no credentials, those of the environment are tried.
 */
export function fetch(
  repository: Repository,
  what: readonly string[],
  env: BaseOptions['env'],
  // Fetches only what is asked for, but must not turn a complete clone into a shallow one.
  options: readonly string[] = repository.isShallow ? ['--depth=1'] : [],
): void {
  for (const header of [[], ...credentials(env)]) {
    try {
      repository.fetch(['--quiet', '--no-tags', ...options, '--end-of-options', 'origin', ...what], header)
      return
    } catch (error) {
      if (!(error instanceof GitError)) throw error
    }
  }
}

/** The token in the form that actions/checkout gives to git: a header for the server, never on a command line. */
function credentials({ GITHUB_TOKEN: token, GITHUB_SERVER_URL: server }: BaseOptions['env']) {
  if (!token || !server) return []
  const basic = Buffer.from(`x-access-token:${token}`).toString('base64')
  return [[[`http.${withoutTrailing(server, '/')}/.extraheader`, `AUTHORIZATION: basic ${basic}`] as const]]
}
