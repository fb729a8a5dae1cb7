import type { Entry } from '../../systems/reading/tree.ts'
import type { ProjectTree } from '../disk/project-tree.ts'
import { WorkingTree } from '../disk/working-tree.ts'
import { reason } from '../failure.ts'
import { commitTree, type GitTree, indexTree } from './commit-tree.ts'
import { Repository } from './repository.ts'

/** The files below a directory as git has recorded them, whatever is on disk. */
export class RecordedTree implements ProjectTree {
  readonly disk: WorkingTree
  readonly unreadable = new Map<string, string>()
  readonly closed = new Map<string, string>()
  private readonly recorded: GitTree

  private constructor(root: string, recorded: (disk: WorkingTree) => GitTree) {
    this.disk = new WorkingTree(root)
    this.recorded = recorded(this.disk)
  }

  /** As they would be committed now. Throws a GitError if the directory is not in a repository, or if git cannot read its index. */
  static staged(root: string): RecordedTree {
    return new RecordedTree(root, disk => indexTree(Repository.at(root), disk))
  }

  /**
   * As they are in a commit. `repository`: that of the directory, if it is known. Throws a GitError if the directory is not in a repository, or
   * if the repository lacks the commit.
   */
  static of(commit: string, root: string, repository?: Repository): RecordedTree {
    return new RecordedTree(root, disk => commitTree(repository ?? Repository.at(root), commit, disk))
  }

  list(directory: string): Entry[] {
    const entries = [...this.recorded.list(directory)].sort((a, b) => (a.name < b.name ? -1 : 1))
    for (const [path, why] of this.recorded.closed) this.closed.set(path, why)
    return entries
  }

  /** Throws if there is no such file, or if git cannot read it. */
  read(path: string): Uint8Array {
    try {
      return this.recorded.read(path)
    } catch (error) {
      // Asking for a missing file is not a failure; a link that leads nowhere is one.
      if (this.kind(path) === 'file') this.unreadable.set(path, reason(error))
      throw error
    }
  }

  real(directory: string): string {
    return this.recorded.real?.(directory) ?? directory
  }

  kind(path: string): Entry['kind'] | null {
    return this.recorded.kind(path)
  }

  named(path: string): void {
    const error = this.disk.outside(path)
    if (error) this.unreadable.set(this.disk.name(error.place), reason(error))
  }
}
