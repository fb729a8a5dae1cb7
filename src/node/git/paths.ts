import { posix } from 'node:path'
import { append } from '../../parse/list.ts'
import { parentOf } from '../../systems/reading/files.ts'
import { type Entry, within } from '../../systems/reading/tree.ts'
import { slashes } from '../disk/path.ts'
import type { GitFile, GitFiles, Repository } from './repository.ts'

/** The end of a path: the real path without links, or the reason why it leads nowhere, a clause. */
export type Lead =
  | { readonly path: string; readonly why: null; readonly isOut: false }
  | { readonly path: null; readonly why: string; readonly isOut: boolean }

/** The most links that Linux follows on the way to one file: path_resolution(7). */
const mostLinks = 40

/** The longest target of a link, in bytes: PATH_MAX of Linux. */
const longest = 4096

const nowhere: Lead = { path: null, why: 'no such file or directory', isOut: false }
const circles: Lead = { path: null, why: 'too many symbolic links', isOut: false }
const kept: Lead = { path: null, why: 'it leads into .git', isOut: true }
const out: Lead = { path: null, why: 'it leads out of the repository', isOut: true }

export function isLink(file: GitFile | undefined): boolean {
  return file?.mode === '120000'
}

/** True for a path in which every part is a name, so that there is nothing to resolve. */
export function goesDown(path: string): boolean {
  return !/[\\:]|\/\/|^\/|\/$|^$|(?:^|\/)\.{1,2}(?:\/|$)/.test(path)
}

/**
 * The paths of a commit, or of the index, with the targets of its links. A link only ever leads to something that is
 * recorded as well.
 */
export class GitPaths {
  /** The entries of each folder: path → names. Links are files here. */
  readonly folders: ReadonlyMap<string, readonly Entry[]>
  private readonly files: GitFiles
  private readonly targets: ReadonlyMap<string, string>
  private readonly root: string

  constructor(files: GitFiles, repository: Repository) {
    const links = [...files].filter(([, file]) => isLink(file))
    repository.fetchBlobs(links.map(([, { oid }]) => oid))
    // A link whose target is longer than any path leads nowhere.
    const target = (oid: string) => (repository.isTooLarge(oid) ? '' : Buffer.from(repository.blob(oid)).toString())
    this.targets = new Map(links.map(([path, { oid }]) => [path, target(oid)]))
    this.files = files
    this.folders = foldersOf(files.keys())
    this.root = slashes(repository.root)
  }

  /** Follows a path as the kernel does, from the root of the repository. */
  lead(path: string): Lead {
    // Where there is no link, a path that is recorded leads to itself.
    if (this.targets.size === 0 && this.files.has(path) && goesDown(path) && !/\.git/i.test(path))
      return { path, why: null, isOut: false }
    const rest = path.split('/').reverse()
    let at = ''
    let followed = 0
    for (let part = rest.pop(); part !== undefined; part = rest.pop()) {
      if (!this.folders.has(at)) return nowhere
      if (part === '' || part === '.') continue
      if (part === '..') {
        if (at === '') return out
        at = parentOf(at)
        continue
      }
      if (part.toLowerCase() === '.git') return kept
      const next = within(at, part)
      const target = this.targets.get(next)
      if (target === undefined) {
        at = next
        continue
      }
      if (++followed > mostLinks) return circles
      if (target === '' || target.length > longest) return nowhere
      if (posix.isAbsolute(target)) {
        if (target !== this.root && !target.startsWith(`${this.root}/`)) return out
        at = ''
        append(rest, target.slice(this.root.length).split('/').reverse())
      } else append(rest, target.split('/').reverse())
    }
    return this.folders.has(at) || this.files.has(at) ? { path: at, why: null, isOut: false } : nowhere
  }
}

function foldersOf(paths: Iterable<string>): Map<string, Entry[]> {
  const directories = new Map<string, Map<string, Entry>>()
  const add = (directory: string, name: string, kind: Entry['kind']): boolean => {
    const entries = directories.get(directory) ?? new Map<string, Entry>()
    directories.set(directory, entries)
    if (entries.has(name)) return false
    entries.set(name, { name, kind })
    return true
  }
  for (const path of paths) {
    let kind: Entry['kind'] = 'file'
    for (let below = path; ; ) {
      const slash = below.lastIndexOf('/')
      const isNew = add(below.slice(0, Math.max(slash, 0)), below.slice(slash + 1), kind)
      if (slash === -1 || !isNew) break
      below = below.slice(0, slash)
      kind = 'directory'
    }
  }
  return new Map([...directories].map(([directory, entries]) => [directory, [...entries.values()]]))
}
