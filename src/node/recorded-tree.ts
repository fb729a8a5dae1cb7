import type { Entry, Tree } from '../systems/tree.ts'
import { Failure } from './failure.ts'
import { WorkingTree } from './files.ts'
import { GitError } from './git-error.ts'
import { commitTree, indexTree } from './git-tree.ts'
import { Repository } from './repository.ts'

/** The files below a directory as git has them recorded, whatever is on disk. */
export class RecordedTree extends WorkingTree {
  override disk: WorkingTree
  private readonly recorded: Tree

  private constructor(root: string, recorded: (disk: WorkingTree) => Tree) {
    super(root)
    this.disk = new WorkingTree(root)
    this.recorded = recorded(this.disk)
  }

  /** As they would be committed now. Throws a Failure when the directory lies in no repository. */
  static staged(root: string): RecordedTree {
    try {
      return new RecordedTree(root, disk => indexTree(Repository.at(root), disk))
    } catch (error) {
      if (error instanceof GitError) throw new Failure(`--staged: ${error.message}.`)
      throw error
    }
  }

  /** As a commit has them. Throws a GitError when the directory lies in no repository, or its repository lacks the commit. */
  static of(commit: string, root: string): RecordedTree {
    return new RecordedTree(root, disk => commitTree(Repository.at(root), commit, disk))
  }

  override list(directory: string): Entry[] {
    return [...this.recorded.list(directory)].sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  override read(path: string): Uint8Array {
    return this.recorded.read(path)
  }

  override kind(path: string): Entry['kind'] | null {
    if (path === '' || this.recorded.list(path).length > 0) return 'directory'
    const name = path.slice(path.lastIndexOf('/') + 1)
    const parent = path.slice(0, Math.max(path.lastIndexOf('/'), 0))
    return this.recorded.list(parent).find(entry => entry.name === name)?.kind ?? null
  }
}
