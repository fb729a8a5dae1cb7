import { isUtf8 } from 'node:buffer'
import { accessSync, constants, type Dirent, lstatSync, readdirSync, statSync } from 'node:fs'
import { basename, dirname, join, relative, resolve, sep } from 'node:path'
import { type Entry, type Tree, within } from '../../systems/reading/tree.ts'
import { reason } from '../failure.ts'
import { Bounds, OutsideError } from './bounds.ts'
import { badName, decodedName, isBadName, isInside, realPath, slashes } from './path.ts'
import { readRegular } from './reading.ts'

/** Directories that never hold a project's own migrations, and can be very large. */
export const skipped: ReadonlySet<string> = new Set(['node_modules', '.git', '.hg', '.svn', '.venv'])

/**
 * The files on disk below a directory. Paths have `/` on every system and are relative to that directory, or absolute where
 * they lie elsewhere. What cannot be read is left out and remembered: the rest is still worth reading.
 */
export class WorkingTree implements Tree {
  readonly root: string
  readonly bounds: Bounds
  readonly disk: WorkingTree = this
  readonly unreadable = new Map<string, string>()
  readonly closed = new Map<string, string>()
  private readonly folders = new Map<string, string>()
  private readonly realRoot: string

  constructor(root: string, bounds: Bounds = new Bounds(root)) {
    this.root = resolve(root)
    this.bounds = bounds
    this.realRoot = realPath(this.root)
  }

  /** Files and directories, by name; nothing when it cannot be read. */
  list(directory: string): Entry[] {
    const found = new Map<string, Entry>()
    try {
      const real = this.realFolder(this.absolute(directory))
      const entries = readdirSync(real, { withFileTypes: true })
      for (const entry of entries) {
        // What has no name in UTF-8 comes below.
        if (entry.name.includes('\ufffd') && !isThere(join(real, entry.name))) continue
        const all = entry.isSymbolicLink() ? this.followed(directory, real, entry.name) : entryOf(entry)
        if (all && !(all.kind === 'directory' && skipped.has(entry.name))) found.set(entry.name, all)
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

  /** The file's bytes. Throws when it cannot be read, with the reason as message. */
  read(path: string): Uint8Array {
    const place = this.absolute(path)
    try {
      if (isBadName(path)) throw new OutsideError(place, badName)
      return readRegular(this.realFile(place))
    } catch (error) {
      // Asking for what is not there is no failure; a link that leads nowhere is one.
      if (error instanceof OutsideError || isNoDirectory(place)) this.miss(path, error)
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

  /** The same for a place that no links lead to. */
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
    try {
      return statSync(this.bounds.real(this.absolute(path))).isDirectory() ? 'directory' : 'file'
    } catch (error) {
      return error instanceof OutsideError || isNoDirectory(this.absolute(path)) ? 'file' : null
    }
  }

  named(path: string): void {
    const error = this.outside(path)
    if (error) this.miss(path, error)
  }

  /** Why nothing may be read at this path, or null. */
  outside(path: string): OutsideError | null {
    try {
      this.bounds.real(this.absolute(path))
      return null
    } catch (error) {
      return error instanceof OutsideError ? error : null
    }
  }

  /** What a link is. Null for one that leads back to where it lies in: all of that has other names. */
  private followed(directory: string, folder: string, name: string): Entry | null {
    const link = join(folder, name)
    try {
      const real = this.bounds.real(link)
      const kind = statSync(real).isDirectory() ? 'directory' : 'file'
      if (kind === 'directory' && isInside(relative(real, folder))) return null
      return { name, kind, real: this.realName(real) }
    } catch (error) {
      // A link to nowhere counts as a file, as does one that is not followed: reading it tells why it is none.
      if (error instanceof OutsideError && isFolder(link)) this.closed.set(within(directory, name), reason(error))
      return { name, kind: 'file' }
    }
  }

  /** Folders that were listed need not be looked for again. */
  private realFile(path: string): string {
    const folder = this.folders.get(dirname(path))
    const direct = folder && join(folder, basename(path))
    return direct && !lstatSync(direct).isSymbolicLink() ? direct : this.bounds.real(path)
  }

  private realFolder(path: string): string {
    const known = this.folders.get(path)
    if (known !== undefined) return known
    const real = this.bounds.real(path)
    this.folders.set(path, real)
    return real
  }

  /** Of what lies behind a link that is not followed only the link is remembered, and of a folder that nobody may enter only the folder. */
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

/** True when something is there, be it a link to nowhere, and it is no directory. */
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

/** Whatever kind it is of: a directory that is none to the system lets nobody in, either. */
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

/** What has a name that is not UTF-8, in a folder. */
function badlyNamed(folder: string): { readonly name: string; readonly isDirectory: boolean }[] {
  const names = readdirSync(folder, 'buffer').filter(name => !isUtf8(name))
  return names.map(name => {
    const path = Buffer.concat([Buffer.from(folder + sep), name])
    return { name: decodedName(name), isDirectory: statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false }
  })
}

/** True for what has a name, be it a link to nowhere. */
function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined
}
