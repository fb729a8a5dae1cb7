import { lstatSync } from 'node:fs'
import { homedir } from 'node:os'
import { isAbsolute, join, relative } from 'node:path'
import { isInside, realPath } from '../disk/path.ts'
import { foldersInRepository } from '../disk/repository-root.ts'

/**
 * The folder in which what runs have found out is kept: the user's own folder for such files. Null if there is none, or if it is in the
 * repository of `root`, because people who write the repository could then write what is kept, too.
 */
export function cacheFolder(
  root: string,
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string | null {
  const around = foldersOfUser(env, platform)
  if (around === null || !isAbsolute(around)) return null
  const folder = join(around, 'migrate-lint')
  const repository = foldersInRepository(realPath(root)).at(-1) ?? root
  return isInside(relative(repository, realPath(folder))) ? null : folder
}

/** XDG Base Directory Specification; "File System Programming Guide" of Apple; KNOWNFOLDERID of Microsoft. */
function foldersOfUser(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string | null {
  if (platform === 'win32') return env.LOCALAPPDATA || null
  // The specification says to ignore relative paths.
  if (env.XDG_CACHE_HOME && isAbsolute(env.XDG_CACHE_HOME)) return env.XDG_CACHE_HOME
  const home = env.HOME || homedir()
  return platform === 'darwin' ? join(home, 'Library', 'Caches') : join(home, '.cache')
}

/** True for a folder that belongs to the user who runs this, and in which nobody else may do anything. */
export function isPrivate(folder: string): boolean {
  const stats = lstatSync(folder, { throwIfNoEntry: false })
  if (!stats?.isDirectory()) return false
  // Windows has no such bits; its access lists close a user's folder to others.
  if (process.getuid === undefined) return true
  return stats.uid === process.getuid() && (stats.mode & 0o077) === 0
}
