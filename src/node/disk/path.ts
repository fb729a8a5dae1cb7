import { isUtf8 } from 'node:buffer'
import { realpathSync } from 'node:fs'
import { basename, dirname, isAbsolute, join, sep } from 'node:path'

/** Paths with `/` on every system. */
export function slashes(path: string): string {
  return sep === '/' ? path : path.replaceAll(sep, '/')
}

/** The directory that a path of a tree lies in; `''` for what lies in the root of the tree. */
export function parent(path: string): string {
  const end = path.lastIndexOf('/')
  return end === 0 ? '/' : path.slice(0, Math.max(0, end))
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

/**
 * A name as the system has it. Bytes that are not UTF-8 become surrogates without a partner, as Python has them (PEP 383), so that two
 * such names stay two; nothing can be opened by it: see `isBadName`.
 */
export function decodedName(bytes: Uint8Array): string {
  if (isUtf8(bytes)) return Buffer.from(bytes).toString()
  return Array.from(bytes, byte => String.fromCharCode(byte < 0x80 ? byte : 0xdc00 + byte)).join('')
}

/** Why a file of a name that is not UTF-8 is not read, a clause. */
export const badName = 'its name is not UTF-8'

export function isBadName(path: string): boolean {
  return /\p{Cs}/u.test(path)
}
