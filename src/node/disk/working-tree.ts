import { isUtf8 } from 'node:buffer'
import { accessSync, constants, type Dirent, lstatSync, readdirSync, statSync } from 'node:fs'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { type Entry, type Tree, within } from '../../systems/reading/tree.ts'
import { reason } from '../failure.ts'
import { Bounds, OutsideError } from './bounds.ts'
import { badName, decodedName, isBadName, isInside, realPath, slashes } from './path.ts'
import { readRegular } from './reading.ts'

/** Names of directories, and of links to them, that never hold a project's own migrations, and can be very large. */
export const skipped: ReadonlySet<string> = new Set(['node_modules', '.git', '.hg', '.svn', '.venv'])

/** The deepest folder that is entered. The system takes time for each folder above it, and again for each link in these. */
const deepest = 100
const tooDeep = `it is more than ${deepest} folders deep`

/**
 * The files on disk below a directory. Paths have `/` on every system. They are relative to that directory, or absolute
 * if they lie elsewhere. Files that cannot be read are left out and remembered, because the rest is still worth
 * reading.
 */
export class WorkingTree implements Tree {
  readonly root: string
  readonly bounds: Bounds
  readonly disk: WorkingTree = this
  readonly unreadable = new Map<string, string>()
  readonly closed = new Map<string, string>()
  private readonly folders = new Map<string, string>()
  /** The real folders of files that were read. */
  private readonly parents = new Map<string, string>()
  private readonly contents = new Map<string, Uint8Array>()
  private readonly realRoot: string

  constructor(root: string, bounds: Bounds = new Bounds(root)) {
    this.root = resolve(root)
    this.bounds = bounds
    this.realRoot = realPath(this.root)
  }

