import { lstatSync } from 'node:fs'
import { relative } from 'node:path'
import { mapTree, type Tree } from '../../systems/reading/tree.ts'
import { Bounds } from '../disk/bounds.ts'
import { isInside, slashes } from '../disk/path.ts'
import { isDescriptor, readTyped, readWithin } from '../disk/reading.ts'
import { WorkingTree } from '../disk/working-tree.ts'
import { reason } from '../failure.ts'
import { GitPaths } from '../git/paths.ts'
import { RecordedTree } from '../git/recorded-tree.ts'
import type { Repository } from '../git/repository.ts'

/** The place where files of the configuration are read: the disk, or a commit. Paths are absolute. */
export interface FileSource {
  /** True also for a link that leads nowhere, so that reading it reports the problem. */
  has(path: string): boolean
  /**
   * The text of a file; null if there is none. Throws an Error if it must not or cannot be read, with the reason as the
   * message.
   */
  read(path: string): string | null
  /** A person has named this path, so it may lie anywhere. */
  admit(path: string): void
  /**
   * The file from which a module is loaded, without links; null: this source is not on disk, or has no files. Throws as
   * `read` does.
   */
  module(path: string): string | null
  /** The files below a folder, which is the root of a repository if there is one. */
  tree(root: string): Tree
  readonly isDisk: boolean
}

/** The disk, as far as files may be read for a directory. */
export function onDisk(directory: string): FileSource {
  const bounds = new Bounds(directory)
  const typed = new Set<string>()
  const has = (path: string) => lstatSync(path, { throwIfNoEntry: false }) !== undefined
  const orReason = <Outcome>(work: () => Outcome): Outcome => {
    try {
      return work()
    } catch (error) {
      throw new Error(reason(error))
    }
  }
  return {
    has,
    read: path =>
      orReason(() => {
        if (!has(path) && !isDescriptor(path)) return null
        return Buffer.from((typed.has(path) ? readTyped : readWithin)(bounds, path)).toString()
      }),
    admit: path => {
      typed.add(path)
      bounds.admit(path)
    },
    module: path => orReason(() => bounds.real(path)),
    tree: root => new WorkingTree(root),
    isDisk: true,
  }
}

/** A source without any files. */
export const nowhere: FileSource = {
  has: () => false,
  read: () => null,
  admit: () => {},
  module: () => null,
  tree: () => mapTree({}),
  isDisk: false,
}

/**
 * The files of a commit as git has them, whatever is on disk and whatever attributes say about them. Links are followed
 * within the commit. Files outside of the repository are not part of any commit, and are read from disk.
 */
export function inCommit(repository: Repository, commit: string): FileSource {
  const files = repository.files(commit)
  const paths = new GitPaths(files, repository)
  const disk = onDisk(repository.root)
  const nameOf = (path: string): string | null => {
    const within = relative(repository.root, path)
    return isInside(within) ? slashes(within) : null
  }
  return {
    has: path => {
      const name = nameOf(path)
      return name === null ? disk.has(path) : files.has(name) || paths.lead(name).path !== null
    },
    read: path => {
      const name = nameOf(path)
      if (name === null) return disk.read(path)
      const lead = paths.lead(name)
      const file = lead.path === null ? undefined : files.get(lead.path)
      if (file !== undefined) return Buffer.from(repository.blob(file.oid)).toString()
      if (lead.path === null && (lead.isOut || files.has(name))) throw new Error(lead.why)
      return null
    },
    admit: path => disk.admit(path),
    module: () => null,
    tree: root => RecordedTree.of(commit, root),
    isDisk: false,
  }
}
