import type { Config } from '../../lint/config/config.ts'
import { remembering, type Tree } from '../../systems/reading/tree.ts'
import type { WorkingTree } from '../disk/working-tree.ts'
import { type Base, findBase, type NoBase } from '../git/base.ts'
import { commitTree } from '../git/commit-tree.ts'
import { GitError } from '../git/error.ts'
import { Repository } from '../git/repository.ts'
import type { ChangeOptions } from './change-options.ts'

/** A repository, and what its work is compared with. */
export interface OpenedBase {
  readonly repository: Repository
  readonly base: Base
  readonly trees: Map<string, Tree>
  /** Folders of the past that projects of today go on from. */
  readonly followed: Set<string>
  /** Why some file of the past cannot be read, a clause. */
  unreadable: string | null
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
    return 'why' in base ? base : { repository, base, trees: new Map(), followed: new Set(), unreadable: null }
  } catch (error) {
    if (!(error instanceof GitError)) throw error
    // Whoever owns the files must be trusted first: git says how.
    const { message: why, isDamage } = error
    return { why, expected: isDamage || /dubious ownership/.test(why) || since !== undefined, isDamage }
  }
}

/** The files of a commit, each read once. `working`: the same files as they are now. */
export function treeOf(opened: OpenedBase, commit: string, working: WorkingTree): Tree {
  const known = opened.trees.get(commit)
  if (known) return known
  const recorded = commitTree(opened.repository, commit, working.disk)
  const tree = remembering({ ...recorded, read: path => noticing(opened, path, () => recorded.read(path)) })
  opened.trees.set(commit, tree)
  return tree
}

/** A system leaves out what cannot be read. Left out of the past, a migration would pass for a new one. */
function noticing<Outcome>(opened: OpenedBase, path: string, work: () => Outcome): Outcome {
  try {
    return work()
  } catch (error) {
    if (error instanceof GitError) opened.unreadable = `${path}, as it was, could not be read: ${error.message}`
    throw error
  }
}
