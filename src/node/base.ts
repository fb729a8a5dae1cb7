import { readFileSync } from 'node:fs'
import { Failure } from './failure.ts'
import { GitError } from './git.ts'
import type { Repository } from './repository.ts'

/** What has been applied already, as far as git tells. */
export interface Base {
  /** Where this line of work began: the merge base. What it has is applied. */
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
  /** Without a branch to compare with: what is committed counts as applied. */
  readonly orHead?: boolean | undefined
  readonly env: Readonly<Record<string, string | undefined>>
}

/** Why there is no base, a sentence without a period; `expected`: something said that there would be one. */
export interface NoBase {
  readonly why: string
  readonly expected: boolean
}

/**
 * Finds what the work tree is compared with: what the flag names, else the configuration, pre-commit, the continuous integration,
 * the default branch of origin, the upstream branch. Throws a Failure when the flag names nothing.
 */
export function findBase(repository: Repository, { since, baseRef, orHead, env }: BaseOptions): Base | NoBase {
  const head = repository.commit('HEAD')
  if (head === null) return { why: 'the repository has no commit yet', expected: false }
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
  if (event) return event.isMerge ? parentOf(repository, head, event) : orDefault(repository, head, event.commit)
  for (const { branch, commit } of targets) {
    const [sha, name] = [commit && env[commit], branch && env[branch]?.replace(/^refs\/heads\//, '')]
    if (sha && !/^0+$/.test(sha) && repository.commit(sha) !== null) return from(repository, head, sha)
    if (!name) continue
    const remote = `origin/${name}`
    const found = from(repository, head, repository.commit(remote) === null ? name : remote)
    return 'why' in found ? deepened(repository, head, name, found) : found
  }
  return null
}

interface GithubEvent {
  readonly commit: string
  readonly name: string
  /** HEAD is the merge of the change with its base, made by GitHub. */
  readonly isMerge: boolean
}

/** What GitHub says of the event; null when GITHUB_BASE_REF says as much, or it is none of GitHub's. */
function githubEvent(env: BaseOptions['env']): GithubEvent | null {
  const { GITHUB_EVENT_NAME: kind, GITHUB_EVENT_PATH: path, GITHUB_REF: ref = '', GITHUB_BASE_REF: name = '' } = env
  if (kind === 'pull_request' && /^refs\/pull\/\d+\/merge$/.test(ref)) return { commit: '', name, isMerge: true }
  if ((kind !== 'push' && kind !== 'merge_group') || !path) return null
  try {
    const payload = JSON.parse(readFileSync(path, 'utf8'))
    const commit = kind === 'push' ? payload.before : payload.merge_group?.base_sha
    return typeof commit === 'string' ? { commit, name: commit.slice(0, 12), isMerge: false } : null
  } catch {
    return null
  }
}

/** The merge commit of a pull request: its first parent is all there is to know, and one commit to fetch. */
function parentOf(repository: Repository, head: string, { name }: GithubEvent): Base | NoBase {
  const [parent, second] = repository.parents(head)
  if (parent === undefined || second === undefined) return from(repository, head, `origin/${name}`)
  if (repository.commit(parent) === null) fetch(repository, ['--depth=1', 'origin', parent])
  return repository.commit(parent) === null
    ? {
        why: `the commit ${parent.slice(0, 12)} that the pull request is merged into cannot be fetched`,
        expected: true,
      }
    : { commit: parent, tip: parent, name: `origin/${name}` }
}

function orDefault(repository: Repository, head: string, commit: string): Base | NoBase {
  // A new branch has no commit before it; one that was pushed over may be gone.
  if (/^0+$/.test(commit)) return local(repository, head)
  if (repository.commit(commit) === null) fetch(repository, ['--depth=1', 'origin', commit])
  if (repository.commit(commit) === null) return local(repository, head)
  // A shallow clone does not show how the two are related, and need not: this is what was there before.
  return { commit: repository.mergeBase(commit, head) ?? commit, tip: commit, name: commit.slice(0, 12) }
}

/** In a shallow clone one fetch gets all commits, without the files. */
function deepened(repository: Repository, head: string, branch: string, otherwise: NoBase): Base | NoBase {
  if (!repository.isShallow) return otherwise
  const into = `+refs/heads/${branch}:refs/remotes/origin/${branch}`
  fetch(repository, ['--unshallow', '--filter=blob:none', 'origin', into])
  const found = from(repository, head, `origin/${branch}`)
  return 'why' in found ? otherwise : found
}

/** Only continuous integration fetches: a hook on someone's machine does not. That it fails shows in what is missing. */
function fetch({ git }: Repository, [options, ...what]: readonly [string, ...string[]]): void {
  const from = what.findIndex(word => !word.startsWith('-'))
  const flags = [options, ...what.slice(0, from)]
  try {
    git.run(['fetch', '--quiet', '--no-tags', ...flags, '--end-of-options', ...what.slice(from)])
  } catch (error) {
    if (!(error instanceof GitError)) throw error
  }
}
