import { type Dirent, lstatSync, readdirSync, statSync } from 'node:fs'
import { devNull } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { isInside, realPath } from '../disk/path.ts'
import { whatIs } from '../disk/reading.ts'
import { GitError } from './error.ts'
import type { GitPlace } from './place.ts'

/**
 * git opens whatever has the name of one of its files, and waits for ever for a pipe to which nobody writes. git never
 * makes such files, and a clone cannot bring them, but an archive can.
 */

/** Folders of a repository that are small, and from which almost every command of git reads: `true` with all in them. */
const always: readonly (readonly [folder: string, isDeep: boolean])[] = [
  ['.', false],
  ['info', false],
  ['objects/info', false],
  ['objects/pack', false],
  ['refs', true],
  ['reftable', false],
  ['worktrees', true],
]

/** The most names that are looked at. */
const limit = 500_000

/** Throws a GitError that names a file of the repository for which git would wait, among those that git reads always. */
export function checkFiles({ gitDir, commonDir, index }: GitPlace): void {
  if (index !== null) checkFile(index)
  for (const folder of new Set([gitDir, commonDir])) {
    for (const [part, isDeep] of always) checkFolder(join(folder, part), () => isDeep)
  }
}

/**
 * The same for all files of the repository, and for those of the work tree that git reads. This takes a while, so it is
 * only done if git takes long.
 */
export function checkAllFiles({ gitDir, commonDir, root }: GitPlace): void {
  for (const folder of new Set([gitDir, commonDir])) checkFolder(folder, () => true)
  const isRead = (name: string) => /^\.git(?:ignore|attributes|modules)$/.test(name)
  checkFolder(root, name => name !== '.git', isRead)
}

/** Checks the files of a folder, and of those folders in it that are to be entered. */
function checkFolder(
  top: string,
  isEntered: (name: string) => boolean,
  isRead: (name: string) => boolean = () => true,
) {
  const folders = [top]
  const entered = new Set<string>()
  let count = 0
  for (let folder = folders.pop(); folder !== undefined && count < limit; folder = folders.pop()) {
    for (const entry of entriesOf(folder)) {
      count += 1
      const path = join(folder, entry.name)
      if (entry.isDirectory() && isEntered(entry.name)) folders.push(path)
      if (entry.isFile() || entry.isDirectory() || !isRead(entry.name)) continue
      checkFile(path)
      const real = isEntered(entry.name) ? folderBehind(path) : null
      if (real === null || entered.has(real)) continue
      entered.add(real)
      folders.push(real)
    }
  }
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch {
    return []
  }
}

/** The real folder behind a link; null if there is none. */
function folderBehind(path: string): string | null {
  try {
    return statSync(path).isDirectory() ? realPath(path) : null
  } catch {
    return null
  }
}

/** Files that the system invents claim to be ordinary. */
const invented = ['/proc', '/sys']

/** Throws a GitError if reading a path would never end. */
export function checkFile(path: string): void {
  const what = endless(path)
  if (what !== null) throw new GitError(`git would read from ${path} for ever, because it is ${what}: remove it`)
}

/**
 * What a path is, for people, if reading it would never end; null if that ends, or nothing can be read. Opening a
 * socket fails at once: git itself makes one (fsmonitor--daemon.ipc). An empty device may hide a file from git.
 */
function endless(path: string): string | null {
  try {
    const stats = statSync(path)
    const real = realPath(path)
    if (stats.isSocket() || (stats.isCharacterDevice() && stats.rdev === statSync(devNull).rdev)) return null
    const isLink = lstatSync(path).isSymbolicLink()
    if (invented.some(folder => isInside(relative(folder, real)))) return `not a file on a disk`
    if (stats.isDirectory())
      return isLink && isInside(relative(real, realPath(dirname(path)))) ? `a link to ${real}` : null
    return stats.isFile() ? null : `${isLink ? 'a link to ' : ''}${whatIs(stats)}`
  } catch {
    return null
  }
}
