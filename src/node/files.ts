import { type Dirent, lstatSync, readdirSync, readFileSync, realpathSync, type Stats, statSync } from 'node:fs'
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import type { Entry, Tree } from '../systems/tree.ts'
import { reason } from './failure.ts'

/** Directories that never hold a project's own migrations, and can be very large. */
const skipped = new Set(['node_modules', '.git', '.hg', '.svn', '.venv'])

/**
 * The files on disk below a directory. Paths have `/` on every system and are relative to that directory, or absolute where
 * they lie elsewhere. What cannot be read is left out and remembered: the rest is still worth reading.
 */
export class WorkingTree implements Tree {
  readonly root: string
  /** What is on disk, where this is something else that is known by the same names. */
  disk: WorkingTree = this
  /** What could not be read: path → the system's reason. */
  readonly unreadable = new Map<string, string>()
  private readonly given = new Map<string, Uint8Array>()

  constructor(root: string) {
    this.root = resolve(root)
  }

  /** From now on the path is a file with this content, whatever is on disk. */
  put(path: string, content: Uint8Array): void {
    if (this.disk === this) this.disk = new WorkingTree(this.root)
    this.given.set(path, content)
  }

  /** Files and directories, by name; nothing when it cannot be read. Symbolic links are followed, but not in circles. */
  list(directory: string): Entry[] {
    const path = this.absolute(directory)
    const given = [...this.given.keys()].filter(file => this.name(dirname(this.absolute(file))) === directory)
    const kinds = new Map<string, Entry['kind']>(given.map(file => [basename(file), 'file']))
    let entries: Dirent[] = []
    try {
      entries = readdirSync(path, { withFileTypes: true })
    } catch (error) {
      const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT'
      if (given.length === 0 && !isMissing) this.unreadable.set(directory, reason(error))
    }
    for (const entry of entries) {
      const kind = entry.isSymbolicLink() ? followed(path, join(path, entry.name)) : kindOf(entry)
      if (kind && !(kind === 'directory' && skipped.has(entry.name))) kinds.set(entry.name, kind)
    }
    return [...kinds].map(([name, kind]) => ({ name, kind })).sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  /** The file's bytes. Throws when it cannot be read, with the reason as message. */
  read(path: string): Uint8Array {
    const given = this.given.get(path)
    if (given) return given
    try {
      return readFileSync(this.absolute(path))
    } catch (error) {
      // Asking for what is not there is no failure; a link that leads nowhere is one.
      if (isNoDirectory(this.absolute(path))) this.unreadable.set(path, reason(error))
      throw new Error(reason(error))
    }
  }

  absolute(path: string): string {
    return resolve(this.root, path)
  }

  /** The name that a place on disk has in this tree. */
  name(path: string): string {
    const within = relative(this.root, path)
    return slashes(isInside(within) ? within : path)
  }

  /** What is there, or null. */
  kind(path: string): 'file' | 'directory' | null {
    if (this.given.has(path)) return 'file'
    const stats = statusOf(this.absolute(path))
    return stats ? (stats.isDirectory() ? 'directory' : 'file') : null
  }
}

/** Paths with `/` on every system. */
export function slashes(path: string): string {
  return sep === '/' ? path : path.replaceAll(sep, '/')
}

/** True for the outcome of `relative` when it does not climb out. */
export function isInside(path: string): boolean {
  return path !== '..' && !path.startsWith(`..${sep}`) && !isAbsolute(path)
}

/** True when something is there, be it a link to nowhere, and it is no directory. */
function isNoDirectory(path: string): boolean {
  try {
    return !(lstatSync(path, { throwIfNoEntry: false })?.isDirectory() ?? true)
  } catch {
    return false
  }
}

function statusOf(path: string): Stats | null {
  try {
    return statSync(path, { throwIfNoEntry: false }) ?? null
  } catch {
    return null
  }
}

/** Sockets, pipes and devices are neither. */
function kindOf(found: Stats | Dirent): Entry['kind'] | null {
  return found.isDirectory() ? 'directory' : found.isFile() ? 'file' : null
}

/** What a link leads to. A link to nowhere counts as a file: reading it tells why it is none. */
function followed(directory: string, link: string): Entry['kind'] | null {
  const stats = statusOf(link)
  if (!stats) return 'file'
  // A link to a directory that it lies in would be walked for ever.
  const isCircular = stats.isDirectory() && isInside(relative(realpathSync(link), realpathSync(directory)))
  return isCircular ? null : kindOf(stats)
}
