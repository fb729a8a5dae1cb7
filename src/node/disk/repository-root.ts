import { existsSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { isInside, realPath, slashes } from './path.ts'

/**
 * A directory and those around it, up to the root of its repository. Outside of a repository, only the directory
 * itself.
 */
export function foldersInRepository(directory: string): string[] {
  const folders = [directory]
  for (let folder = directory; dirname(folder) !== folder; folder = dirname(folder)) folders.push(dirname(folder))
  return folders.slice(0, Math.max(1, folders.findIndex(isRoot) + 1))
}

/** In a submodule and in another work tree, `.git` is a file. */
function isRoot(folder: string): boolean {
  return existsSync(join(folder, '.git'))
}

/**
 * Names files as the host of the directory's repository does: from its root, with `/`, and with symbolic links
 * resolved. Takes absolute paths. Returns null for paths that lie elsewhere, and for all paths if there is no
 * repository.
 */
export function namesInRepository(directory: string): (path: string) => string | null {
  const root = foldersInRepository(directory).find(isRoot)
  if (root === undefined) return () => null
  return path => {
    const within = [realPath(path), path].map(each => relative(root, each)).find(isInside)
    return within === undefined ? null : slashes(within)
  }
}
