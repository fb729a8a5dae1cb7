import type { Config } from '../../lint/config/config.ts'
import { remembering, type Tree } from '../../systems/reading/tree.ts'
import type { ProjectTree } from '../disk/project-tree.ts'
import { type Base, findBase, type NoBase } from '../git/base.ts'
import { commitTree } from '../git/commit-tree.ts'
import { GitError } from '../git/error.ts'
import { Repository } from '../git/repository.ts'
import type { ChangeOptions } from './change-options.ts'

/** A repository, and what its work is compared with. */
export interface OpenedBase {
  readonly repository: Repository
  readonly base: Base
  /** By commit: each file of it is read once. */
  readonly trees: Map<string, PastTree>
}

interface PastTree {
  readonly tree: Tree
  /** Why some file cannot be read, a clause; null while all could that were asked for. */
  unread(): string | null
}

/** Why not, a clause, where there is no repository or no base; `expected`: something said that there would be one; `isDamage`: it is there, but cannot be read. */
export function openBase(
  directory: string,
  config: Config,
  { since, orHead, base: known, env = process.env }: ChangeOptions,
): OpenedBase | (NoBase & { readonly isDamage?: boolean }) {
  try {
    const repository = Repository.at(directory)
    if (known && repository.commit(known.commit) === null) {
      return { why: `${repository.root} is a repository of its own: lint it as "working-directory"`, expected: true }
    }
    const base = known ?? findBase(repository, { since, baseRef: config.baseRef, orHead, env })
    return 'why' in base ? base : { repository, base, trees: new Map() }
  } catch (error) {
    if (!(error instanceof GitError)) throw error
    // Whoever owns the files must be trusted first: git says how.
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

/** Why some file of the past could not be read so far, a clause; null: all that were asked for could. */
export function unreadIn({ trees }: OpenedBase): string | null {
  return [...trees.values()].map(({ unread }) => unread()).find(why => why !== null) ?? null
}

/** A system leaves out what cannot be read. Left out of the past, a migration would pass for a new one. */
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
