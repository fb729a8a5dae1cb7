import { realpathSync } from 'node:fs'
import { basename, dirname, isAbsolute, join, sep } from 'node:path'

/** Paths with `/` on every system. */
export function slashes(path: string): string {
  return sep === '/' ? path : path.replaceAll(sep, '/')
}

/** True for the outcome of `relative` when it does not climb out. */
export function isInside(path: string): boolean {
  return path !== '..' && !path.startsWith(`..${sep}`) && !isAbsolute(path)
}

/** What symbolic links lead to, also where the file itself is not there: it was deleted, or is in a commit only. */
export function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return dirname(path) === path ? path : join(realPath(dirname(path)), basename(path))
  }
}
