import { randomUUID } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  closeSync,
  constants,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { Bounds } from './bounds.ts'
import { isDescriptor } from './reading.ts'

// Everything that the program writes to disk is written here. The links of a repository cannot redirect it, and no file
// is left half written.

/**
 * Writes a file completely or not at all, and keeps its permissions. Links are followed as for reading. Throws an Error
 * whose message, or code, is the reason.
 */
export function writeWithin(bounds: Bounds, path: string, content: string | Uint8Array): void {
  const target = bounds.target(path)
  replace(target, content, regular(target))
}

/**
 * The same for a path that a person has typed: missing folders are made, and anything that is not a file, such as
 * `/dev/null` and `>(…)`, may be written to outside of the repository.
 */
export function writeTyped(path: string, content: string | Uint8Array): void {
  const place = resolve(path)
  const bounds = new Bounds(process.cwd())
  if (isDescriptor(place) || (isSpecial(place) && !bounds.has(place))) return writeFileSync(place, content)
  bounds.admit(place)
  const target = bounds.target(place)
  const before = regular(target)
  makeFolder(dirname(target))
  try {
    replace(target, content, before)
  } catch (error) {
    // In a folder that does not allow new files, or for a file that is a mount of its own, the file can still be
    // written directly.
    const isLastWay =
      before && ['EACCES', 'EPERM', 'EBUSY', 'EXDEV'].includes((error as NodeJS.ErrnoException).code ?? '')
    if (!isLastWay) throw error
    overwrite(target, content)
  }
}

/**
 * Makes a folder and those around it that are missing. Throws the system's error. `mkdirSync` with `recursive` never
 * returns if a folder refuses it with ENOENT, as those in /proc do (Node.js 20, `MKDirpSync` in src/node_file.cc).
 */
function makeFolder(path: string): void {
  const there = statSync(path, { throwIfNoEntry: false })
  if (there?.isDirectory()) return
  if (there) throw Object.assign(new Error(`${path} is not a directory`), { code: 'ENOTDIR' })
  const around = dirname(path)
  if (around !== path) makeFolder(around)
  mkdirSync(path)
}

/** Writes a file that does not exist yet. Throws the system's error if anything of that name exists, even a link. */
export function create(path: string, content: string): void {
  const descriptor = openSync(path, 'wx')
  try {
    writeFileSync(descriptor, content)
  } catch (error) {
    rmSync(path, { force: true })
    throw error
  } finally {
    closeSync(descriptor)
  }
}

/** The same for a path that a person has typed: missing folders are made. Links do not lead out of the repository. */
export function createTyped(path: string, content: string): void {
  const place = resolve(path)
  const bounds = new Bounds(process.cwd())
  bounds.admit(place)
  const target = bounds.target(place)
  makeFolder(dirname(target))
  create(target, content)
}

/**
 * Writes a file that only this user may read to a folder that only this user may enter, and that is made if it is missing. Throws the system's
 * error, and an Error if `isPrivate` is false for the folder.
 */
export function writePrivate(
  folder: string,
  name: string,
  content: Uint8Array,
  isPrivate: (folder: string) => boolean,
): void {
  makePrivate(folder, isPrivate)
  const target = join(folder, name)
  replace(target, content, undefined, 0o600)
}

/**
 * Makes a folder that only this user may enter, if there is none. Throws the system's error, and an Error if `isPrivate` is false for the
 * folder that is there.
 */
export function makePrivate(folder: string, isPrivate: (folder: string) => boolean): void {
  if (lstatSync(folder, { throwIfNoEntry: false }) === undefined) {
    makeFolder(dirname(folder))
    mkdirSync(folder, { mode: 0o700 })
  }
  if (!isPrivate(folder)) throw new Error(`${folder} is open to others`)
}

/** Removes a folder of the program's own with all that is in it; links in it are removed, not followed. Throws the system's error. */
export function removeFolder(path: string): void {
  rmSync(path, { recursive: true, force: true })
}

/** Removes a file. Throws the system's error, but not if it is gone already. */
export function remove(path: string): void {
  rmSync(path, { force: true })
}

/** Notes that a file is in use. Throws the system's error. */
export function touch(path: string): void {
  utimesSync(path, new Date(), new Date())
}

/** `before`: the file that was there. */
function replace(target: string, content: string | Uint8Array, before: Stats | undefined, mode = 0o666): void {
  // Nobody can have put a link of this name there in advance.
  const draft = join(dirname(target), `.migrate-lint-${randomUUID()}.tmp`)
  try {
    writeFileSync(draft, content, { flag: 'wx', mode })
    if (before) {
      chmodSync(draft, before.mode)
      keepOwner(draft, before)
    }
    renameSync(draft, target)
  } catch (error) {
    rmSync(draft, { force: true })
    throw error
  }
}

/** Only root may give a file away. If root writes, as in a container, the file stays with its owner. */
function keepOwner(draft: string, { uid, gid }: Stats): void {
  if (process.getuid?.() !== 0) return
  try {
    chownSync(draft, uid, gid)
  } catch {
    // The file system has no owners.
  }
}

function overwrite(target: string, content: string | Uint8Array): void {
  const descriptor = openSync(target, constants.O_WRONLY | constants.O_TRUNC | (constants.O_NOFOLLOW ?? 0))
  try {
    writeFileSync(descriptor, content)
  } finally {
    closeSync(descriptor)
  }
}

/** The file that exists there. Throws an Error if it is something else. */
function regular(target: string): Stats | undefined {
  const stats = lstatSync(target, { throwIfNoEntry: false })
  if (stats?.isDirectory()) throw new Error('is a directory')
  if (stats && !stats.isFile()) throw new Error('is not a file')
  return stats
}

/** True for devices, pipes and sockets. */
function isSpecial(path: string): boolean {
  try {
    const stats = statSync(path)
    return !stats.isFile() && !stats.isDirectory()
  } catch {
    return false
  }
}
