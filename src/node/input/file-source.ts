import { lstatSync } from 'node:fs'
import { relative } from 'node:path'
import { Bounds } from '../disk/bounds.ts'
import { isInside, slashes } from '../disk/path.ts'
import { isDescriptor, readTyped, readWithin } from '../disk/reading.ts'
import { reason } from '../failure.ts'
import { GitPaths } from '../git/paths.ts'
import type { Repository } from '../git/repository.ts'

/** Where files of the configuration are read: on disk, or in a commit. Paths are absolute. */
export interface FileSource {
  /** A link that leads nowhere is there: that it cannot be read is said, not passed over. */
  has(path: string): boolean
  /** The text of a file; null where there is none. Throws an Error when it may not or cannot be read, with the reason as message. */
  read(path: string): string | null
  /** A person has named this path: it may lie anywhere. */
  admit(path: string): void
  /** The file to load a module from, without links; null: what is read here is not on disk, or nothing is. Throws as `read`. */
  module(path: string): string | null
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
    isDisk: true,
  }
}

/** There is nothing to read. */
export const nowhere: FileSource = {
  has: () => false,
  read: () => null,
  admit: () => {},
  module: () => null,
  isDisk: false,
}

/**
 * The files of a commit as git has them, whatever is on disk and whatever attributes say of it. Links are followed within the
 * commit. What lies outside of the repository is not part of any commit, and is read on disk.
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
    isDisk: false,
  }
}
