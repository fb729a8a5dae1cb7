import type { Config } from '../../lint/config/config.ts'
import { remembering, type Tree } from '../../systems/reading/tree.ts'
import type { ProjectTree } from '../disk/project-tree.ts'
import { type Base, findBase, type NoBase } from '../git/base.ts'
import { commitTree } from '../git/commit-tree.ts'
import { GitError } from '../git/error.ts'
import { Git } from '../git/git.ts'
import { Repository } from '../git/repository.ts'
import type { ChangeOptions } from './change-options.ts'

/** A repository, and the commit that its work is compared with. */
export interface OpenedBase {
  readonly repository: Repository
  readonly base: Base
  /** By commit, so that each file of it is read once. */
  readonly trees: Map<string, PastTree>
}

interface PastTree {
  readonly tree: Tree
  /** The reason why some file cannot be read, a clause; null as long as all files that were asked for could be read. */
  unread(): string | null
}

/** By run: what a repository has told is remembered while the same tree is linted, and no longer. */
const repositories = new WeakMap<ProjectTree, Map<Git, Repository>>()

function repositoryOf(tree: ProjectTree, directory: string): Repository {
  const known = repositories.get(tree) ?? new Map<Git, Repository>()
  repositories.set(tree, known)
  const git = Git.at(directory)
  const repository = known.get(git) ?? new Repository(git)
  known.set(git, repository)
  return repository
}

/**
 * The repository of a directory, and the commit with which the work in it is compared. `tree`: what is linted. `why`: the reason there is
 * no base, as a clause. `expected`: true when one was configured. `isDamage`: there is a repository, but it cannot be read.
 */
export function openBase(
  directory: string,
  tree: ProjectTree,
  config: Config,
  { since, orHead, base: known, env = process.env }: ChangeOptions,
): OpenedBase | (NoBase & { readonly isDamage?: boolean }) {
  try {
    const repository = repositoryOf(tree, directory)
    if (known && repository.commit(known.commit) === null) {
      return { why: `${repository.root} is a repository of its own: lint it as "working-directory"`, expected: true }
    }
    const base = known ?? findBase(repository, { since, baseRef: config.baseRef, orHead, env })
    return 'why' in base ? base : { repository, base, trees: new Map() }
  } catch (error) {
    if (!(error instanceof GitError)) throw error
    // The user must first trust the owner of the files: git says how.
    const { message: why, kind, isDamage } = error
    return { why, expected: isDamage || kind === 'untrusted' || since !== undefined, isDamage }
  }
}

/** The files of a commit, each read once. `working`: the same files as they are now. */
export function treeOf({ repository, trees }: OpenedBase, commit: string, working: ProjectTree): Tree {
  const known = trees.get(commit) ?? noticing(commitTree(repository, commit, working.disk))
  trees.set(commit, known)
  return known.tree
}

/**
 * The reason why some file of the past could not be read, a clause; null: all files that were asked for could be read.
 */
export function unreadIn({ trees }: OpenedBase): string | null {
  return [...trees.values()].map(({ unread }) => unread()).find(why => why !== null) ?? null
}

/**
 * Systems skip unreadable files. In the base, that would make an old migration look new, so the failure is remembered.
 */
function noticing(recorded: Tree): PastTree {
  let why: string | null = null
  const read = (path: string) => {
    try {
      return recorded.read(path)
    } catch (error) {
      if (error instanceof GitError) why ??= `${path}, as it was, could not be read: ${error.message}`
      throw error
    }
  }
  return { tree: remembering({ ...recorded, read }), unread: () => why }
}