  /** Files and directories, by name; nothing if the directory cannot be read. */
  list(directory: string): Entry[] {
    const found = new Map<string, Entry>()
    try {
      const folder = this.absolute(directory)
      // The signs of systems are searched for in all folders around a project, even outside of the bounds.
      if (!this.bounds.has(folder)) return []
      const real = this.realFolder(folder)
      const entries = readdirSync(real, { withFileTypes: true })
      // From here on it is certainly a folder.
      this.folders.set(folder, real)
      const isTooDeep = directory.split('/').length >= deepest
      for (const entry of entries) {
        if (skipped.has(entry.name)) continue
        // Entries whose name is not UTF-8 are handled below.
        if (entry.name.includes('\ufffd') && !isThere(join(real, entry.name))) continue
        if (entry.isDirectory() && isTooDeep) {
          this.closed.set(within(directory, entry.name), tooDeep)
          found.set(entry.name, { name: entry.name, kind: 'file' })
          continue
        }
        // Looking a single folder up takes time for each folder above it.
        if (entry.isDirectory() && entry.name.toLowerCase() !== '.git')
          this.folders.set(join(folder, entry.name), join(real, entry.name))
        const all = entry.isSymbolicLink() ? this.followed(directory, real, entry.name) : entryOf(entry)
        if (all) found.set(entry.name, all)
      }
      for (const { name, isDirectory } of entries.some(({ name }) => name.includes('\ufffd')) ? badlyNamed(real) : []) {
        found.set(name, { name, kind: 'file' })
        if (isDirectory) this.closed.set(within(directory, name), badName)
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') this.miss(directory, error)
    }
    return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  /**
   * The file's bytes, the same ones each time: a commit that has the same file reads it here, too. Throws if it cannot be read, with the
   * reason as the message.
   */
  read(path: string): Uint8Array {
    const known = this.contents.get(path)
    if (known) return known
    const place = this.absolute(path)
    try {
      if (isBadName(path)) throw new OutsideError(place, badName)
      const content = this.readFile(place)
      this.contents.set(path, content)
      return content
    } catch (error) {
      // Asking for a missing file is not a failure, and neither is looking around where nobody has asked to read. A link that leads
      // nowhere is one.
      if (this.bounds.has(place) && (error instanceof OutsideError || isNoDirectory(place))) this.miss(path, error)
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

  /** The same for a place that is reached without links. */
  realName(path: string): string {
    const within = relative(this.realRoot, path)
    return slashes(isInside(within) ? within : path)
  }

  real(directory: string): string {
    try {
      return this.realName(this.realFolder(this.absolute(directory)))
    } catch {
      return directory
    }
  }

  kind(path: string): Entry['kind'] | null {
    const place = this.absolute(path)
    if (this.folders.has(place)) return 'directory'
    try {
      return statSync(this.bounds.real(place)).isDirectory() ? 'directory' : 'file'
    } catch (error) {
      // A link that is not followed counts as a file. Its target is not checked, not even for existence.
      if (error instanceof OutsideError) return error.place === place ? 'file' : null
      return isNoDirectory(place) && this.outside(dirname(path)) === null ? 'file' : null
    }
  }

  named(path: string): void {
    const error = this.outside(path)
    if (error) this.miss(path, error)
  }

  /** The reason why nothing may be read at this path, or null. */
  outside(path: string): OutsideError | null {
    try {
      this.bounds.real(this.absolute(path))
      return null
    } catch (error) {
      return error instanceof OutsideError ? error : null
    }
  }

  /**
   * What a link leads to. Null for a link that leads back to a folder that contains it: its files have other names
   * already.
   */
  private followed(directory: string, folder: string, name: string): Entry | null {
    const link = join(folder, name)
    try {
      const real = this.bounds.real(link)
      const kind = statSync(real).isDirectory() ? 'directory' : 'file'
      if (kind === 'directory' && isInside(relative(real, folder))) return null
      return { name, kind, real: this.realName(real) }
    } catch (error) {
      // A link that leads nowhere counts as a file, and so does one that is not followed: reading it gives the reason.
      if (error instanceof OutsideError && isFolder(link)) this.closed.set(within(directory, name), reason(error))
      return { name, kind: 'file' }
    }
  }

  /** Folders in which something was read or listed need not be looked up again. */
  private readFile(path: string): Uint8Array {
    const folder = this.folderOf(path)
    const direct = folder && join(folder, basename(path))
    const stats = direct && lstatSync(direct)
    return direct && stats && !stats.isSymbolicLink() ? readRegular(direct, stats) : readRegular(this.bounds.real(path))
  }

  private folderOf(path: string): string | undefined {
    const folder = dirname(path)
    const known = this.folders.get(folder) ?? this.parents.get(folder)
    if (known !== undefined || basename(path).toLowerCase() === '.git') return known
    try {
      const real = this.bounds.real(folder)
      this.parents.set(folder, real)
      return real
    } catch {
      // The file itself gives the reason.
      return undefined
    }
  }

  private realFolder(path: string): string {
    const known = this.folders.get(path)
    if (known !== undefined) return known
    const above = this.folders.get(dirname(path))
    // Like the next line, it throws for a missing folder, but it looks up one name instead of the whole path.
    if (above !== undefined) lstatSync(join(above, basename(path)))
    return this.bounds.real(path)
  }

  /**
   * Of everything behind a link that is not followed, only the link is remembered. Of a folder that may not be entered,
   * only the folder is.
   */
  private miss(path: string, error: unknown): void {
    if (error instanceof OutsideError) {
      this.unreadable.set(this.name(error.place), reason(error))
      return
    }
    const above = this.name(dirname(this.absolute(path)))
    if (path !== '' && above !== path && !mayEnter(this.absolute(above))) this.miss(above, error)
    else this.unreadable.set(path, reason(error))
  }
}

/** True if something exists there, even a link that leads nowhere, and it is not a directory. */
function isNoDirectory(path: string): boolean {
  try {
    return !(lstatSync(path, { throwIfNoEntry: false })?.isDirectory() ?? true)
  } catch {
    return false
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch {
    return false
  }
}

/** Works for every kind of path: if the system does not see a directory, nobody can enter it. */
function mayEnter(folder: string): boolean {
  try {
    accessSync(folder, constants.X_OK)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT'
  }
}

function entryOf(found: Dirent): Entry {
  return { name: found.name, kind: found.isDirectory() ? 'directory' : 'file' }
}

/** The entries of a folder whose names are not UTF-8. */
function badlyNamed(folder: string): { readonly name: string; readonly isDirectory: boolean }[] {
  const names = readdirSync(folder, 'buffer').filter(name => !isUtf8(name))
  return names.map(name => {
    const path = Buffer.concat([Buffer.from(folder + sep), name])
    return { name: decodedName(name), isDirectory: statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false }
  })
}

/** True if the name exists, even for a link that leads nowhere. */
function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined
}
