import { realpathSync } from 'node:fs'
import { join, posix, relative, resolve } from 'node:path'
import { grouped } from '../../parse/list.ts'
import { contains, type Entry, type Tree, within } from '../../systems/reading/tree.ts'
import { badName, isBadName, isInside, slashes } from '../disk/path.ts'
import { skipped, type WorkingTree } from '../disk/working-tree.ts'
import { GitPaths, goesDown, isLink } from './paths.ts'
import type { GitFile, GitFiles, Repository } from './repository.ts'

/** The files that git has recorded. */
export interface GitTree extends Tree {
  /**
   * Links in the listed folders that lead out of the repository: path → the reason why they are not followed, a clause.
   */
  readonly closed: ReadonlyMap<string, string>
  /** The kind of entry at a path, or null. A link that leads nowhere is a file. */
  kind(path: string): Entry['kind'] | null
}

/** The files of a commit. Files identical to the working tree are read from disk; only the rest are read from git. */
export function commitTree(repository: Repository, commit: string, working: WorkingTree): GitTree {
  return gitTree(repository, repository.files(commit), working)
}

/** True for paths whose content differs between two commits, following symbolic links. */
export function changedBetween(repository: Repository, base: string, head: string): (path: string) => boolean {
  const [before, after] = [base, head].map(commit => {
    const files = repository.files(commit)
    const paths = new GitPaths(files, repository)
    return (path: string) => files.get(paths.lead(path).path ?? '')?.oid
  })
  return path => before?.(path) !== after?.(path)
}

/** The files as they would be committed now. */
export function indexTree(repository: Repository, working: WorkingTree): GitTree {
  return gitTree(repository, repository.index(), working)
}

function gitTree(repository: Repository, files: GitFiles, working: WorkingTree): GitTree {
  const paths = new GitPaths(files, repository)
  const lead = (asked: string) => paths.lead(named(asked) ?? '..')
  const index = repository.index()
  const dirty = repository.dirty()
  const isOnDisk = (path: string, { oid }: GitFile) =>
    index.get(path)?.oid === oid && !isLink(index.get(path)) && !dirty.has(path)
  /** What git alone has, by the ending of the name: files of one kind are read together when the first of them is. */
  const unread = grouped(
    [...files].filter(([path, file]) => !isLink(file) && !isOnDisk(path, file)),
    ([path]) => posix.extname(path),
  )
  const named = pathsFrom(working, repository.root)
  const inTree = (path: string) => working.realName(join(repository.root, path))
  const closed = new Map<string, string>()
  /** The target of a link; null for a link that leads back to a folder that contains it. */
  const followed = (directory: string, name: string): Entry | null => {
    const { path } = paths.lead(within(directory, name))
    if (path === null) return { name, kind: 'file' }
    const kind = paths.folders.has(path) ? 'directory' : 'file'
    return kind === 'directory' && contains(path, directory) ? null : { name, kind, real: inTree(path) }
  }
  return {
    closed,
    list: asked => {
      const { path } = lead(asked)
      const entries = path === null ? [] : (paths.folders.get(path) ?? [])
      return entries.flatMap((entry): Entry[] => {
        if (skipped.has(entry.name)) return []
        if (isBadName(entry.name)) {
          if (entry.kind === 'directory') closed.set(within(asked, entry.name), badName)
          return [{ name: entry.name, kind: 'file' }]
        }
        if (!isLink(files.get(within(path ?? '', entry.name)))) return [entry]
        const found = followed(path ?? '', entry.name)
        const { why, isOut } = paths.lead(within(path ?? '', entry.name))
        if (isOut) closed.set(within(asked, entry.name), why)
        return found ? [found] : []
      })
    },
    read: asked => {
      if (isBadName(asked)) throw new Error(badName)
      const { path, why } = lead(asked)
      const file = path === null ? undefined : files.get(path)
      if (path === null || !file) throw new Error(why ?? 'no such file or directory')
      if (isOnDisk(path, file)) return working.read(inTree(path))
      // All files of a kind are read at once: a caller that reads one migration reads the others as well.
      const ending = posix.extname(path)
      repository.fetchBlobs((unread.get(ending) ?? []).map(([, { oid }]) => oid))
      unread.delete(ending)
      return repository.blob(file.oid)
    },
    kind: asked => {
      const { path } = lead(asked)
      if (isBadName(asked)) return 'file'
      if (path !== null) return paths.folders.has(path) ? 'directory' : 'file'
      const folder = lead(posix.dirname(asked)).path
      return folder !== null && files.has(within(folder, posix.basename(asked))) ? 'file' : null
    },
    real: asked => {
      const { path } = lead(asked)
      return path === null ? asked : inTree(path)
    },
  }
}

/** Paths of the working tree → paths of the repository; null for what lies outside. */
export function pathsFrom(working: WorkingTree, root: string): (path: string) => string | null {
  const base = realpathSync(working.root)
  const way = relative(root, base)
  const prefix = !isInside(way) ? null : way === '' ? '' : `${slashes(way)}/`
  return path => {
    if (prefix !== null && goesDown(path)) return prefix + path
    const within = relative(root, resolve(base, path))
    return isInside(within) ? slashes(within) : null
  }
}
