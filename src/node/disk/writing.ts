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
  writeFileSync,
} from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { Bounds } from './bounds.ts'
import { isDescriptor } from './reading.ts'

// All that the program writes to disk is written here: links of a repository lead none of it elsewhere, and no file is left half written.

/**
 * Writes a file as a whole or not at all, with the permissions that it had. Links are followed as when reading. Throws an Error whose
 * message, or code, is the reason.
 */
export function writeWithin(bounds: Bounds, path: string, content: string | Uint8Array): void {
  const target = bounds.target(path)
  replace(target, content, regular(target))
}

/**
 * The same for a path that a person has typed: folders are made, and what is no file is written to where it lies outside of the
 * repository, as `/dev/null` and `>(…)` do.
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
    // A folder in which nothing may be made, or a file that is mounted by itself: it can be written all the same.
    const isLastWay =
      before && ['EACCES', 'EPERM', 'EBUSY', 'EXDEV'].includes((error as NodeJS.ErrnoException).code ?? '')
    if (!isLastWay) throw error
    overwrite(target, content)
  }
}

/**
 * Makes a folder and those around it, where they are missing. Throws the system's error. `mkdirSync` with `recursive` never comes
 * back where a folder refuses it with ENOENT, as those in /proc do (Node.js 20, `MKDirpSync` in src/node_file.cc).
 */
function makeFolder(path: string): void {
  const there = statSync(path, { throwIfNoEntry: false })
  if (there?.isDirectory()) return
  if (there) throw Object.assign(new Error(`${path} is not a directory`), { code: 'ENOTDIR' })
  const around = dirname(path)
  if (around !== path) makeFolder(around)
  mkdirSync(path)
}

/** Writes a file that is not there yet. Throws the system's error when anything is, be it a link. */
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

/** `before`: what is there. */
function replace(target: string, content: string | Uint8Array, before: Stats | undefined): void {
  // Nobody can have put a link of this name there.
  const draft = join(dirname(target), `.migrate-lint-${randomUUID()}.tmp`)
  try {
    writeFileSync(draft, content, { flag: 'wx' })
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

/** Only root may give a file away; and where root writes, as in a container, it stays with whom it belonged to. */
function keepOwner(draft: string, { uid, gid }: Stats): void {
  if (process.getuid?.() !== 0) return
  try {
    chownSync(draft, uid, gid)
  } catch {
    // A file system without owners.
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

/** The file that is there. Throws an Error when it is none. */
function regular(target: string): Stats | undefined {
  const stats = lstatSync(target, { throwIfNoEntry: false })
  if (stats?.isDirectory()) throw new Error('is a directory')
  if (stats && !stats.isFile()) throw new Error('is no file')
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
