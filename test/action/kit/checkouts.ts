import { type Edits, Repository } from '../../history/kit/repository.ts'
import { commit, git, temporary, write } from '../../kit/git.ts'

/** A repository as GitHub hosts it, with a pull request from `work` to `main`. */
export interface Hosted {
  /** Where it is. */
  readonly url: string
  /** The clone that it was made in, with `main` checked out. */
  readonly repo: Repository
  readonly root: string
  /** Last commits: of the main branch, of the pull request, and of the merge that GitHub tries. */
  readonly main: string
  readonly head: string
  readonly merge: string
  /** Where the branch began. */
  readonly began: string
}

export type Files = Readonly<Record<string, string>>

/** `before`: the main branch when the branch was made; `change`: what the pull request does; `since`: what came to main meanwhile. */
export function hosted(before: Files, change: Edits, since: Files = {}, { conflicts = false } = {}): Hosted {
  const repo = Repository.with(before)
  const { root } = repo
  const began = repo.id()
  const head = repo.commit(change).id()
  repo.on('main')
  if (Object.keys(since).length > 0) repo.commit(since)
  const main = repo.id()
  repo.on(main)
  // Where that has conflicts, there is no such commit.
  if (!conflicts) repo.merge('work')
  const merge = repo.id()
  if (!conflicts) git(root, 'update-ref', 'refs/pull/7/merge', merge)
  git(root, 'update-ref', 'refs/pull/7/head', head)
  repo.on('main')
  // As GitHub: what can be reached may be fetched by its name, and without the files.
  git(root, 'config', 'uploadpack.allowReachableSHA1InWant', 'true')
  git(root, 'config', 'uploadpack.allowFilter', 'true')
  return { url: `file://${root}`, repo, root, main, head, merge, began }
}

/** The same pull request after what is now on `work` was pushed. GitHub has not tried the merge again yet. */
export function pushed(made: Hosted): Hosted {
  const head = made.repo.id('work')
  git(made.root, 'update-ref', 'refs/pull/7/head', head)
  return { ...made, head }
}

/** What actions/checkout leaves by default: one commit. */
export function checkout({ url }: Pick<Hosted, 'url'>, what: string, depth: number | null = 1): string {
  const workspace = temporary()
  git(workspace, 'init', '-q', '-b', 'none')
  git(workspace, 'remote', 'add', 'origin', url)
  const options = depth === null ? [] : [`--depth=${depth}`]
  if (depth === null) git(workspace, 'fetch', '-q', 'origin', '+refs/heads/*:refs/remotes/origin/*')
  const name = what.startsWith('refs/pull/')
    ? what.replace('refs/', 'refs/remotes/')
    : 'refs/remotes/origin/checked-out'
  git(workspace, 'fetch', '-q', '--no-tags', ...options, 'origin', `+${what}:${name}`)
  git(workspace, 'checkout', '-q', '--detach', name)
  return workspace
}

/** What GitHub says about the pull request. */
export function pullRequest(
  { main, head, merge }: Hosted,
  { fork = false, labels = [] as readonly string[], number = 7 } = {},
): { payload: unknown; env: Readonly<Record<string, string>> } {
  const base = { ref: 'main', sha: main, repo: { full_name: 'acme/shop' } }
  const repo = { full_name: fork ? 'stranger/shop' : 'acme/shop' }
  return {
    payload: {
      number,
      repository: { name: 'shop', owner: { login: 'acme' } },
      pull_request: { number, base, head: { sha: head, ref: 'work', repo }, labels: labels.map(name => ({ name })) },
    },
    env: { GITHUB_BASE_REF: 'main', GITHUB_REF: `refs/pull/${number}/merge`, GITHUB_SHA: merge },
  }
}

export { commit, git, temporary, write }
