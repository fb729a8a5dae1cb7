import type { Entry, Tree } from '../systems/tree.ts'
import { Failure } from './failure.ts'
import { WorkingTree } from './files.ts'
import { GitError } from './git.ts'
import { indexTree } from './git-tree.ts'
import { Repository } from './repository.ts'

/** The files below a directory as they would be committed now, whatever has been done to them on disk since. */
export class StagedTree extends WorkingTree {
  private readonly index: Tree

  /** Throws a Failure when the directory lies in no repository. */
  constructor(root: string) {
    super(root)
    try {
      this.index = indexTree(Repository.at(this.root), new WorkingTree(root))
    } catch (error) {
      if (error instanceof GitError) throw new Failure(`--staged: ${error.message}.`)
      throw error
    }
  }

  override list(directory: string): Entry[] {
    return [...this.index.list(directory)].sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  override read(path: string): Uint8Array {
    return this.index.read(path)
  }

  override kind(path: string): Entry['kind'] | null {
    if (path === '' || this.index.list(path).length > 0) return 'directory'
    const name = path.slice(path.lastIndexOf('/') + 1)
    const parent = path.slice(0, Math.max(path.lastIndexOf('/'), 0))
    return this.index.list(parent).find(entry => entry.name === name)?.kind ?? null
  }
}
