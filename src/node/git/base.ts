import { readFileSync } from 'node:fs'
import { lookUp } from '../../parse/look-up.ts'
import { withoutTrailing } from '../../parse/trailing.ts'
import { Failure } from '../failure.ts'
import type { GitErrorKind } from './error.ts'
import { GitError } from './error.ts'
import type { Repository } from './repository.ts'

/** What has been applied already, as far as git tells. */
export interface Base {
  /** Where this line of work began: the merge base. What it has is applied. Before the first commit, the empty tree. */
  readonly commit: string
  /** What is there by now; other work may have come since. */
  readonly tip: string
  /** For people: `origin/main`. */
  readonly name: string
}

export interface BaseOptions {
  /** `--since`. */
  readonly since?: string | undefined
  /** `baseRef` of the configuration. */
  readonly baseRef?: string | null
  /** Without a branch to compare with: what is committed counts as applied, and before the first commit nothing. */
  readonly orHead?: boolean | undefined
  readonly env: Readonly<Record<string, string | undefined>>
}

/** Why there is no base, a sentence without a period; `expected`: something said that there would be one. */
export interface NoBase {
  readonly why: string
  readonly expected: boolean
  /** Where git could not answer. */
  readonly kind?: GitErrorKind
}

/**
 * Finds what the work tree is compared with: what the flag names, else the configuration, pre-commit, the continuous integration,
 * the default branch of origin, the upstream branch. Throws a Failure when the flag names nothing.
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
  const branch = repository.git.ask(['symbolic-ref', '--quiet', '--short', 'HEAD'])
  const usual = ['main', 'master'].filter(name => name !== branch)
  const names = ['origin/HEAD', 'origin/main', 'origin/master', '@{upstream}', ...usual]
  const name = names.find(each => repository.commit(each) !== null)
  if (name === undefined)
    return { why: 'there is no origin/main, no upstream branch and no other main branch', expected: false }
  return from(repository, head, name)
}

function from(repository: Repository, head: string, ref: string): Base | NoBase {
  const names = repository.commit(ref) === null ? [`origin/${ref}`] : [ref]
  const [name = ref] = names
  const tip = repository.commit(name)
  if (tip === null) return { why: `git knows no commit "${ref}"${fetching(repository, ref)}`, expected: true }
  const commit = repository.mergeBase(tip, head)
  if (commit !== null) return { commit, tip, name: readable(repository, name) }
  return { why: `"${name}" and HEAD have no common commit here${fetching(repository, ref)}`, expected: true }
}

/** `origin/HEAD` is `origin/main` to people. */
function readable({ git }: Repository, name: string): string {
  if (/^[0-9a-f]{40,64}$/.test(name)) return name.slice(0, 12)
  // These are names of our own: rev-parse prints --end-of-options back unless it verifies.
  return ['origin/HEAD', '@{upstream}'].includes(name) ? git.ask(['rev-parse', '--abbrev-ref', name]) || name : name
}

function fetching({ isShallow }: Repository, ref: string): string {
  const branch = ref.replace(/^origin\//, '')
  return isShallow
    ? `, as the clone is shallow: fetch more of it, for instance by "git fetch --unshallow origin ${branch}"`
    : ''
}

/** Where continuous integrations say which branch, or which commit, a change is for. */
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

/** What GitHub's event says beyond its variables. */
interface GithubEvent {
  /** The last commit of a pull request. */
  readonly pullRequest?: string
  /** What there was before a push, or what a merge queue adds to. */
  readonly before?: string
  /** The main branch, where another one was pushed; null: it was itself, or a tag. */
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
 * What a pull request is merged into, where `merge` is the commit that GitHub makes to try that, and checks out by default: its
 * first parent, which is all there is to know. Null when it is another commit.
 */
export function mergedInto(repository: Repository, merge: string, pullRequest: string): string | null {
  const [parent, second] = repository.parents(merge)
  return parent !== undefined && second === pullRequest ? parent : null
}

/** A commit that is itself what was there before; it is fetched where a shallow clone lacks it. */
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
  // A new branch has no commit before it; one that was pushed over may be gone.
  const before = /^0+$/.test(commit) ? null : fetched(repository, commit, commit.slice(0, 12), env)
  // A shallow clone does not show how the two are related, and need not: this is what was there before.
  if (before && !('why' in before)) return { ...before, commit: repository.mergeBase(commit, head) ?? commit }
  // The main branch is where the checkout left it: compared with itself, nothing would be new.
  if (besides === null) return { why: 'git does not have what was there before', expected: false }
  const main = besides === undefined ? null : onBranch(repository, head, besides, env)
  return main && !('why' in main) ? main : local(repository, head)
}

/** A branch of origin. Where a shallow clone does not show where this work left it, one fetch gets all commits, without the files. */
export function onBranch(repository: Repository, head: string, name: string, env: BaseOptions['env']): Base | NoBase {
  const remote = `origin/${name}`
  const found = from(repository, head, repository.commit(remote) === null ? name : remote)
  if (!('why' in found) || !repository.isShallow) return found
  fetch(repository, [`+refs/heads/${name}:refs/remotes/${remote}`], env, ['--unshallow', '--filter=blob:none'])
  const after = from(repository, head, remote)
  return 'why' in after ? found : after
}

/**
 * Gets commits and branches of origin. Only continuous integration does so: a hook on someone's machine does not. That it fails
 * shows in what is missing. Where the checkout kept no credentials, those of the environment are tried.
 */
export function fetch(
  { git, isShallow }: Repository,
  what: readonly string[],
  env: BaseOptions['env'],
  // No more than is asked for; but a clone that has everything is not to become a shallow one.
  options: readonly string[] = isShallow ? ['--depth=1'] : [],
): void {
  for (const header of [[], ...credentials(env)]) {
    try {
      git.fetch(['--quiet', '--no-tags', ...options, '--end-of-options', 'origin', ...what], header)
      return
    } catch (error) {
      if (!(error instanceof GitError)) throw error
    }
  }
}

/** As actions/checkout hands the token to git: a header for the server, and nowhere on a command line. */
function credentials({ GITHUB_TOKEN: token, GITHUB_SERVER_URL: server }: BaseOptions['env']) {
  if (!token || !server) return []
  const basic = Buffer.from(`x-access-token:${token}`).toString('base64')
  return [[[`http.${withoutTrailing(server, '/')}/.extraheader`, `AUTHORIZATION: basic ${basic}`] as const]]
}
